// import Nevow.Athena

Nevow.Athena.Widget.subclass(OldLater, "Widget").methods(
    function __init__(self, node, text) {
        OldLater.Widget.upcall(self, "__init__", node);
        node.title = text + " in a " + node.parentNode.localName;
    },

    function loaded(self) {
        self.callRemote("answer").addCallback(function (answer) {
            self.node.textContent = answer;
        });
    });
