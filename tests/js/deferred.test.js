import assert from "node:assert/strict";
import { test } from "node:test";

import {
    AlreadyCalledError, Deferred, DeferredList, Failure, FirstError, fail, gatherResults, maybeDeferred, observeFailures, succeed,
} from "../../athenalite/js/deferred.js";

/** Run `f` with the failures that end a chain recorded instead of written to the console; returns them. */
function failuresDuring(f) {
    const seen = [];
    const previous = observeFailures((failure) => seen.push(failure.error));
    try {
        f();
    } finally {
        observeFailures(previous);
    }
    return seen;
}

test("A callback runs inside the call that fires the Deferred, with its extra arguments after the result.", () => {
    const calls = [];
    const d = new Deferred();
    d.addCallback((...args) => calls.push(args), 2, 3);
    assert.deepEqual(calls, []);
    d.callback(1);
    assert.deepEqual(calls, [[1, 2, 3]]);
});

test("A callback that is added after the result runs at once.", () => {
    let got;
    succeed("x").addCallback((value) => { got = value; });
    assert.equal(got, "x");
});

test("Each callback's value is the next one's argument, and every adder returns the Deferred.", () => {
    const d = Deferred();
    assert.equal(d.addCallback((n) => n + 1), d);
    assert.equal(d.addErrback(() => 0), d);
    assert.equal(d.addBoth((n) => n * 2), d);
    assert.equal(d.addCallbacks(null, () => 0), d);
    d.callback(4);
    assert.equal(d.result, 10);
});

test("addCallbacks gives each of the two functions its own extra arguments.", () => {
    const value = succeed(1).addCallbacks((...a) => a, (...a) => a, ["c"], ["e"]);
    assert.deepEqual(value.result, [1, "c"]);
    const failed = new Deferred().addCallbacks((...a) => a, (f, ...a) => [f.error, ...a], ["c"], ["e"]);
    failed.errback("no");
    assert.deepEqual(failed.result, ["no", "e"]);
});

test("What a callback throws, be it null, is a Failure to the next errback, which recovers by returning a value.", () => {
    const d = succeed(1).addCallback(() => { throw null; }).addErrback((f) => [f instanceof Failure, f.error]);
    assert.deepEqual(d.result, [true, null]);
});

test("A Failure that an errback returns goes on as a failure.", () => {
    const seen = failuresDuring(() => {
        const d = fail("first").addErrback((f) => f).addCallback(() => assert.fail("not reached"));
        assert.equal(d.result.error, "first");
        d.addErrback(() => null);
    });
    assert.deepEqual(seen, ["first", "first", "first"]);
});

test("A chain that ends in a failure is reported to the observer; one whose failure was handled is not.", () => {
    assert.deepEqual(failuresDuring(() => fail("lonely")), ["lonely"]);
    const d = new Deferred().addErrback(() => null);
    assert.deepEqual(failuresDuring(() => d.errback("taken")), []);
});

test("By default a failure is written to the console once, unless it is handled or awaited in the same task.", async (t) => {
    const error = t.mock.method(console, "error", () => {});
    fail("unhandled");
    fail("handled").addErrback(() => null);
    await assert.rejects(async () => await fail(new Error("awaited")), { message: "awaited" });
    await new Promise(setImmediate);
    assert.deepEqual(error.mock.calls.map((call) => call.arguments), [["unhandled"]]);
});

test("A returned Deferred is waited for, and its result is the chain's.", () => {
    const inner = new Deferred();
    const d = succeed(1).addCallback(() => inner).addCallback((value) => value + 1);
    assert.ok(d.paused);
    inner.callback(5);
    assert.equal(d.result, 6);
});

test("A returned Deferred's failure is the chain's, and leaves none behind in the returned one.", () => {
    const inner = new Deferred();
    const d = succeed(1).addCallback(() => inner).addErrback((f) => f.error);
    assert.deepEqual(failuresDuring(() => inner.errback("inner")), []);
    assert.equal(d.result, "inner");
});

test("A returned Promise is waited for, whether it is kept or broken.", async () => {
    assert.equal(await succeed(1).addCallback(async (n) => n + 1), 2);
    await assert.rejects(async () => { await succeed(1).addCallback(() => Promise.reject(new Error("broken"))); }, /broken/);
});

test("A Deferred can be awaited; a failure is thrown as the error itself.", async () => {
    const d = new Deferred();
    setImmediate(() => d.callback("late"));
    assert.equal(await d, "late");
    assert.equal(d.result, "late", "the result is still there for later callbacks");
    const error = new TypeError("bad");
    const broken = new Deferred();
    setImmediate(() => broken.errback(error));
    await assert.rejects(async () => { await broken; }, (thrown) => thrown === error);
});

test("Firing a second time throws AlreadyCalledError.", () => {
    const d = succeed(1);
    assert.throws(() => d.callback(2), AlreadyCalledError);
    assert.throws(() => d.errback(2), AlreadyCalledError);
});

test("A callback that is added by a running callback runs after it, in its place of the chain.", () => {
    const order = [];
    const d = new Deferred();
    d.addCallback(() => {
        d.addCallback(() => order.push("inner"));
        order.push("outer");
    });
    d.callback();
    assert.deepEqual(order, ["outer", "inner"]);
});

test("Failure.check gives the error when it is of the type, otherwise null.", () => {
    const error = new RangeError("far");
    assert.equal(Failure(error).check(RangeError), error);
    assert.equal(new Failure(error).check(TypeError), null);
    assert.equal(String(new Failure(error)), "Failure: RangeError: far");
});

test("maybeDeferred makes a Deferred of a value, of an exception and of a Deferred.", () => {
    assert.equal(maybeDeferred(() => 3).result, 3);
    assert.equal(maybeDeferred(() => succeed(4)).result, 4);
    assert.equal(maybeDeferred(() => { throw 5; }).addErrback((f) => f.error).result, 5);
});

test("A DeferredList fires with all results in the order of the list, and at once when the list is empty.", () => {
    const [a, b] = [new Deferred(), new Deferred()];
    const list = DeferredList([a, b], false, false, true);
    b.errback("b");
    assert.equal(list.called, false);
    a.callback("a");
    assert.deepEqual(list.result.map(([ok, r]) => [ok, ok ? r : r.error]), [[true, "a"], [false, "b"]]);
    assert.equal(b.result, null, "the error was consumed");
    assert.deepEqual(new DeferredList([]).result, []);
    assert.equal(new DeferredList([], true).called, false);
    assert.ok(list instanceof Deferred);
});

test("A DeferredList can fire on the first value, or fail on the first failure.", () => {
    assert.deepEqual(new DeferredList([new Deferred(), succeed("v")], true).result, ["v", 1]);
    const failing = new Deferred();
    const list = new DeferredList([new Deferred(), failing], false, true, true).addErrback((f) => f.check(FirstError));
    failing.errback("no");
    assert.equal(list.result.index, 1);
    assert.equal(list.result.err.error, "no");
});

test("gatherResults gives the values alone.", () => {
    assert.deepEqual(gatherResults([succeed(1), succeed(2)]).result, [1, 2]);
});
