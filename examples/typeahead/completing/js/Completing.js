// import Nevow.Athena

/**
 * A field, and below it buttons with completions.
 */
Nevow.Athena.Widget.subclass(Completing, "TypeAhead").methods(
    function __init__(self, node, count) {
        Completing.TypeAhead.upcall(self, "__init__", node);
        self.word = self.nodeById("word");
        self.status = self.nodeById("status");
        self.matches = self.nodeByAttribute("name", "matches");
        self.nodeByAttribute("name", "count").textContent = "(there are " + count + ")";
    },

    function loaded(self) {
        // The field may have text already, typed before the widget existed.
        if (self.word.value !== "") {
            self.typed();
        }
    },

    function typed(self) {
        var beginning = self.word.value;
        self.callRemote("complete", beginning).addCallback(function (words) {
            // The result for an earlier text of the field is out of date.
            if (self.word.value === beginning) {
                self.show(words);
            }
        });
    },

    function show(self, words) {
        self.matches.replaceChildren();
        words.forEach(function (word) {
            var item = document.createElement("li");
            item.appendChild(self.makeButton(word));
            self.matches.appendChild(item);
        });
        self.status.textContent = self.word.value.trim() === "" ? "" : words.length + " found";
    },

    function makeButton(self, word) {
        var button = document.createElement("button");
        button.type = "button";
        button.textContent = word;
        self.connectDOMEvent("onclick", "chosen", button);
        return button;
    },

    function chosen(self, button) {
        self.word.value = button.textContent;
        self.matches.replaceChildren();
        self.status.textContent = "";
        self.word.focus();
        return false;
    });
