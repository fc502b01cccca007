import assert from "node:assert/strict";
import { test } from "node:test";

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

test("A function is null, but left out of an object.", () => {
    assert.equal(json(() => 1), "null");
    assert.equal(json([() => 1, { f() {}, a: 1 }]), '[null,{"a":1}]');
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
    refuses({ a: { __json__: () => [NaN] } }, "argument 0.a.0: NaN is not JSON");
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
    refuses(NaN, "argument 0: NaN is not JSON");
    refuses({ x: [1, -Infinity] }, "argument 0.x.1: -Infinity is not JSON");
    refuses([10n], "argument 0.0: a bigint is not JSON");
    refuses({ s: Symbol("s") }, "argument 0.s: a symbol is not JSON");
    refuses({ node: { nodeType: 1, nodeName: "DIV" } }, "argument 0.node: a DOM node is not JSON");
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
