// Unit tests of Athena's applications bring documents of their own: objects of Divmod.Class, whose nodes keep all they have
// themselves, and a global class Node. Here it has what browsers have of what the client uses, and nothing else.

import assert from "node:assert/strict";
import { before, beforeEach, test } from "node:test";

import "../../athenalite/js/legacy/pagewidget.js";
import { widgetsByID } from "../../athenalite/js/widgets.js";

const { Divmod, Nevow } = globalThis;
const { theRuntime } = Divmod.Runtime;

const Mock = globalThis.Mock = { __name__: "Mock" };

Divmod.Class.subclass(Mock, "Node").methods(
    function __init__(self) {
        self.childNodes = [];
        self.parentNode = null;
    },
    function appendChild(self, child) {
        self.childNodes.push(child);
        child.parentNode = self;
        return child;
    },
    function getRootNode(self) {
        return self.parentNode === null ? self : self.parentNode.getRootNode();
    });

Mock.Node.subclass(Mock, "Element").methods(
    function __init__(self, tagName) {
        Mock.Element.upcall(self, "__init__");
        self.nodeType = 1;
        self.tagName = self.localName = tagName;
        self.attributes = {};
    },
    function setAttribute(self, name, value) {
        self.attributes[name] = String(value);
        if (name === "id") {
            self.id = value;
        }
    },
    function getAttribute(self, name) {
        return self.attributes[name] ?? null;
    },
    function hasAttribute(self, name) {
        return name in self.attributes;
    },
    function getElementsByTagName(self, tagName) {
        return self.childNodes.flatMap((child) => [
            ...(tagName === "*" || child.tagName === tagName ? [child] : []), ...child.getElementsByTagName(tagName),
        ]);
    },
    function querySelectorAll(self, selector) {
        return selector === "*" ? self.getElementsByTagName("*") : [];
    });

Mock.Element.subclass(Mock, "Document").methods(
    function __init__(self) {
        Mock.Document.upcall(self, "__init__", "#document");
        self.nodeType = 9;
        self.documentElement = self.appendChild(self.createElement("html"));
        self.body = self.documentElement.appendChild(self.createElement("body"));
    },
    function createElement(self, tagName) {
        const element = Mock.Element(tagName);
        element.ownerDocument = self;
        return element;
    },
    function getElementById(self, id) {
        return self.getElementsByTagName("*").find((one) => one.id === id) ?? null;
    });

let document;
let widget;

/** An element with these attributes in another. */
function element(parent, attributes) {
    const made = document.createElement("div");
    Object.entries(attributes).forEach(([name, value]) => made.setAttribute(name, value));
    return parent.appendChild(made);
}

before(() => {
    globalThis.Node = Mock.Node;
});

beforeEach(() => {
    Object.keys(widgetsByID).forEach((objectID) => delete widgetsByID[objectID]);
    document = globalThis.document = Mock.Document();
    widget = Nevow.Athena.Widget(element(document.body, { id: "athena:7", "athena:class": "Nevow.Athena.Widget", class: "top" }));
});

test("Nodes are found by attributes, in document order, with the errors of Athena.", () => {
    const [first, second] = ["x", "x"].map((name) => element(widget.node, { name }));
    assert.deepEqual(widget.nodesByAttribute("name", "x"), [first, second]);
    assert.equal(widget.firstNodeByAttribute("name", "x"), first);
    assert.equal(widget.nodeByAttribute("class", "top"), widget.node);
    assert.equal(widget.nodeByAttribute("name", "y", null), null);
    assert.throws(() => widget.nodeByAttribute("name", "y"), Divmod.Runtime.NodeAttributeError);
    assert.throws(() => widget.nodeByAttribute("name", "x"), /Found too many name = x/);
});

test("Nodes are found by id, in the document and in what is not in it.", () => {
    const inside = element(widget.node, { id: "athenaid:7-field" });
    assert.equal(widget.nodeById("field"), inside);
    assert.throws(() => widget.nodeById("missing"), Divmod.Runtime.NodeNotFound);
    const orphan = document.createElement("p");
    const child = element(orphan, { id: "other" });
    assert.equal(theRuntime.getElementByIdWithNode(orphan, "other"), child);
});

test("A node belongs to the widget around it.", () => {
    const inside = element(element(widget.node, {}), {});
    widgetsByID[7] = widget;
    assert.equal(Nevow.Athena.Widget.get(inside), widget);
    assert.equal(Nevow.Athena.athenaIDFromNode(widget.node), 7);
    assert.throws(() => Nevow.Athena.Widget.get(document.body), /no containing Athena Ref ID/);
});

test("Nodes are visited in document order, as far as a visitor says.", () => {
    const [first] = [element(widget.node, { name: "a" }), element(widget.node, { name: "b" })];
    element(first, { name: "c" });
    const seen = [];
    theRuntime.traverse(widget.node, (node) => {
        seen.push(node.getAttribute("name"));
        return node === first ? Divmod.Runtime.Platform.DOM_CONTINUE : Divmod.Runtime.Platform.DOM_DESCEND;
    });
    assert.deepEqual(seen, [null, "a", "b"]);
});

test("Widgets have children, events and a parent.", () => {
    const child = Nevow.Athena.Widget(element(widget.node, { id: "athena:8" }));
    widget.addChildWidget(child);
    assert.deepEqual([widget.childWidgets, child.widgetParent], [[child], widget]);
    widget.removeChildWidget(child);
    assert.throws(() => widget.removeChildWidget(child), Nevow.Athena.NoSuchChild);
    widgetsByID[8] = child;
    // Replaced by tests of applications.
    Nevow.Athena.page = { dispatchEvent: (on, eventName, methodName, call) => call() };
    let pressed = null;
    child.press = (node) => { pressed = node; return false; };
    child.connectDOMEvent("onclick", "press");
    assert.equal(child.node.onclick(), false);
    assert.equal(pressed, child.node);
});
