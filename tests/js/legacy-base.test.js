import assert from "node:assert/strict";
import { test } from "node:test";

import "../../athenalite/js/legacy/base.js";

const { Divmod } = globalThis;

test("Values are serialized by adapters, hooks, and Athena's rules for values without JSON.", () => {
    const { serializeJSON, registerJSON, jsonRegistry } = Divmod.Base;
    assert.equal(serializeJSON([undefined, { a: undefined, b: "1,2" }]), '[null, {"a":null, "b":"1,2"}]');
    assert.throws(() => serializeJSON([{ f() {} }]), TypeError);
    assert.equal(serializeJSON({ __json__: () => [1] }), "[1]");
    const Point = Divmod.Class.subclass("Point");
    registerJSON("point", (value) => value instanceof Point, () => "a point");
    assert.equal(serializeJSON([Point()]), '["a point"]');
    assert.equal(jsonRegistry.unregister("point"), true);
    assert.throws(() => serializeJSON(NaN), TypeError);
    assert.equal(Divmod.Base.reprString('a"b'), '"a\\"b"');
});

test("An adapter registry uses the first that takes the value, and throws NotFound without one.", () => {
    const registry = Divmod.Base.AdapterRegistry();
    registry.register("number", (value) => typeof value === "number", () => "a number");
    registry.register("one", (value) => value === 1, () => "one", true);
    assert.deepEqual([registry.match(1), registry.match(2)], ["one", "a number"]);
    assert.throws(() => registry.match("x"), (error) => error instanceof Divmod.Base.NotFound);
});

test("A call stack runs what was there first, until something returns false; once, it is emptied.", () => {
    const calls = [];
    const target = { onload: () => { calls.push("first"); } };
    Divmod.Base.addToCallStack(target, "onload", (x) => { calls.push(x); return false; }, true);
    Divmod.Base.addToCallStack(target, "onload", () => calls.push("never"), true);
    target.onload("second");
    assert.deepEqual(calls, ["first", "second"]);
    assert.equal(target.onload, null);
});
