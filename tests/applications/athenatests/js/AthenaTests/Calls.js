// import Nevow.Athena

AthenaTests.Calls.Custom = Divmod.Class.subclass("AthenaTests.Calls.Custom");
AthenaTests.Calls.Custom.methods(
    function __init__(self, greeting, number) {
        self.text = greeting + " " + number;
    });

AthenaTests.Calls.Refusal = Divmod.Error.subclass("AthenaTests.Calls.Refusal");
AthenaTests.Calls.Refusal.methods(
    function __init__(self, message, details) {
        AthenaTests.Calls.Refusal.upcall(self, "__init__", message);
        self.details = details;
    });

AthenaTests.Calls.Widget = Nevow.Athena.Widget.subclass("AthenaTests.Calls.Widget");
AthenaTests.Calls.Widget.methods(
    function __init__(self, node) {
        AthenaTests.Calls.Widget.upcall(self, "__init__", node);
        self.initialArguments = Array.prototype.slice.call(arguments, 2);
    },

    /** The initial arguments, as the server sees them when they come back. */
    function returnInitialArguments(self) {
        return self.callRemote.apply(self, ["describe"].concat(self.initialArguments));
    },

    function callUnknown(self) {
        return self.callRemote("noSuchMethod").addErrback(function (failure) {
            return failure.check(Nevow.Athena.NoSuchMethod) !== null && failure.error.message;
        });
    },

    function sendArguments(self) {
        return self.callRemote(
            "describe", 1, 1.5, "Hello world", [1, 1.5, "Hello world"], { "hello world": "object value" },
            undefined, null, true);
    },

    function receiveResults(self) {
        return self.callRemote("results");
    },

    /** Three calls in one batch; there is no method for the second. */
    function callTogether(self) {
        var calls = Nevow.Athena.Widget.dispatchEvent(self, "onclick", "callTogether", function () {
            return [
                self.callRemote("describe", "first"),
                Nevow.Athena.RemoteReference(987654).callRemote("describe", "second"),
                self.callRemote("describe", "third"),
            ];
        });
        calls[1].addErrback(function (failure) {
            return failure.check(Nevow.Athena.NoSuchMethod) !== null;
        });
        return Divmod.Defer.gatherResults(calls);
    },

    function identity(self, value) {
        return value;
    },

    /** What an errback sees of an error that the server raised. */
    function catchError(self, methodName, kind) {
        return self.callRemote(methodName, kind).addErrback(function (failure) {
            var error = failure.error;
            return [error.__class__.__name__, error.message, error.details === undefined ? null : error.details];
        });
    },

    function take(self, integer, number, text, list, object, custom) {
        return custom instanceof AthenaTests.Calls.Custom
            && [integer, number, text, list, object, custom.text];
    },

    function give(self) {
        return [1, 1.5, "Hello world", { object: ["value"] }, undefined, null, false];
    });

// Failures. The test counts lines: each throws in the line that names it.
AthenaTests.Calls.Widget.methods(
    function throwError(self) {
        throw new Error("thrown by throwError");
    },

    function throwDeep(self) {
        var inner = function inner() {
            self.throwError();
        };
        [1].forEach(inner);
    },

    function throwDivmodError(self) {
        throw Divmod.Error("thrown by throwDivmodError");
    },

    function throwTypeError(self) {
        return self.thereIs.no.such.thing;
    },

    function throwString(self) {
        throw "thrown by throwString";
    },

    function throwNull(self) {
        throw null;
    },

    function failDeferred(self) {
        return Divmod.Defer.fail(new Error("failed by failDeferred"));
    },

    function failLater(self) {
        var failing = Divmod.Defer.Deferred();
        self.callLater(0.01, function failingLater() {
            failing.errback(new Error("failed by failLater"));
        });
        return failing;
    });

Divmod.Class.subclass(AthenaTests.Calls, "NoWidget");
