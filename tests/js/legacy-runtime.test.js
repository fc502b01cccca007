import assert from "node:assert/strict";
import { test } from "node:test";

import "../../athenalite/js/legacy/base.js";
import "../../athenalite/js/legacy/runtime.js";
import { makeDocument } from "./fakedom.js";

const { Platform, NodeAttributeError, NodeNotFound, theRuntime } = globalThis.Divmod.Runtime;

test("There is a runtime without a window, and what waits for the load event waits in loadEvents.", () => {
    const f = () => {};
    theRuntime.addLoadEvent(f);
    assert.deepEqual(theRuntime.loadEvents, [f]);
});

test("Nodes are found as the core finds them, with Athena's errors.", () => {
    const [root] = makeDocument('<div><p name="x"></p></div>').body.childNodes;
    assert.equal(theRuntime.nodeByAttribute(root, "name", "x"), root.childNodes[0]);
    assert.equal(theRuntime.firstNodeByAttribute(root, "name", "x"), root.childNodes[0]);
    assert.equal(theRuntime.nodesByAttribute(root, "name", "y").length, 0);
    assert.throws(() => theRuntime.nodeByAttribute(root, "name", "y"), NodeAttributeError);
    assert.throws(() => theRuntime.getElementByIdWithNode(root, "y"), NodeNotFound);
});

test("traverse visits parents first; the visitor can leave out what is below a node, or end it; nothing else is allowed.", () => {
    const [root] = makeDocument("<a><b><c></c></b><d></d></a>").body.childNodes;
    const walk = (wishes) => {
        const seen = [];
        theRuntime.traverse(root, ({ tagName }) => {
            seen.push(tagName);
            return wishes[tagName] ?? Platform.DOM_DESCEND;
        });
        return seen.join("");
    };
    assert.equal(walk({}), "abcd");
    assert.equal(walk({ b: Platform.DOM_CONTINUE }), "abd");
    assert.equal(walk({ c: Platform.DOM_TERMINATE }), "abc");
    assert.throws(() => walk({ a: "nonsense" }), /illegal/);
});

test("An attribute with a prefix is read and written in a document without namespaces.", () => {
    const [root] = makeDocument('<a athena:class="X"></a>').body.childNodes;
    assert.equal(theRuntime.getAttribute(root, "class", "http://divmod.org/ns/athena/0.7", "athena"), "X");
    theRuntime.setAttribute(root, "class", "Y", "http://divmod.org/ns/athena/0.7", "athena");
    assert.equal(root.getAttribute("athena:class"), "Y");
    assert.equal(theRuntime.getAttribute(root, "missing"), null);
});

test("Only immediate children are found by getElementsByTagNameShallow.", () => {
    const [root] = makeDocument("<div><p><p></p></p>text<b></b></div>").body.childNodes;
    assert.deepEqual(theRuntime.getElementsByTagNameShallow(root, "p"), [root.childNodes[0]]);
});

test("A single DOM event is connected for one time.", () => {
    const node = {};
    const seen = [];
    theRuntime.connectSingleDOMEvent("onclick", { press: (given) => seen.push(given) }, node, "press");
    node.onclick();
    assert.deepEqual(seen, [node]);
    assert.equal(node.onclick, null);
});

test("A delayed call runs after its time, and not when it was cancelled.", (t) => {
    t.mock.timers.enable({ apis: ["setTimeout"] });
    const { DelayedCall } = globalThis.Divmod.Runtime;
    const ran = [];
    DelayedCall(20, () => ran.push("late"));
    DelayedCall(10, () => ran.push("early"));
    DelayedCall(15, () => ran.push("never")).cancel();
    t.mock.timers.tick(9);
    assert.deepEqual(ran, []);
    t.mock.timers.tick(11);
    assert.deepEqual(ran, ["early", "late"]);
});
