import assert from "node:assert/strict";
import { test } from "node:test";

import { Deferred, succeed } from "../../athenalite/js/deferred.js";
import { bindEvents } from "../../athenalite/js/events.js";
import { makeDocument } from "./fakedom.js";

function makeNode(bindings) {
    return makeDocument(`<a data-athena-handlers="${bindings}"></a>`).body.childNodes[0];
}

test("Each binding of a node becomes a property, which is given the event and returns what is dispatched to.", () => {
    const node = makeNode("onclick=pick onkeyup=look");
    const dispatched = [];
    bindEvents([node], (...given) => { dispatched.push(given); return given[2]; }, succeed(undefined));
    assert.equal(node.onclick("event 1"), "pick");
    assert.equal(node.onkeyup("event 2"), "look");
    assert.deepEqual(dispatched, [[node, "onclick", "pick", "event 1"], [node, "onkeyup", "look", "event 2"]]);
});

test("What names no event is not bound.", () => {
    const node = makeNode("innerHTML=evil click=pick");
    bindEvents([node], () => assert.fail("dispatched"), succeed(undefined));
    assert.ok(!("innerHTML" in node) && !("click" in node));
});

test("Before there are widgets, submits and clicks are put off, in order; others take their course and are forgotten.", () => {
    const node = makeNode("onclick=pick onsubmit=send onkeydown=look");
    const ready = new Deferred();
    const dispatched = [];
    bindEvents([node], (_, eventName) => dispatched.push(eventName), ready);
    assert.deepEqual([node.onsubmit(), node.onclick(), node.onkeydown()], [false, false, undefined]);
    assert.deepEqual(dispatched, []);
    ready.callback();
    assert.deepEqual(dispatched, ["onsubmit", "onclick"]);
});
