import assert from "node:assert/strict";
import { test } from "node:test";

import { findClass, nameErrors, registerClass } from "../../athenalite/js/classes.js";
import { fail } from "../../athenalite/js/deferred.js";
import { ConnectionLost, RemoteError } from "../../athenalite/js/errors.js";
import { ModuleLoader, whyMissing } from "../../athenalite/js/modules.js";
import { makeDocument, scriptsOf } from "./fakedom.js";

test("A class is found by registration or as a global; something else of that name is no class.", () => {
    globalThis.FindTest = { Global: class {}, text: "x" };
    class Recorder {}
    registerClass("Test.Recorder", Recorder);
    assert.equal(findClass("Test.Recorder"), Recorder);
    assert.equal(findClass("FindTest.Global"), globalThis.FindTest.Global);
    assert.throws(() => findClass("FindTest.text"), /There is no class FindTest\.text/);
});

test("A class that a loaded module lacks is an error with the module's address and what to write.", async () => {
    const document = makeDocument();
    const loader = new ModuleLoader(document);
    await loader.loadModules([["Loaded.Modern", "data:text/javascript,export const Other = 1; export const a = 2;//.mjs"]]);
    assert.throws(() => findClass("Loaded.Modern.Shop"),
        /no class Loaded\.Modern\.Shop\. The module Loaded\.Modern \(data:.*\.mjs\) has run and does not define it; write "export class Shop" there\. It exports: Loaded\.Modern\.Other,Loaded\.Modern\.a\./);
    loader.loadModules([["LoadedClassic", "./classic.js"]]);
    scriptsOf(document)[0].onload();
    assert.throws(() => findClass("LoadedClassic.Shop"), /\(\.\/classic\.js\) has run and does not define it; write "LoadedClassic\.Shop = /);
    assert.throws(() => findClass("NotLoaded.Shop"), /There is no class NotLoaded\.Shop\. Does the module/);
    assert.match(whyMissing("LoadedClassic"), /does not define it/);
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
