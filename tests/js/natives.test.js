import assert from "node:assert/strict";
import { test } from "node:test";

import { Deferred } from "../../athenalite/js/deferred.js";
import { jsonValue } from "../../athenalite/js/json.js";
import {
    dateText, everyOf, isElement, isNative, isNode, keysOf, mapped, ownHook, reduced, removeNode, settle,
} from "../../athenalite/js/natives.js";
import { decode, encodeCall, encodeResult } from "../../athenalite/js/wire.js";
import { makeDocument } from "./fakedom.js";

/** Replace a property for the length of a test. */
function patch(t, holder, name, value) {
    const before = Object.getOwnPropertyDescriptor(holder, name);
    Object.defineProperty(holder, name, { value, writable: true, enumerable: true, configurable: true });
    t.after(() => (before ? Object.defineProperty(holder, name, before) : delete holder[name]));
}

/** What Prototype 1.6 and MooTools 1.2 do to the language. */
function patchAll(t) {
    patch(t, Array.prototype, "toJSON", function toJSON() {
        return `[${this.map(String).join(", ")}]`;
    });
    patch(t, Object.prototype, "toJSON", () => "an object");
    patch(t, Date.prototype, "toJSON", () => '"a date"');
    patch(t, Array.prototype, "reduce", function reduce() {
        return this.length > 1 ? this : this[0];
    });
    patch(t, Array, "from", (list) => [...(list ?? [])]);
    patch(t, Object, "keys", (object) => {
        const keys = [];
        for (const key in object) {
            keys.push(key);
        }
        return keys;
    });
    patch(t, globalThis, "JSON", { encode: () => "", decode: () => null });
    patch(t, globalThis, "Promise", function NoPromise() {});
    patch(t, globalThis, "Map", class SomebodysMap {});
}

test("Messages are written and read with what there was before other scripts replaced it.", (t) => {
    const date = new Date(0);
    const call = '["call",1,"say",["a",[1,{"b":[]}],"1970-01-01T00:00:00.000Z"],{"c":[2]}]';
    patchAll(t);
    assert.equal(encodeCall(1, "say", ["a", [1, { b: [] }], date], { c: [2] }), call);
    assert.equal(encodeResult(1, [["a"]]), '["respond",1,true,[["a"]]]');
    const { kwargs, made, args } = decode('["call",1,"say",[[1]],{"a":2},[[[0],"A.B"]]]');
    assert.deepEqual([args, { ...kwargs }, made], [[[1]], { a: 2 }, [[[0], "A.B"]]]);
});

test("A Deferred waits for a Promise, and can be awaited, whatever has become of Promise.", async (t) => {
    const inner = Promise.resolve(5);
    patchAll(t);
    const deferred = new Deferred();
    deferred.callback(inner);
    assert.equal(await deferred, 5);
});

test("A hook of an object's own or of its class is taken, and one of all arrays and objects is not.", (t) => {
    patchAll(t);
    class Point {
        toJSON() {
            return "a point";
        }
    }
    const names = ["json", "toJSON"];
    assert.deepEqual([new Point(), { toJSON: () => 1 }, [], {}].map((value) => ownHook(value, names)), ["toJSON", "toJSON", undefined, undefined]);
    assert.equal(jsonValue(new Point(), "", 0), "a point");
    assert.equal(dateText(new Date(NaN)), null);
});

test("A browser's function is distinguished from a script's.", () => {
    assert.ok(isNative(JSON.parse));
    for (const f of [undefined, {}, () => 1, function native() { return "[native code]"; }]) {
        assert.ok(!isNative(f));
    }
});

test("Lists and objects are gone through as by the methods of the language.", () => {
    assert.deepEqual(mapped("ab", (char, index) => char + index), ["a0", "b1"]);
    assert.deepEqual([everyOf([1, 2], (n) => n > 0), everyOf([1, 2], (n) => n > 1)], [true, false]);
    assert.equal(reduced([1, 2], (sum, n) => sum + n, 3), 6);
    assert.deepEqual(keysOf(Object.assign(Object.create({ inherited: 1 }), { a: 1, [Symbol("s")]: 2 })), ["a"]);
});

test("A thenable settles once, either way.", async () => {
    const outcomes = [];
    const note = (kind) => (value) => outcomes.push([kind, value]);
    await settle({ then: (done, failed) => { done(1); done(2); failed(3); } }, note("value"), note("error"));
    await settle(Promise.reject(4), note("value"), note("error"));
    assert.deepEqual(outcomes, [["value", 1], ["error", 4]]);
});

test("Nodes are told from other objects, and removed from their parents if they have any.", () => {
    const { body } = makeDocument("<p></p>");
    const [node] = body.childNodes;
    assert.deepEqual([node, {}, null, 1].map(isNode), [true, false, false, false]);
    assert.deepEqual([node, node.ownerDocument].map(isElement), [true, false]);
    removeNode(node);
    removeNode(node);
    assert.deepEqual(body.childNodes, []);
});
