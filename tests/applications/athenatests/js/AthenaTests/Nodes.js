// import Nevow.Athena

AthenaTests.Nodes.Plain = Nevow.Athena.Widget.subclass("AthenaTests.Nodes.Plain");

AthenaTests.Nodes.Table = Nevow.Athena.Widget.subclass("AthenaTests.Nodes.Table");
AthenaTests.Nodes.Table.methods(
    function __init__(self, node, kind) {
        AthenaTests.Nodes.Table.upcall(self, "__init__", node);
        node.title = kind;
    });

AthenaTests.Nodes.Branch = Nevow.Athena.Widget.subclass("AthenaTests.Nodes.Branch");
AthenaTests.Nodes.Branch.methods(
    function __init__(self, node) {
        AthenaTests.Nodes.Branch.upcall(self, "__init__", node);
        self.childrenWhenLoaded = null;
    },

    function loaded(self) {
        self.childrenWhenLoaded = self.childWidgets.length;
    },

    /** How many children there are, and their texts, if their parents are right. */
    function shape(self) {
        return self.childWidgets.map(function (child) {
            return child.widgetParent === self && child.shape();
        });
    });

AthenaTests.Nodes.Handler = Nevow.Athena.Widget.subclass("AthenaTests.Nodes.Handler");
AthenaTests.Nodes.Handler.methods(
    function __init__(self, node) {
        AthenaTests.Nodes.Handler.upcall(self, "__init__", node);
        self.given = [];
    },

    function clicked(self, node) {
        self.given.push(node.name);
        return false;
    },

    function throwing(self) {
        throw new Error("thrown by a handler");
    },

    /** Call what the button has as its onclick: what it returns, and what the method was given. */
    function click(self, name) {
        return [self.nodeByAttribute("name", name).onclick(), self.given];
    });

AthenaTests.Nodes.Location = Nevow.Athena.Widget.subclass("AthenaTests.Nodes.Location");
AthenaTests.Nodes.Location.methods(
    function __init__(self, node) {
        AthenaTests.Nodes.Location.upcall(self, "__init__", node);
        self.insertions = 0;
    },

    function nodeInserted(self) {
        self.insertions += 1;
    },

    function first(self) {
        return self.firstNodeByAttribute("name", "foo").tagName.toLowerCase();
    },

    /** Does each of the two widgets find the node of its own? */
    function ownNodes(self) {
        var own = self.nodeById("username");
        var inner = self.childWidgets[0].nodeById("username");
        return own !== inner && own.parentNode === self.node && inner.parentNode === self.childWidgets[0].node;
    },

    /** Does the label belong to the input, and do the cell's headers exist? */
    function references(self) {
        var label = self.firstNodeByAttribute("name", "foo");
        var headers = self.nodeById("cell").getAttribute("headers");
        return [
            label.htmlFor === self.nodeById("username").id,
            label.control === self.nodeById("username"),
            headers === self.nodeById("head").id + " " + self.nodeById("other").id,
        ];
    },

    /** The name of what a search throws. */
    function thrown(self, search, name, value) {
        try {
            self[search](name, value);
        } catch (error) {
            return [error instanceof Divmod.Runtime.NodeNotFound, error.name];
        }
        return "found";
    },

    function wholeAttribute(self) {
        return [self.nodesByAttribute("class", "bar").length, self.nodesByAttribute("class", "bar baz").length];
    },

    function withDefault(self) {
        return [self.nodeByAttribute("name", "x", null), self.nodeByAttribute("name", "x", 3)];
    },

    /** `Widget.get` of the head, which is in no widget. */
    function getHead(self) {
        try {
            Nevow.Athena.Widget.get(document.getElementsByTagName("head")[0]);
        } catch (error) {
            return error.message;
        }
        return "found";
    });
