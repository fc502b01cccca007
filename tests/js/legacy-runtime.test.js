import assert from "node:assert/strict";
import { test } from "node:test";

import "../../athenalite/js/legacy/base.js";
import "../../athenalite/js/legacy/runtime.js";
import { makeDocument } from "./fakedom.js";

const { Platform, ScriptLoadingError, NodeAttributeError, NodeNotFound, theRuntime } = globalThis.Divmod.Runtime;

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
    assert.equal(node.onclick, undefined);
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

/** A request that a test answers. */
class FakeRequest {
    calls = [];

    open(...given) {
        this.calls.push(given);
    }

    setRequestHeader(...given) {
        this.calls.push(given);
    }

    send(content) {
        this.calls.push(content);
    }

    answer(status, responseText) {
        Object.assign(this, { status, responseText, readyState: Platform.XHR_DONE });
        this.onreadystatechange();
    }
}

/** A platform whose requests are {@link FakeRequest}s. */
function makePlatform() {
    const platform = Platform();
    platform.makeHTTPRequest = () => new FakeRequest();
    return platform;
}

test("getPage makes a request, which makeHTTPRequest may replace, and has its response as result.", () => {
    const [request, answered] = makePlatform().getPage("/x", [["q", "a b?"], ["r", 1]], "POST", [["A", "b"]], "content");
    assert.deepEqual(request.calls, [["POST", "/x?q=a%20b%3F&r=1", true], ["A", "b"], "content"]);
    assert.equal(request.timeout, undefined);
    request.readyState = Platform.XHR_LOADING;
    request.onreadystatechange();
    request.answer(404, "text");
    assert.deepEqual(answered.result, { status: 404, response: "text" });
    const [defaults] = makePlatform().getPage("/x");
    assert.deepEqual(defaults.calls, [["GET", "/x", true], ""]);
});

test("getPage fails without a response; Divmod._transportTimeout limits it, in seconds.", (t) => {
    globalThis.Divmod._transportTimeout = 42;
    t.after(() => delete globalThis.Divmod._transportTimeout);
    const [request, answered] = makePlatform().getPage("/x");
    assert.equal(request.timeout, 42_000);
    let error;
    answered.addErrback((failure) => { error = failure.error; });
    request.answer(0, "");
    assert.equal(error.message, "Could not get /x");
    const [synchronous] = makePlatform().getPage("/x", [], "GET", [], "", true);
    assert.deepEqual(synchronous.calls, [["GET", "/x", false], ""]);
    assert.equal(synchronous.timeout, undefined);
});

test("A script that cannot be loaded is a ScriptLoadingError; a style sheet's link is as Athena's.", () => {
    const document = globalThis.document = makeDocument();
    let error;
    theRuntime.loadScript("./x.js").addErrback((failure) => { error = failure.error; });
    document.head.childNodes[0].onerror();
    assert.ok(error instanceof ScriptLoadingError && /x\.js/.test(error.message));
    theRuntime.loadStylesheet("./x.css");
    const link = document.head.childNodes[1];
    assert.deepEqual([link.rel, link.type, link.href], ["stylesheet", "text/css", "./x.css"]);
});

test("Without a window or an event, sizes and coordinates are those of the current one, for null too.", (t) => {
    globalThis.window = { innerWidth: 3, innerHeight: 4, event: { pageX: 1, pageY: 2 } };
    t.after(() => delete globalThis.window);
    for (const none of [null, undefined]) {
        assert.deepEqual(theRuntime.getPageSize(none), { w: 3, h: 4 });
        assert.deepEqual(theRuntime.getEventCoords(none), { x: 1, y: 2 });
    }
    assert.deepEqual(theRuntime.getPageSize({ innerWidth: 5, innerHeight: 6 }), { w: 5, h: 6 });
});
