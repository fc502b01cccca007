import assert from "node:assert/strict";
import { test } from "node:test";
import { runInNewContext } from "node:vm";

import { Deferred } from "../../athenalite/js/deferred.js";
import { MAX_DEPTH, jsonValue } from "../../athenalite/js/json.js";

const json = (value, adapt) => JSON.stringify(jsonValue(value, "argument 0", 2, adapt));
const refuses = (value, message) => assert.throws(() => json(value), { name: "TypeError", message });

test("JSON values are left as they are.", () => {
    const value = { a: [null, true, false, 0.5, -1, "\u2028</script>"], "": {} };
    assert.equal(json(value), JSON.stringify(value));
});

test("undefined is null everywhere, as in Athena, where JSON.stringify would drop it from an object.", () => {
    assert.equal(json(undefined), "null");
    assert.equal(json([undefined, { a: undefined }]), '[null,{"a":null}]');
});

test("A function is refused; the methods of an object are left out.", () => {
    refuses(() => 1, /^argument 0: a function is not JSON; send data/);
    refuses([{ f() {}, a: 1 }], /^argument 0\.0\.f: a function is not JSON/);
    class Point { x = 1; moved = () => {}; norm() { return 1; } }
    assert.equal(json([new Point(), Object.create({ f() {}, a: 1 })]), '[{"x":1},{"a":1}]');
});

const OPAQUE = {
    Map: [new Map([[1, 2]]), /a Map is not JSON; send Object\.fromEntries\(map\), or \[\.\.\.map\]$/],
    Set: [new Set([1]), /a Set is not JSON; send \[\.\.\.set\]$/],
    WeakMap: [new WeakMap(), /a WeakMap is not JSON/],
    Promise: [Promise.resolve(1), /a Promise is not JSON; await it first/],
    "a thenable": [{ then() {} }, /a Promise is not JSON/],
    "a Deferred": [new Deferred(), /a Promise is not JSON/],
    Error: [Object.assign(new RangeError("r"), { code: 1 }), /an Error is not JSON; send its message/],
    DOMException: [new DOMException("x"), /an Error is not JSON/],
    RegExp: [/x/, /a RegExp is not JSON; send its source/],
    FormData: [new FormData(), /a FormData is not JSON; send Object\.fromEntries/],
    URLSearchParams: [new URLSearchParams("a=1"), /a URLSearchParams is not JSON/],
    Headers: [new Headers(), /a Headers is not JSON/],
    ArrayBuffer: [new ArrayBuffer(2), /an ArrayBuffer is not JSON; send \[\.\.\.new Uint8Array/],
    DataView: [new DataView(new ArrayBuffer(2)), /a DataView is not JSON/],
    Blob: [new Blob(["x"]), /a Blob is not JSON; upload it/],
    Event: [new Event("click"), /an Event is not JSON/],
    Request: [new Request("http://example.org/"), /a Request is not JSON/],
    "a generator": [(function* numbers() { yield 1; })(), /a Generator is not JSON/],
    "an iterator": [[1].values(), /an Array Iterator is not JSON/],
    "a class without fields": [new (class Secret { #x = 1; get x() { return this.#x; } })(), /an instance of Secret is not JSON/],
    "a boxed bigint": [Object(1n), /a BigInt is not JSON/],
    "a boxed symbol": [Object(Symbol("s")), /a Symbol is not JSON/],
    "a BigInt64Array": [new BigInt64Array(1), /^argument 0\.x\.0: a bigint is not JSON; send it as a string/],
    "an invalid Date": [new Date(NaN), /an invalid Date is not JSON/],
};
for (const [name, [value, message]] of Object.entries(OPAQUE)) {
    test(`It would arrive empty or changed, and is refused with the remedy: ${name}.`, () => refuses({ x: value }, message));
}

test("A getter, a proxy or a hook that throws is a TypeError with the place and the cause.", () => {
    const cause = new RangeError("no");
    const bomb = () => { throw cause; };
    refuses({ a: [{ get b() { return bomb(); } }] }, /^argument 0\.a\.0: it cannot be read: no$/);
    refuses([{ toJSON: bomb }], /^argument 0\.0: it cannot be read: no$/);
    refuses({ a: new Proxy({}, { ownKeys: bomb }) }, /^argument 0\.a: it cannot be read: no$/);
    assert.throws(() => json({ get b() { return bomb(); } }), (error) => error.cause === cause);
});

test("An empty plain object is one, whatever realm or prototype it has.", () => {
    assert.equal(json([{}, Object.create(null), { constructor: 1 }, runInNewContext("({})")]), '[{},{},{"constructor":1},{}]');
    refuses([runInNewContext("new Map()")], /a Map is not JSON/);
});

test("A lone surrogate is U+FFFD, in strings and in keys; a pair is left alone.", () => {
    assert.equal(json(["a\ud83d", "\ude00b", "\ud83d\ude00", new String("\udc00")]), '["a\ufffd","\ufffdb","\ud83d\ude00","\ufffd"]');
    assert.equal(json({ "k\ud83d": 1 }), '{"k\ufffd":1}');
});

test("Array-likes are arrays: arguments, typed arrays, and collections of nodes.", () => {
    assert.equal((function args() { return json(arguments); })(1, "b"), '[1,"b"]');
    assert.equal(json(new Uint8Array([1, 2])), "[1,2]");
    const nodeList = { length: 2, 0: "a", 1: "b", [Symbol.iterator]: Array.prototype[Symbol.iterator] };
    assert.equal(json(nodeList), '["a","b"]');
});

test("An object that has a field called length is an object.", () => {
    assert.equal(json({ length: 2, width: 1 }), '{"length":2,"width":1}');
});

test("Inherited enumerable keys are sent, as in Athena; the methods of a class are not.", () => {
    class Point { x = 1; norm() { return 1; } }
    assert.equal(json(Object.assign(Object.create({ inherited: 1 }), { own: 2 })), '{"own":2,"inherited":1}');
    assert.equal(json(new Point()), '{"x":1}');
});

test("An object may give the value that is sent for it: __json__ before json before toJSON.", () => {
    assert.equal(json([{ __json__: () => 1, json: () => 2, toJSON: () => 3 }]), "[1]");
    assert.equal(json([{ json: () => 2, toJSON: () => 3 }]), "[2]");
    assert.equal(json(new Date(0)), '"1970-01-01T00:00:00.000Z"');
});

test("What a hook gives is looked at like any other value.", () => {
    refuses({ a: { __json__: () => [NaN] } }, "argument 0.a.0: NaN is not JSON; send null, or a string");
});

test("Boxed values are what they box.", () => {
    assert.equal(json([new String("ab"), new Number(1), new Boolean(false)]), '["ab",1,false]');
});

test("The application may send something else for a value, wherever it stands.", () => {
    class Widget {}
    const adapt = (value) => (value instanceof Widget ? "a widget" : value);
    assert.equal(json([{ w: new Widget() }], adapt), '[{"w":"a widget"}]');
});

test("A value without JSON is refused, and the error names it and its place.", () => {
    refuses(NaN, "argument 0: NaN is not JSON; send null, or a string");
    refuses({ x: [1, -Infinity] }, "argument 0.x.1: -Infinity is not JSON; send null, or a string");
    refuses([10n], "argument 0.0: a bigint is not JSON; send it as a string");
    refuses({ s: Symbol("s") }, "argument 0.s: a symbol is not JSON; send its description");
    refuses({ node: { nodeType: 1, nodeName: "DIV" } }, "argument 0.node: a DOM node is not JSON; send its text, its value or its id");
});

test("A circle is refused; the same object twice is not one.", () => {
    const circle = { name: "c" };
    circle.self = [circle];
    refuses(circle, "argument 0.self.0: circular, which is not JSON");
    const twice = {};
    assert.equal(json([twice, twice]), "[{},{}]");
});

test("A key __proto__ is sent as a key, and changes no prototype.", () => {
    const value = JSON.parse('{"__proto__": {"admin": true}}');
    assert.equal(json(value), '{"__proto__":{"admin":true}}');
    assert.equal({}.admin, undefined);
});

test("As deep as the bound is sent, one deeper refused, and a hundred thousand do not overflow the stack.", () => {
    const nested = (depth) => {
        let value = 0;
        for (let i = 0; i < depth; i += 1) {
            value = [value];
        }
        return value;
    };
    assert.doesNotThrow(() => json(nested(MAX_DEPTH - 2)));
    assert.throws(() => json(nested(MAX_DEPTH - 1)), /nested too deep/);
    assert.throws(() => json(nested(100_000)), /nested too deep/);
});
