# -*- test-case-name: tests.command.test_workerlog -*-
"""The log of a worker in its parent's."""

import io
import json
import sys

from twisted.logger import Logger, LogLevel, eventAsText, jsonFileLogObserver
from twisted.trial.unittest import SynchronousTestCase

from athenalite._command import workerlog
from athenalite._command.workerlog import WorkerLog
from tests.memory import recordingLog


class WorkerLogTests(SynchronousTestCase):
    """What a worker writes is logged by its parent."""

    def setUp(self):
        self.events, log = recordingLog()
        self.parent = WorkerLog("w1", log)
        self.written = io.StringIO()
        self.patch(sys, "stdout", self.written)
        self.log = Logger("athenalite", observer=workerlog.observer())

    def take(self):
        """Let the parent read what was written, in two pieces; return the events."""
        data = self.written.getvalue().encode()
        self.parent.received(1, data[:30])
        self.parent.received(1, data[30:])
        return self.events

    def test_event(self):
        """An event keeps its level, time, namespace and fields, and gets the worker's name."""
        self.log.debug("Page {page} of {peer!r}", page=7, peer="a", event="page-rendered", other=object())
        [event] = self.take()
        known = {name: event[name] for name in ("log_level", "log_namespace", "page", "peer", "event", "worker")}
        expected = {"log_namespace": "athenalite", "page": 7, "peer": "a", "event": "page-rendered", "worker": "w1"}
        self.assertEqual(known, {"log_level": LogLevel.debug, **expected})
        self.assertIsInstance(event["log_time"], float)
        self.assertIn("[w1 athenalite#debug] Page 7 of 'a'", eventAsText(event))
        self.assertNotIn("log_source", event)

    def test_failure(self):
        """A traceback is as the worker would have written it; and an event can be written as JSON."""
        try:
            raise ZeroDivisionError("none")
        except ZeroDivisionError:
            self.log.failure("It failed")
        [event] = self.take()
        text = eventAsText(event)
        self.assertRegex(text, r"(?s)\[w1 athenalite#critical\] It failed\n.*Traceback .*ZeroDivisionError: none\n")
        again = io.StringIO()
        jsonFileLogObserver(again, "")(event)
        self.assertEqual(json.loads(again.getvalue())["log_failure"]["type"]["__name__"], "ZeroDivisionError")

    def test_otherLines(self):
        """What is no event is logged as it is; each descriptor has lines of its own."""
        self.parent.received(2, b"Fatal Python err")
        self.log.info("hello")
        self.take()
        self.parent.received(2, b'or\n\x1enothing\n\x1e[1]\n\x1e{"__class_uuid__": 1}\n\xff\n')
        self.assertEqual(
            [event.get("line") for event in self.events],
            [
                None,
                "Fatal Python error",
                "\x1enothing",
                "\x1e[1]",
                '\x1e{"__class_uuid__": 1}',
                "\ufffd",
            ],
        )
        self.assertEqual(self.events[1]["log_level"], LogLevel.info)
