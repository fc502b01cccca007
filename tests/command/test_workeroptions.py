# -*- test-case-name: tests.command.test_workeroptions -*-
"""Options of several workers; those of the engine are in tests/command/test_options.py."""

from athenalite._command import workeroptions
from athenalite._command.workeroptions import argumentsOfWorker
from athenalite.tap import Options
from tests.command.commandline import CommandLineTestCase

ELEMENT = "--element=tests.pages.Plain"


class WorkerOptionsTests(CommandLineTestCase):
    """``--workers`` and ``--door``"""

    def test_workers(self):
        """A parent imports no application; its workers get its options, and names and doors of their own."""
        options = self.parse(
            "--element=no.such.element", "--workers=3", "--debug", "--host=a.example", "--port=7", "--metrics=tcp:9"
        )
        self.assertEqual(options["listen"], ["tcp:7"])
        arguments = argumentsOfWorker(options, "w2")
        self.assertEqual(arguments[:2], ["--nodaemon", "--pidfile="])
        for argument in (
            "--debug",
            "--element=no.such.element",
            "--host=a.example",
            "--name=w2",
            "--door=3",
            "--metrics=tcp:9",
            "--hung-after=30.0",
        ):
            self.assertIn(argument, arguments)
        self.assertEqual([one for one in arguments if one.startswith(("--workers", "--port", "--listen"))], [])
        options = Options()
        options.parseOptions([ELEMENT, "--workers=2", "--origin=https://a.example", "--engine=redis://localhost"])
        # As twistd has it, and twist.
        for given in {"reactor": "asyncio"}, {"reactor": object(), "reactorName": "asyncio"}:
            options.parent = given
            arguments = argumentsOfWorker(options, "w1")
            for argument in ("--reactor=asyncio", "--origin=https://a.example", "--engine=redis://localhost"):
                self.assertIn(argument, arguments)

    def test_worker(self):
        """A worker listens on nothing but its door."""
        self.assertEqual(self.parse(ELEMENT, "--door=3", "--name=w1")["listen"], [])

    def test_wrongWorkers(self):
        """What a parent cannot do is refused."""
        for number in ("0", "-1", "257", "x"):
            self.assertRefused("workers", ELEMENT, f"--workers={number}")
        for text in ("0.5", "-1", "4000", "nan"):
            self.assertRefused("--hung-after: give a number", ELEMENT, "--workers=2", f"--hung-after={text}")
        self.assertEqual(self.parse(ELEMENT, "--workers=2", "--hung-after=0")["hung-after"], 0)
        self.assertRefused("--name is of one worker", ELEMENT, "--workers=2", "--name=w1")
        self.patch(workeroptions, "find_spec", lambda name: None)
        self.assertRefused('pip install "athenalite[metrics]"', ELEMENT, "--workers=2", "--metrics=tcp:9")
        self.assertRefused("let a proxy in front of it do TLS", ELEMENT, "--workers=2", "--listen=ssl:443")
        self.assertRefused("--engine: ", ELEMENT, "--workers=2", "--engine=x")
