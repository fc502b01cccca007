// import LaterBase

LaterBase.Widget.subclass(Later, "Widget").methods(
    function __init__(self, node, name, flags) {
        Later.Widget.upcall(self, "__init__", node);
        node.title = name + " " + flags[0] + " " + self.nodeById("name").textContent;
    },

    function press(self) {
        self.callRemote("press").addCallback(function (text) {
            self.nodeById("name").textContent = text;
        });
        return false;
    });
