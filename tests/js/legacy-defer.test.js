import assert from "node:assert/strict";
import { test } from "node:test";

import { ConnectionLost } from "../../athenalite/js/errors.js";
import "../../athenalite/js/legacy/defer.js";
import { makeDocument } from "./fakedom.js";

const { Divmod } = globalThis;
const { Defer } = Divmod;

/** The errors that are reported to the log while `f` runs. */
test("Divmod.Defer has its Deferred, Failure and helpers, with and without new.", () => {
    assert.equal(Defer.Deferred.__name__, "Divmod.Defer.Deferred");
    for (const d of [Defer.Deferred(), new Defer.Deferred()]) {
        assert.equal(d.addCallback((x) => x + 1), d);
        d.callback(1);
        assert.equal(d.result, 2);
    }
    assert.equal(Defer.succeed(1).result, 1);
    assert.equal(Defer.Failure("x").error, "x");
    assert.deepEqual(Defer.gatherResults([Defer.succeed(1)]).result, [1]);
    assert.deepEqual(Defer.DeferredList([]).result, []);
});

test("A Deferred can be subclassed as any Divmod class.", () => {
    const Mine = Defer.Deferred.subclass("Mine").methods(
        function __init__(self, x) {
            Mine.upcall(self, "__init__");
            self.x = x;
        },
        function addCallback(self, f) {
            return Mine.upcall(self, "addCallback", (value) => f(value + self.x));
        });
    const d = Mine(10);
    let got;
    d.addCallback((value) => { got = value; });
    d.callback(1);
    assert.equal(got, 11);
    assert.ok(d instanceof Defer.Deferred);
});

test("A chain that still ends in a failure when the task is over is logged; the end of the page is not.", async () => {
    const logged = [];
    const remove = Divmod.logger.addObserver((event) => event.isError && logged.push(event.error));
    const unhandled = Defer.fail("bad");
    Defer.fail("taken").addErrback(() => null);
    Defer.fail(new ConnectionLost("closed"));
    assert.deepEqual(logged, []);
    await assert.rejects(async () => await Defer.fail(new Error("awaited")));
    await new Promise(setImmediate);
    remove();
    assert.deepEqual(logged, ["bad"]);
    unhandled.addErrback(() => null);
});

test("A failure checks for Divmod classes, and a second firing throws AlreadyCalledError.", () => {
    const error = Divmod.IndexError("x");
    assert.equal(Defer.Failure(error).check(Divmod.Error), error);
    assert.equal(Defer.Failure(error).check(Divmod.Warning), null);
    assert.throws(() => Defer.succeed(1).callback(2), Defer.AlreadyCalledError);
});

test("A failure shows the stack of its error, of Chromium's form and of Firefox's, the most recent frame last.", () => {
    const stacks = ["Error: x\n    at inner (http://h/a.js:3:5)\n    at http://h/b.js:9:1", "inner@http://h/a.js:3:5\n@http://h/b.js:9:1\n"];
    for (const stack of stacks) {
        const failure = Defer.Failure({ stack, toString: () => "Error: x" });
        assert.deepEqual(failure.parseStack(), [
            { func: "", fname: "http://h/b.js", lineNumber: 9 }, { func: "inner", fname: "http://h/a.js", lineNumber: 3 }]);
        assert.equal(failure.frameToPrettyText(failure.parseStack()[1]), '  Function "inner":\n    http://h/a.js:3');
        assert.equal(failure.toPrettyText([]), "Traceback (most recent call last):\nError: x");
        assert.match(failure.toPrettyText(), /Function "inner":\n {4}http:\/\/h\/a\.js:3\nError: x$/);
    }
    assert.deepEqual(Defer.Failure(null).parseStack(), []);
});

test("The frames of a failure that are the application's own are in no script of athenalite.", () => {
    const urls = ["App.js", "athenalite.js", "athenalite-page.js", "athenalites.js"].map((name) => `http://h/${name}`);
    const failure = Defer.Failure({ stack: urls.map((url) => `f@${url}:1:1\n`).join("") });
    assert.deepEqual(failure.filteredParseStack().map(({ fname }) => fname), [urls[3], urls[0]]);
});

test("A subclass of Failure can show frames otherwise; without a stack the node has the failure's text.", () => {
    const Mine = Defer.Failure.subclass("Mine").methods(function frameToPrettyText(self, { func }) { return func; });
    assert.equal(Mine({ stack: "f@a.js:1\ng@a.js:2" }).toPrettyText().split("\n")[1], "g");
    globalThis.document = makeDocument();
    assert.equal(Defer.Failure("text").toPrettyNode().textContent, "Failure: text");
    assert.match(Defer.Failure({ stack: "f@a.js:1" }).toPrettyNode().textContent, /Function "f"/);
});

test("The errors of Divmod.Defer work without new, and can be subclassed in either way.", () => {
    const { FirstError } = Defer;
    const failure = Defer.Failure("inner");
    for (const error of [FirstError(failure, 2), new FirstError(failure, 2)]) {
        assert.ok(error instanceof FirstError && error instanceof Error);
        assert.deepEqual([error.err, error.index], [failure, 2]);
    }
    const Mine = FirstError.subclass("Mine").methods(function __init__(self, ...given) {
        Mine.upcall(self, "__init__", ...given);
        self.isMine = true;
    });
    const Modern = class extends FirstError {};
    for (const error of [Mine(failure, 3), new Mine(failure, 3), new Modern(failure, 3)]) {
        assert.ok(error instanceof FirstError && error.stack);
        assert.equal(error.index, 3);
        assert.match(error.message, /inner/);
    }
    assert.ok(Mine(failure, 3) instanceof Mine && Mine(failure, 3).isMine);
    assert.ok(new Modern(failure, 3) instanceof Modern);
    assert.equal(FirstError.__name__, "Divmod.Defer.FirstError");
    assert.throws(() => Defer.succeed(1).callback(2), Defer.AlreadyCalledError);
    assert.ok(Defer.Failure(Mine(failure, 3)).check(FirstError));
});
