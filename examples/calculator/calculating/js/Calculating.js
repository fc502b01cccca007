// import Nevow.Athena

/**
 * Buttons and a display; the server calculates.
 */
Nevow.Athena.Widget.subclass(Calculating, "Calculator").methods(
    function __init__(self, node) {
        Calculating.Calculator.upcall(self, "__init__", node);
        self.display = self.nodeByAttribute("name", "display");
        // So that the keyboard can be used at once.
        node.focus();
    },

    /**
     * A key was pressed on the keyboard: do what the corresponding button does. Enter presses the button that has
     * the focus, as everywhere.
     */
    function typed(self, node, event) {
        var names = {"*": "×", "/": "÷", "-": "−", ",": ".", "Escape": "C"};
        var name = event.key === "Enter" && event.target === node ? "=" : names[event.key] || event.key;
        var button = self.nodeByAttribute("name", name, null);
        if (button === null || event.ctrlKey || event.altKey || event.metaKey) {
            return true;
        }
        return self.pressed(button);
    },

    /**
     * A button was pressed. Results come in the order of the calls, so the display ends with the last button's.
     */
    function pressed(self, button) {
        self.callRemote("press", button.name).addCallback(function (shown) {
            self.display.value = shown;
        });
        return false;
    });
