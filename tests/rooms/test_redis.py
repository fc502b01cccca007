# -*- test-case-name: tests.rooms.test_redis -*-
"""Rooms on a real server, and each fault that docs/scaling.rst lists."""

import os
import resource
import signal
import tempfile
from pathlib import Path
from unittest import TestCase

from athenalite._rooms.address import parseAddress
from athenalite._rooms.arriving import ARRIVING, Arrival
from athenalite._rooms.backoff import WORKED
from athenalite._rooms.redis import RedisEngine
from athenalite.errors import EngineAway
from harness.ports import freePorts
from harness.server import selfSigned
from tests.rooms.servers import ServerTestCase, User


class RoomTests(ServerTestCase, TestCase):
    """Workers on one server."""

    def seen(self, *texts):
        """Wait until each room has seen these."""
        self.until(lambda: all(len(room.seen) >= len(texts) for room in self.rooms))
        for room in self.rooms:
            self.assertEqual(room.seen, list(texts))

    def test_everywhere(self):
        """A call runs in each worker, in one order, and names are claimed once."""
        one, other = self.worker(), self.worker()
        results = [room.wall(f"{number} \u2028\U0001f600\r\n") for number in range(50) for room in (one, other)]
        for result in results:
            self.wait(result)
        self.until(lambda: len(one.seen) == len(other.seen) == 100)
        self.assertEqual(one.seen, other.seen)
        self.assertTrue(self.wait(one.claim("alice", {"a": [1.5]})))
        self.assertFalse(self.wait(other.claim("alice")))
        self.until(lambda: "alice" in other.present)
        self.assertEqual(other.present["alice"], {"a": [1.5]})
        late = self.worker()
        self.assertEqual(dict(late.present), {"alice": {"a": [1.5]}})
        token = ARRIVING.set(Arrival(self.homes[0]._client.worker, {}))
        taken = other.claim("alice", 2)
        ARRIVING.reset(token)
        refused = late.claim("alice", 3)
        self.assertEqual((self.wait(taken), self.wait(refused)), (True, False))
        self.wait(one.release("alice"))
        self.until(lambda: late.present["alice"] == 2)
        self.wait(other.release("alice"))
        self.until(lambda: not late.present)

    def test_numbers(self):
        """Text that looks like a number stays text, in names and in calls."""
        room = self.worker()
        self.wait(room.wall("7"))
        self.assertTrue(self.wait(room.claim("7", "8")))
        self.until(lambda: room.present)
        self.assertEqual((room.seen, dict(room.present)), (["7", ("entered", "7", "8")], {"7": "8"}))

    def test_clockSetBack(self):
        """A lease of a time before the server's clock was set back ends with those that are renewed."""
        self.worker()
        link = self.homes[0]._client.link
        leases = f"{link._prefix}leases"
        until = int(self.wait(link.commands.command("TIME"))[0]) + 3600
        self.wait(link.commands.command("ZADD", leases, until, "gone"))
        self.wait(link.renew("w", 30))
        scores = [self.wait(link.commands.command("ZSCORE", leases, name)) for name in ("gone", "w")]
        self.assertEqual(scores[0], scores[1])
        self.assertLess(float(scores[0]), until - 3000)

    def test_sites(self):
        """Two sites on one server do not see each other."""
        one, other = self.worker(self.server.address + "?site=a"), self.worker(self.server.address + "?site=b")
        self.wait(one.wall("a"))
        self.assertTrue(self.wait(one.claim("alice")))
        self.assertTrue(self.wait(other.claim("alice")))
        self.wait(other.wall("b"))
        self.until(lambda: len(one.seen) == len(other.seen) == 2)
        self.assertEqual(other.seen, [("entered", "alice", None), "b"])

    def test_databases(self):
        """Nor do two databases, although a server publishes to the subscribers of all: each has a first call."""
        one, other = (self.worker(f"{self.server.address}?db={number}") for number in (0, 1))
        self.wait(one.wall("a"))
        # What was published before this has arrived.
        self.assertTrue(self.wait(other.claim("alice")))
        self.until(lambda: other.present)
        self.assertEqual((one.seen, other.seen), (["a"], [("entered", "alice", None)]))

    def test_hostile(self):
        """What others publish and write under a room's keys is logged and skipped."""
        room = self.worker()
        for text in ("", "e", "e x y", "e 1 {", "\xff"):
            self.server.command("PUBLISH", "athena:site:{lobby}:log", text)
            self.server.command("PUBLISH", "athena:site:{other}:log", text)
        self.wait(room.wall("one"))
        epoch = room._athenaCarrier.follower.position.epoch
        self.server.command("XADD", "athena:site:{lobby}:log", "2-0", "x", "{")
        self.server.command("HSET", "athena:site:{lobby}:meta", "n", "2")
        self.server.command("PUBLISH", "athena:site:{lobby}:log", f"{epoch} 2 {{")
        self.wait(room.wall("two"))
        self.until(lambda: "two" in room.seen)
        self.assertEqual([one for one in room.seen if isinstance(one, str)], ["one", "two"])
        self.assertTrue(any("skipped" in text for text in self.texts()))

    def test_cut(self):
        """Connections that are cut: nothing is lost, and nothing runs twice."""
        one, other = self.worker(), self.worker()
        results = []
        for number in range(60):
            results.append((one, other)[number % 2].wall(str(number)))
            if number % 10 == 5:
                self.server.command("CLIENT", "KILL", "TYPE", ("normal", "pubsub")[number % 20 == 5])
            self.sleep(0.02)
        for result in results:
            self.wait(result)
        self.until(lambda: len(one.seen) == len(other.seen) == 60)
        self.assertEqual(one.seen, other.seen)
        self.assertEqual(sorted(one.seen, key=int), [str(number) for number in range(60)])

    def test_cutOften(self):
        """Connections that work and are cut soon: it does not take longer each time to connect again."""
        room = self.worker()
        for number in range(6):
            self.wait(room.wall(str(number)))
            self.server.command("CLIENT", "KILL", "TYPE", "normal")
        self.wait(room.wall("6"))
        self.seen(*map(str, range(7)))
        # That of the next attempt, after the last one has succeeded.
        self.assertLessEqual(self.homes[0]._client._engine._backoff._delay, 1.5 * WORKED)

    def test_stopped(self):
        """A server that stands still for a while: rooms are quiet, and then complete."""
        one, _ = self.worker(), self.worker()
        self.server.signal(signal.SIGSTOP)
        result = one.wall("hi")
        self.sleep(4)
        self.assertFalse(result.called)
        self.server.signal(signal.SIGCONT)
        self.wait(result)
        self.seen("hi")

    def test_killed(self):
        """A server that is killed, and started again with its append-only file."""
        one, _ = self.worker(), self.worker()
        self.wait(one.wall("before"))
        self.server.kill()
        result = one.wall("meanwhile")
        self.sleep(0.5)
        self.server.start()
        self.wait(result)
        self.seen("before", "meanwhile")

    def test_emptied(self):
        """A server that was emptied: ``missed`` is called; members are claimed again."""
        one, other = self.worker(), self.worker()
        self.wait(one.claim("alice"))
        self.wait(one.wall("before"))
        self.until(lambda: len(other.seen) == 2)
        self.server.command("FLUSHALL")
        self.server.command("CLIENT", "KILL", "TYPE", "normal")
        self.until(lambda: ("missed", None) in one.seen and ("missed", None) in other.seen)
        self.wait(other.wall("after"))
        self.seen(("entered", "alice", None), "before", ("missed", None), "after")
        self.until(lambda: b"alice" in self.server.command("HKEYS", "athena:site:{lobby}:who"))

    def test_emptiedUnnoticed(self):
        """The same with no connection cut: the next call is how it is noticed, and it is not lost."""
        one, other = self.worker(), self.worker()
        for number in range(3):
            self.wait(one.wall(str(number)))
        self.until(lambda: len(other.seen) == 3)
        self.server.command("FLUSHALL")
        self.wait(other.wall("after"))
        self.seen("0", "1", "2", ("missed", None), "after")

    def test_olderState(self):
        """A server that is back with an older state: ``missed`` reports the loss, later calls run."""
        one, other = self.worker(), self.worker()
        self.wait(one.wall("kept"))
        saved = {name: (self.server.directory / "appendonlydir" / name).read_bytes() for name in self.files()}
        self.wait(one.wall("forgotten"))
        self.until(lambda: len(other.seen) == 2)
        self.server.kill()
        for name, content in saved.items():
            (self.server.directory / "appendonlydir" / name).write_bytes(content)
        self.server.start()
        results = [one.wall("one"), other.wall("two")]
        for result in results:
            self.wait(result)
        self.until(lambda: len(one.seen) == len(other.seen) == 5)
        self.assertEqual(one.seen[:3], ["kept", "forgotten", ("missed", None)])
        self.assertEqual(one.seen, other.seen)

    def files(self):
        """Return the names of the files that the server has written."""
        return os.listdir(self.server.directory / "appendonlydir")

    def test_full(self):
        """A server that is full: calls fail in time; afterwards all goes on."""
        one, _ = self.worker(), self.worker()
        self.server.command("CONFIG", "SET", "maxmemory", "1")
        result = one.wall("refused")
        with self.assertRaises(EngineAway):
            self.wait(result)
        self.server.command("CONFIG", "SET", "maxmemory", "0")
        self.wait(one.wall("accepted"))
        self.seen("accepted")

    def test_diskFull(self):
        """A server that cannot write its append-only file: calls fail in time, the log has why; then all goes on."""
        # A limit of the size of files is one that root cannot pass.
        self.server.kill()
        start = "trap '' XFSZ; exec \"$@\" --appendfsync everysec"
        self.server._command = ["sh", "-c", start, "sh", *self.server._command]
        self.server.start()
        one, _ = self.worker(), self.worker()
        limit = resource.prlimit(self.server.pid, resource.RLIMIT_FSIZE)
        resource.prlimit(self.server.pid, resource.RLIMIT_FSIZE, (0, limit[1]))
        # It notices when it writes.
        self.until(lambda: self.server.command("SET", "x", "1").startswith(b"-MISCONF"))
        result = one.wall("refused")
        with self.assertRaises(EngineAway):
            self.wait(result)
        self.assertTrue([text for text in self.texts() if "no connection" in text and "MISCONF" in text])
        resource.prlimit(self.server.pid, resource.RLIMIT_FSIZE, limit)
        self.until(lambda: self.server.command("SET", "x", "1") == b"+OK\r\n")
        self.wait(one.wall("accepted"))
        self.seen("accepted")

    def test_rights(self):
        """A right that is taken away while connected: the log has it, calls wait, and run once when it is back."""
        one, _ = self.worker(), self.worker()
        for right in ("xadd", "evalsha"):
            before = len(self.texts())
            self.server.command("ACL", "SETUSER", "default", f"-{right}")
            result = one.wall(right)
            self.until(lambda: "no connection to the engine" in str(self.texts()[before:]))  # noqa: B023
            self.sleep(1)
            self.assertFalse(result.called)
            self.server.command("ACL", "SETUSER", "default", f"+{right}")
            self.wait(result)
            self.until(lambda: all(room.seen[-1:] == [right] for room in self.rooms))  # noqa: B023
        self.seen("xadd", "evalsha")

    def test_readOnly(self):
        """A server that is read-only for a moment, as when it is a replica: calls wait."""
        one, _ = self.worker(), self.worker()
        self.server.command("REPLICAOF", "127.0.0.1", "1")
        result = one.wall("late")
        self.sleep(1)
        self.assertFalse(result.called)
        self.server.command("REPLICAOF", "NO", "ONE")
        self.wait(result)
        self.seen("late")

    def test_scriptsForgotten(self):
        """A server that has forgotten the scripts gets them again."""
        one, _ = self.worker(), self.worker()
        self.server.command("SCRIPT", "FLUSH")
        self.wait(one.wall("hi"))
        self.seen("hi")

    def test_absent(self):
        """A server that is not there: one line in the log, and the rooms join when it is."""
        self.server.kill()
        room = self.worker(isReady=False)
        self.refused()
        self.server.start()
        self.wait(room.wall("hi"))
        self.seen("hi")


class ConnectionsTests(ServerTestCase, TestCase):
    """The two connections of a link."""

    def clients(self):
        """Return how many connections the server has, without that of the question."""
        return self.server.command("CLIENT", "LIST").count(b" addr=") - 1

    def test_disconnected(self):
        """An engine has disconnected when its connections have ended."""
        link = self.newLink()
        self.wait(self.engine.disconnect())
        self.assertEqual([link.commands.transport.connected, link.notifications.transport.connected], [False, False])

    def test_lostMeanwhile(self):
        """The first connection is lost while the second one is made: that is dropped, too."""

        class Cut(RedisEngine):
            """Loses the first of two connections when the second one has been asked for."""

            opened = 0
            first = None

            def _open(self, make):
                self.opened += 1
                if self.opened == 2:
                    self.first.link.lose("cut")
                return super()._open(make).addCallback(self._keep)

            def _keep(self, protocol):
                self.first = self.first or protocol
                return protocol

        self.user = User()
        self.engine = Cut(parseAddress(self.server.address))
        self.engine.connect(self.user, self.reactor, self.log)
        self.addCleanup(lambda: self.wait(self.engine.disconnect()))
        self.wait(self.user.connected)
        self.assertGreater(self.engine.opened, 2)
        self.until(lambda: self.clients() == 2)


class WarningTests(ServerTestCase, TestCase):
    """A server that forgets."""

    isPersistent = False

    def test_memory(self):
        """One without an append-only file is warned of, once."""
        self.newLink()
        self.wait(self.engine._warnOfMemory(None))
        [text] = [text for text in self.texts() if "append-only" in text]
        self.assertIn("set appendonly yes", text)


class PasswordTests(ServerTestCase, TestCase):
    """A server with a password."""

    def setUp(self):
        super().setUp()
        self.server.command("ACL", "SETUSER", "me", "on", ">s3cret", "~*", "&*", "+@all", "-config")
        self.server.command("CONFIG", "SET", "requirepass", "other")
        self.password = Path(self.enterContext(tempfile.TemporaryDirectory()), "password")

    def test_right(self):
        """The right password is accepted, and the database is the one of the address."""
        self.password.write_text("other")
        link = self.newLink(f"unix:{self.server.path}?passwordfile={self.password}&db=3")
        self.wait(link.append("lobby", "w", 1, "x"))
        self.assertIn("db=3", self.wait(link.commands.command("CLIENT", "INFO")))

    def test_user(self):
        """So is that of a user who may not read the configuration."""
        address = parseAddress("redis://me:s3cret@localhost")._replace(path=self.server.path)
        self.engine = RedisEngine(address)
        user = User()
        self.engine.connect(user, self.reactor, self.log)
        self.addCleanup(lambda: self.wait(self.engine.disconnect()))
        self.wait(self.wait(user.connected).append("lobby", "w", 1, "x"))
        self.assertEqual([text for text in self.texts() if "append-only" in text], [])

    def test_wrong(self):
        """A wrong one is logged once, without it, and tried again: it may be changed in its file."""
        self.password.write_text("wrong")
        room = self.worker(f"unix:{self.server.path}?passwordfile={self.password}", isReady=False)
        text = self.refused()
        self.assertIn("WRONGPASS", text)
        self.assertNotIn("wrong\n", text)
        self.password.write_text("other")
        self.wait(room.wall("hi"))

    def test_missing(self):
        """A password that is missing, or whose file is, is reported as well."""
        self.worker(self.server.address, isReady=False)
        self.worker(f"unix:{self.server.path}?passwordfile={self.password}", isReady=False)
        self.until(lambda: all(any(part in text for text in self.texts()) for part in ("NOAUTH", "No such file")))


class TLSTests(ServerTestCase, TestCase):
    """Encrypted connections."""

    def setUp(self):
        self.ca = selfSigned(Path(self.enterContext(tempfile.TemporaryDirectory())))
        [self.port] = freePorts(1)
        files = [word for name in ("cert", "key", "ca-cert") for word in (f"--tls-{name}-file", str(self.ca))]
        self.options = ("--tls-port", str(self.port), "--tls-auth-clients", "no", *files)
        super().setUp()

    def test_verified(self):
        """The server's certificate is verified, by the given one."""
        room = self.worker(f"rediss://localhost:{self.port}?ca={self.ca}")
        self.wait(room.wall("hi"))
        self.until(lambda: room.seen == ["hi"])

    def test_notVerified(self):
        """One that is not known, or is of another host, is refused and logged; nothing is sent to it."""
        for address in (f"rediss://localhost:{self.port}", f"rediss://127.0.0.1:{self.port}?ca={self.ca}"):
            del self.events[:]
            room = self.worker(address, isReady=False)
            text = self.refused()
            self.assertFalse(room._athenaCarrier._isJoined)
            self.assertRegex(text, "(?i)certificate|verif", address)
