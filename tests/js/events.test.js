import assert from "node:assert/strict";
import { test } from "node:test";

import { succeed } from "../../athenalite/js/deferred.js";
import { EventHandlers, setHandler } from "../../athenalite/js/events.js";
import { advised } from "./advised.js";
import { makeDocument } from "./fakedom.js";

/** A document, its first node, and the handlers that are dispatched to, which return `result`. */
function make(markup, result, isReady = true) {
    const document = makeDocument(markup);
    const dispatched = [];
    const handlers = new EventHandlers(document, (...given) => { dispatched.push(given); return result; });
    handlers.start();
    if (isReady) {
        handlers.ready();
    }
    return { document, node: document.body.childNodes[0], dispatched, handlers };
}

const bound = (bindings, content = "") => `<a data-athena-handlers="${bindings}">${content}</a>`;

/** An event on its way from the document to `path[0]`. */
function capture(document, type, path) {
    document.listeners[type]({ type, composedPath: () => path });
}

test("Each binding of a node becomes a property, which is given the event and returns what is dispatched to.", () => {
    const { node, dispatched } = make(bound("onclick=pick onkeyup=look"), 5);
    assert.equal(node.onclick("event 1"), 5);
    assert.equal(node.onkeyup("event 2"), 5);
    assert.deepEqual(dispatched, [[node, "onclick", "pick", "event 1"], [node, "onkeyup", "look", "event 2"]]);
});

test("A copy's handlers are found when the first event is on its way to it, or something in it.", () => {
    const { document, dispatched } = make(bound("onclick=pick"));
    const [copy] = makeDocument(bound("onclick=pick", "<b></b>")).body.childNodes;
    document.body.append(copy);
    capture(document, "click", [copy.childNodes[0], copy, document.body, document]);
    copy.onclick("event");
    assert.deepEqual(dispatched, [[copy, "onclick", "pick", "event"]]);
});

test("The events of a template's content are listened for, and those of templates in it.", () => {
    const document = makeDocument("<template></template>");
    const inner = makeDocument(bound("onchange=change"));
    inner.body.append(inner.createElement("template"));
    inner.getElementsByTagName("template")[0].content = makeDocument(bound("oninput=look"));
    document.getElementsByTagName("template")[0].content = inner;
    new EventHandlers(document, () => {}).start();
    assert.ok(document.listeners.change && document.listeners.input && !document.listeners.keyup);
});

test("The attribute as it is at the time of the event counts.", () => {
    const { node, dispatched } = make(bound("onclick=pick"));
    node.setAttribute("data-athena-handlers", "onclick=other");
    node.onclick();
    node.removeAttribute("data-athena-handlers");
    assert.equal(node.onclick(), undefined);
    assert.deepEqual(dispatched.map(([, , methodName]) => methodName), ["other"]);
});

test("What an application has set is kept: on a copy, and in the place of a handler that was found.", () => {
    const { node, document, handlers } = make(bound("onclick=pick"));
    const own = () => {};
    node.onclick = own;
    capture(document, "click", [node]);
    const [copy] = makeDocument(bound("onclick=pick")).body.childNodes;
    copy.onclick = own;
    handlers.bind(copy);
    assert.deepEqual([node.onclick, copy.onclick], [own, own]);
});

test("An event without a property is listened for; false prevents its default action.", () => {
    const { node, dispatched } = make(bound("oncompositionend=compose onitem-chosen=choose"), false);
    let prevented = 0;
    const event = { preventDefault: () => { prevented += 1; } };
    node.listeners.compositionend(event);
    node.listeners["item-chosen"](event);
    assert.deepEqual(dispatched, [[node, "oncompositionend", "compose", event], [node, "onitem-chosen", "choose", event]]);
    assert.equal(prevented, 2);
});

test("A name that is no event of the browser is warned about, once; a custom event's name is not.", async (t) => {
    const warn = t.mock.method(console, "warn", () => {});
    const { node } = make(bound("onclik=pick innerHTML=evil click=pick onfocusin=f onmy-event=f onValueChange=f") + bound("onclik=pick"));
    const custom = makeDocument("<x-field data-athena-handlers=\"onchosen=f\"></x-field>");
    new EventHandlers(custom, () => {}).start();
    await advised();
    assert.deepEqual(warn.mock.calls.map(({ arguments: [text] }) => /no event "(\w+)".*method (\w+)\. (\w+)/.exec(text).slice(1)), [
        ["onclik", "pick", "Is"], ["innerHTML", "evil", "Write"], ["click", "pick", "Write"],
    ]);
    assert.ok(!Object.hasOwn(node, "innerHTML") && !Object.hasOwn(node, "click"));
    assert.equal(typeof node.listeners.clik, "function", "a custom event may be called so");
});

test("A result that is not there yet prevents what leaves the page: a submit, and a click on what submits or is a link.", () => {
    const path = (isLink) => [{ nodeType: 1, matches: () => isLink }, {}];
    for (const later of [Promise.resolve(), succeed(1)]) {
        const { node } = make("<form data-athena-handlers=\"onsubmit=say onkeydown=look onclick=pick\"></form>", later);
        assert.equal(node.onsubmit({ type: "submit" }), false);
        assert.equal(node.onkeydown({ type: "keydown" }), undefined);
        assert.equal(node.onclick({ type: "click", composedPath: () => path(true) }), false);
        assert.equal(node.onclick({ type: "click", composedPath: () => path(false) }), undefined);
    }
});

test("Early events that had their effect are handled once there are widgets, from the inside out, until one stops them.", () => {
    const { document, handlers, dispatched } = make(bound("onchange=outer", bound("onchange=middle", bound("onchange=inner onclick=no"))), undefined, false);
    const path = document.getElementsByTagName("a").reverse();
    assert.equal(path[0].onchange({ type: "change" }), undefined);
    handlers.ready([{ event: { type: "change" }, path, isHeld: false }]);
    assert.deepEqual(dispatched.map(([, , methodName]) => methodName), ["inner", "middle", "outer"]);
    const event = { type: "change", get cancelBubble() { return dispatched.length > 4; } };
    handlers.ready([{ event, path, isHeld: false }]);
    assert.equal(dispatched.length, 5);
});

test("A held click is made again, and an error in one early event stops no other.", (t) => {
    const error = t.mock.method(console, "error", () => {});
    const { node, handlers } = make(bound("onclick=pick"), undefined, false);
    const events = [];
    node.dispatchEvent = (event) => events.push(event);
    class Click {
        constructor(type, { detail }) {
            Object.assign(this, { type, detail });
        }
    }
    const held = { event: Object.assign(new Click("click", { detail: 2 })), path: [node], isHeld: true };
    handlers.ready([{ event: { type: "submit" }, path: [node], isHeld: true }, held]);
    assert.deepEqual(events, [new Click("click", { detail: 2 })]);
    assert.equal(error.mock.callCount(), 1);
});

test("A form gets its own method back, unless a renderer has changed the server's.", () => {
    const form = (method, own) => `<form method="${method}" data-athena-method="${own}" data-athena-handlers="onsubmit=f"></form>`;
    const { document } = make(form("dialog", "") + form("dialog", "post") + form("get", "post"));
    const forms = document.getElementsByTagName("form");
    assert.deepEqual(forms.map((node) => node.getAttribute("method")), [null, "post", "get"]);
    assert.ok(forms.every((node) => !node.hasAttribute("data-athena-method")));
});

test("A handler is replaced by the next; null takes it away; what has no listeners has a property.", () => {
    const [node] = makeDocument("<a></a>").body.childNodes;
    const called = [];
    setHandler(node, "onmy-event", () => called.push(1));
    setHandler(node, "onmy-event", () => called.push(2));
    node.listeners["my-event"]({});
    setHandler(node, "onmy-event", null);
    node.listeners["my-event"]({});
    assert.deepEqual(called, [2]);
    const target = {};
    setHandler(target, "onclick", called.push);
    assert.equal(target.onclick, called.push);
});
