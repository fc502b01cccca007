// import Nevow.Athena

OddThing.circular = {};
OddThing.circular.circular = OddThing.circular;

OddThing.throwing = function (error) {
    return function () {
        throw error;
    };
};

/** Odd values and odd ways to fail, by name. */
OddThing.values = {
    "NaN": function () { return NaN; },
    "circular": function () { return OddThing.circular; },
    "function": function () { return OddThing.throwing; },
    "symbol": function () { return Symbol("symbol"); },
    "node": function () { return document.body; },
    "surrogate": function () { return "\ud800"; },
    "long": function () { return "x".repeat(100000); },
    "null thrown": OddThing.throwing(null),
    "string thrown": OddThing.throwing("only a string"),
    "undefined thrown": OddThing.throwing(undefined),
    "object thrown": OddThing.throwing(Object.create(null)),
    "any script": OddThing.throwing(new Error("Ошибка, 错误, خطأ, 🎉, </script>\u2028\0")),
    "no such class": function () { return new OddThing.IsNotDefined(); },
    "rejected": function () { return Promise.reject(null); },
    "long error": OddThing.throwing(new Error("x".repeat(100000)))
};

Nevow.Athena.Widget.subclass(OddThing, "OddWidget").methods(
    function give(self, name) {
        return OddThing.values[name]();
    },

    function take(self, value) {
        return value === null ? "null" : value.length;
    });

Nevow.Athena.Widget.subclass(OddThing, "BrokenWidget").methods(
    function __init__(self, node) {
        OddThing.BrokenWidget.upcall(self, "__init__", node);
        throw new Error("broken on purpose");
    });

/** In the place of the usual status: shows it in the document's title. */
OddThing.TitleStatus = Divmod.Class.subclass("OddThing.TitleStatus");
OddThing.TitleStatus.methods(
    function disconnected(self) {
        document.title = "disconnected";
    },

    function resumed(self) {
        document.title = "resumed";
    },

    function lost(self, reason) {
        document.title = "lost: " + reason;
    });
