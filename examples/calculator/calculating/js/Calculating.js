// import Nevow.Athena

/**
 * Buttons and a display; all they know is how to ask the server.
 */
Nevow.Athena.Widget.subclass(Calculating, "Calculator").methods(
    function __init__(self, node) {
        Calculating.Calculator.upcall(self, "__init__", node);
        self.display = self.nodeByAttribute("name", "display");
    },

    /**
     * A button was pressed. Answers come in the order of the calls, so the display ends with what was pressed last.
     */
    function pressed(self, button) {
        self.callRemote("press", button.name).addCallback(function (shown) {
            self.display.value = shown;
        });
        return false;
    });
