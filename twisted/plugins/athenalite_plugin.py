"""Registers ``athena-widget`` as a command of twistd and twist."""

from twisted.application.service import ServiceMaker

athenaWidget = ServiceMaker(
    "athenalite",
    "athenalite.tap",
    "Serve a LiveElement as a web page.",
    "athena-widget",
)
