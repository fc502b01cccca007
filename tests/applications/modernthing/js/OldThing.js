// import Nevow.Athena
// import ModernThing

Nevow.Athena.Widget.subclass(OldThing, "Widget").methods(
    function __init__(self, node) {
        OldThing.Widget.upcall(self, "__init__", node);
        node.textContent = Divmod.namedAny("ModernThing.ModernWidget").name;
    },

    function nodeInserted(self) {
        var Refused = Divmod.namedAny("ModernThing.Refused");
        self.callRemote("refuse").addErrback(function (failure) {
            self.node.title = failure.check(Refused).message;
        });
    });
