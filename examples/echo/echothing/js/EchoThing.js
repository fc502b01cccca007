// import Nevow.Athena

/**
 * A field, and below each other the messages that have been to the server and back.
 */
Nevow.Athena.Widget.subclass(EchoThing, "EchoWidget").methods(
    function __init__(self, node) {
        EchoThing.EchoWidget.upcall(self, "__init__", node);
        self.scrollArea = self.nodeByAttribute("name", "scrollArea");
        self.message = self.nodeByAttribute("name", "message");
    },

    function doSay(self) {
        self.callRemote("say", self.message.value);
        self.message.value = "";
        // The browser shall not send the form itself.
        return false;
    },

    /**
     * Called by the server: show a message, as text.
     */
    function addText(self, text) {
        var line = document.createElement("div");
        line.dir = "auto";
        line.appendChild(document.createTextNode(text));
        self.scrollArea.appendChild(line);
        self.scrollArea.scrollTop = self.scrollArea.scrollHeight;
    });
