// import Nevow.Athena

/**
 * The server's refusal of a request; its message is a reason for people to read.
 */
Divmod.Error.subclass(ChatThing, "Refused");

/**
 * One person's view of the room. Before they have chosen a username they can read; afterwards they can write, too.
 */
Nevow.Athena.Widget.subclass(ChatThing, "ChatterWidget").methods(
    function __init__(self, node) {
        ChatThing.ChatterWidget.upcall(self, "__init__", node);
        ["chooseBox", "GO", "scrollArea", "outbox", "newest", "sendLine", "userMessage", "loggedInAs", "refusal"].forEach(
            function (name) {
                self[name] = self.nodeByAttribute("name", name);
            });
        self.usernameField = self.nodeByAttribute("name", "username");
        self.username = null;
        self.following = true;
        // The on-screen keyboard of a phone would cover the newest line.
        new ResizeObserver(function () { self.keepNewestInView(); }).observe(self.scrollArea);
        // Without a widget the browser would have sent the form itself, and left this page.
        self.GO.disabled = false;
        self.usernameField.focus();
    },

    /**
     * Request the username in the field; then show the field for messages.
     */
    function doSetUsername(self) {
        // Pressing Enter twice must not call twice.
        self.GO.disabled = true;
        self.callRemote("setUsername", self.usernameField.value).addCallbacks(
            function (username) {
                self.username = username;
                self.loggedInAs.appendChild(self.makeNode("bdi", username));
                self.chooseBox.hidden = true;
                self.loggedInAs.hidden = self.sendLine.hidden = false;
                self.showRefusal(self.usernameField, "");
                self.userMessage.focus();
            },
            function (failure) {
                self.GO.disabled = false;
                self.showFailure(self.usernameField, failure);
            });
        return false;
    },

    /**
     * Send the message in the field. It is cleared at once, for the next one, and restored if the server refuses; if there is
     * another one in it by then, the message stays visible as one that was not sent.
     */
    function doSay(self) {
        var line = self.userMessage.value;
        var pending = self.showPending(line);
        self.userMessage.value = "";
        self.userMessage.focus();
        self.callRemote("say", line).addCallbacks(
            function () {
                pending.done();
                self.showRefusal(self.userMessage, "");
            },
            function (failure) {
                if (self.userMessage.value) {
                    pending.failed();
                } else {
                    pending.done();
                    self.userMessage.value = line;
                }
                self.showFailure(self.userMessage, failure);
            });
        return false;
    },

    /**
     * Show a message that the server has not confirmed, if that takes long enough to be noticed.
     */
    function showPending(self, line) {
        var node = self.makeNode("div", line);
        var label = self.makeNode("small", "Sending\u2026");
        node.dir = "auto";
        node.appendChild(label);
        var show = function () {
            clearTimeout(timer);
            self.outbox.appendChild(node);
            self.outbox.hidden = false;
            self.outbox.scrollTop = self.outbox.scrollHeight;
        };
        var timer = setTimeout(show, 300);
        return {
            done: function () {
                clearTimeout(timer);
                if (node.parentNode) {
                    self.outbox.removeChild(node);
                }
                self.outbox.hidden = !self.outbox.firstChild;
            },
            failed: function () {
                node.className = "failed";
                label.textContent = "Not sent";
                show();
            },
        };
    },

    /**
     * Called by the server: show an announcement.
     */
    function displayMessage(self, message) {
        self.addLine("announcement", [self.makeNode("span", message)]);
    },

    /**
     * Called by the server: show a person's message.
     */
    function displayUserMessage(self, avatarName, text) {
        var own = avatarName === self.username;
        // People want to see their own messages.
        self.following = self.following || own;
        var line = self.addLine(own ? "own" : "others", [
            self.makeNode("bdi", avatarName), document.createTextNode(": "), self.makeNode("bdi", text)]);
        line.style.setProperty("--hue", self.hueOf(avatarName));
    },

    /**
     * Make an element with text, which is not interpreted as markup.
     */
    function makeNode(self, tagName, text) {
        var node = document.createElement(tagName);
        node.appendChild(document.createTextNode(text));
        return node;
    },

    /**
     * Return the hue of a person's colour in degrees, the same on every page.
     */
    function hueOf(self, name) {
        var sum = 0;
        for (var character of name) {
            sum = (sum * 31 + character.codePointAt(0)) % 3600;
        }
        // Similar sums have very different hues.
        return sum * 137 % 360;
    },

    /**
     * Append a line to the conversation, and return its node.
     */
    function addLine(self, className, nodes) {
        var line = document.createElement("div");
        line.className = className;
        line.append.apply(line, nodes);
        self.scrollArea.appendChild(line);
        self.newest.hidden = self.following;
        self.keepNewestInView();
        return line;
    },

    /**
     * Keep the newest line in view, unless the reader has scrolled back.
     */
    function keepNewestInView(self) {
        if (self.following) {
            self.scrollArea.scrollTop = self.scrollArea.scrollHeight;
        }
    },

    /**
     * A reader who scrolls to the newest line follows the conversation again.
     */
    function noteScrolling(self, area) {
        // These three are rounded differently.
        self.following = area.scrollHeight - area.scrollTop - area.clientHeight < 8;
        if (self.following) {
            self.newest.hidden = true;
        }
    },

    /**
     * Scroll a reader of older messages to the newest.
     */
    function showNewest(self) {
        self.following = true;
        // The button that has the focus is about to be hidden.
        self.scrollArea.focus();
        self.newest.hidden = true;
        self.keepNewestInView();
    },

    /**
     * Show why a call failed, and focus the field that it came from. That the page is lost is shown by the page.
     */
    function showFailure(self, field, failure) {
        if (failure.error.message === "Connection lost") {
            return;
        }
        var refused = failure.check(ChatThing.Refused);
        self.showRefusal(field, refused ? refused.message : "That did not work. Please try again.");
        field.focus();
    },

    /**
     * Show what is wrong with a field, also to screen readers; an empty reason clears it.
     */
    function showRefusal(self, field, reason) {
        self.refusal.textContent = reason;
        field.setAttribute("aria-invalid", reason !== "");
        field.setAttribute("aria-describedby", reason && self.refusal.id);
    });
