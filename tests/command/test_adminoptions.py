# -*- test-case-name: tests.command.test_adminoptions -*-
"""``--admin`` is for this machine, or behind a password."""

from twisted.cred.credentials import UsernamePassword
from twisted.cred.error import UnauthorizedLogin
from twisted.trial.unittest import SynchronousTestCase

from athenalite._command.adminoptions import isLocal
from athenalite._command.workeroptions import argumentsOfWorker
from tests.command.commandline import CommandLineTestCase

ELEMENT = "--element=tests.pages.Plain"
LOCAL = "--admin=tcp:8081:interface=127.0.0.1"


class LocalTests(SynchronousTestCase):
    """``isLocal``"""

    def test_local(self):
        """A loopback interface, however it is written, or a UNIX socket."""
        for description in (
            "tcp:8081:interface=127.0.0.1",
            "tcp:8081:127.0.0.1",
            "tcp:interface=127.0.0.2:port=8081",
            "tcp6:8081:interface=\\:\\:1",
            "ssl:443:interface=127.0.0.1:privateKey=a\\:b.pem",
            "unix:/run/admin",
        ):
            self.assertTrue(isLocal(description), description)

    def test_public(self):
        """Anything else may be open to others."""
        for description in (
            "tcp:8081",
            "tcp:8081:interface=0.0.0.0",
            "tcp:8081:interface=",
            "tcp:8081:interface=localhost",
            "tcp:8081:interface=192.168.1.1",
            "tcp:127.0.0.1",
            "tcp6:8081:interface=\\:\\:",
            "systemd:domain=INET:index=0",
            "",
        ):
            self.assertFalse(isLocal(description), description)


class AdminOptionsTests(CommandLineTestCase):
    """``--admin`` and ``--admin-auth``"""

    def test_admin(self):
        """It may be repeated; by default there is none."""
        options = self.parse(ELEMENT, LOCAL, "--admin=unix:a")
        self.assertEqual(options["admin"], [LOCAL.partition("=")[2], "unix:a"])
        options = self.parse(ELEMENT)
        self.assertEqual((options["admin"], options["checker"]), ([], None))

    def test_public(self):
        """Without a password it is refused where others could reach it."""
        self.assertRefused("anyone who can connect to 'tcp:8081' could end all pages", ELEMENT, "--admin=tcp:8081")
        self.assertRefused("could end all pages", ELEMENT, "--workers=2", LOCAL, "--admin=tcp:8081")
        options = self.parse(ELEMENT, "--admin=tcp:8081", "--admin-auth=memory:bob:secret")
        for password, avatar in ((b"secret", b"bob"), (b"wrong", None)):
            answer = options["checker"].requestAvatarId(UsernamePassword(b"bob", password))
            if avatar is None:
                self.failureResultOf(answer, UnauthorizedLogin)
            else:
                self.assertEqual(self.successResultOf(answer), avatar)

    def test_wrongChecker(self):
        """A checker that is none, that knows no passwords or guards nothing is refused."""
        self.assertRefused("is not a checker of twisted.cred", ELEMENT, LOCAL, "--admin-auth=x:y")
        self.assertRefused("is not a checker of twisted.cred", ELEMENT, LOCAL, "--admin-auth=file:")
        self.assertRefused("knows no names and passwords", ELEMENT, LOCAL, "--admin-auth=anonymous")
        self.assertRefused("give that, too", ELEMENT, "--admin-auth=memory:bob:secret")

    def test_workers(self):
        """Workers get both, and how many they are."""
        options = self.parse("--element=no.such.element", "--workers=3", LOCAL, "--admin-auth=memory:bob:secret")
        arguments = argumentsOfWorker(options, "w2")
        for argument in (LOCAL, "--admin-auth=memory:bob:secret", "--siblings=3"):
            self.assertEqual(arguments.count(argument), 1, argument)
