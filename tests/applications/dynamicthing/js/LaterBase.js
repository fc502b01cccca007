// import Nevow.Athena

Nevow.Athena.Widget.subclass(LaterBase, "Widget").methods(
    function detached(self) {
        self.node.remove();
    });
