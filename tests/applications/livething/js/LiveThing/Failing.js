// import Nevow.Athena.Test

Nevow.Athena.Test.TestCase.subclass(LiveThing.Failing, "FailingTests").methods(
    function test_assertion(self) {
        self.assertEqual("what is", "what should be", "a message");
    },

    function test_deferred(self) {
        return Divmod.Defer.succeed(1).addCallback(function later(result) {
            self.assertIdentical(result, 2);
        });
    },

    function test_thrown(self) {
        return self.there.is.no.such.thing;
    },

    function test_uncaught(self) {
        setTimeout(function handler() {
            throw new Error("thrown where nobody catches");
        }, 0);
        return Divmod.Defer.Deferred();
    },

    function test_unhandled(self) {
        Promise.reject(new Error("rejected where nobody catches"));
        return Divmod.Defer.Deferred();
    },

    function test_python(self) {
        return self.callRemote("compare", 3, 4);
    },

    function test_logged(self) {
        return self.callRemote("log");
    },

    function test_expected(self) {
        return self.callRemote("expectError").addErrback(function (failure) {
            self.assertEqual(failure.error.message, "RuntimeError: expected by Python");
        });
    });

Nevow.Athena.Test.TestCase.subclass(LiveThing.Failing, "LateTests").methods(
    function __init__(self, node) {
        LiveThing.Failing.LateTests.upcall(self, "__init__", node);
        // Before the time of the test begins: on a busy machine that is over before the test runs.
        console.log("said in vain");
    },

    function test_never(self) {
        return Divmod.Defer.Deferred();
    });

Nevow.Athena.Test.TestCase.subclass(LiveThing.Failing, "BusyTests").methods(
    function test_busy(self) {
        for (;;) {}
    });

Nevow.Athena.Test.TestCase.subclass(LiveThing.Failing, "UnreadTests").methods(
    function test_read(self) {});
LiveThing.Failing.UnreadTests.method("test_unread", function (self) {});

Nevow.Athena.Test.TestCase.subclass(LiveThing.Failing, "NoTests");

Nevow.Athena.Test.TestCase.subclass(LiveThing.Failing, "ThrowingTests").methods(
    function __init__(self, node) {
        throw new Error("thrown by the constructor");
    },

    function test_nothing(self) {});
