import assert from "node:assert/strict";
import { test } from "node:test";

import { findClass, nameErrors, registerClass } from "../../athenalite/js/classes.js";
import { fail } from "../../athenalite/js/deferred.js";
import { ConnectionLost, RemoteError } from "../../athenalite/js/errors.js";

test("A class is found by registration or as a global; something else of that name is no class.", () => {
    globalThis.FindTest = { Global: class {}, text: "x" };
    class Recorder {}
    registerClass("Test.Recorder", Recorder);
    assert.equal(findClass("Test.Recorder"), Recorder);
    assert.equal(findClass("FindTest.Global"), globalThis.FindTest.Global);
    assert.throws(() => findClass("FindTest.text"), /There is no class FindTest\.text/);
});

test("A failed call fails with an instance of the class that the server names, if it can be made.", async () => {
    class Taken extends Error {
        constructor(name) {
            super(`${name} is taken`);
        }
    }
    globalThis.ClassesTest = { Taken, text: "no class" };
    const remote = (jsClass) => new RemoteError({ type: "Taken", message: "m", jsClass, args: ["alice"] });
    const error = remote("ClassesTest.Taken");
    const named = await nameErrors(fail(error)).then(() => null, (reason) => reason);
    assert.ok(named instanceof Taken);
    assert.equal(named.message, "alice is taken");
    assert.equal(named.cause, error);
    for (const other of [remote("ClassesTest.text"), remote("ClassesTest.Gone"), remote(undefined), new ConnectionLost("gone")]) {
        await assert.rejects(Promise.resolve(nameErrors(fail(other))), (reason) => reason === other);
    }
});
