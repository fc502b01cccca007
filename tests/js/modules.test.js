import assert from "node:assert/strict";
import { test } from "node:test";

import { FirstError } from "../../athenalite/js/deferred.js";
import { ModuleLoader, declareNamespace, namedAny } from "../../athenalite/js/modules.js";
import { makeDocument, scriptsOf } from "./fakedom.js";

test("namedAny gives what a dotted name is and, outermost first, what it is in; undefined when anything is missing.", () => {
    const f = () => {};
    globalThis.NamedAnyTest = { inner: { f } };
    const path = [];
    assert.equal(namedAny("NamedAnyTest.inner.f", path), f);
    assert.deepEqual(path, [globalThis.NamedAnyTest, globalThis.NamedAnyTest.inner]);
    assert.equal(namedAny("NamedAnyTest.missing.f"), undefined);
    assert.equal(namedAny("Missing"), undefined);
});

test("A declared namespace knows its name, and what is there already stays.", () => {
    const mine = globalThis.DeclareTest = () => {};
    declareNamespace("DeclareTest.Inner");
    assert.equal(globalThis.DeclareTest, mine);
    assert.deepEqual(mine.Inner, { __name__: "DeclareTest.Inner" });
});

test("All scripts are requested at once and in order, but each namespace is declared only when the one before has run.", () => {
    const document = makeDocument();
    const loader = new ModuleLoader(document);
    let done = false;
    loader.loadModules([["OrderOne", "./one.js"], ["OrderOne.Two", "./two.js"]]).addCallback(() => { done = true; });
    const [one, two] = scriptsOf(document);
    assert.deepEqual([one.src, one.async, two.src, two.async], ["./one.js", false, "./two.js", false]);
    const replaced = globalThis.OrderOne = { replaced: true };
    assert.equal(replaced.Two, undefined);
    one.onload();
    assert.deepEqual(replaced.Two, { __name__: "OrderOne.Two" });
    assert.equal(done, false);
    two.onload();
    assert.equal(done, true);
});

test("A module is loaded once, however many wait for it.", () => {
    const document = makeDocument();
    const loader = new ModuleLoader(document);
    let done = 0;
    loader.loadModules([["Once", "./once.js"]]).addCallback(() => { done += 1; });
    loader.loadModules([["Once", "./once.js"]]).addCallback(() => { done += 1; });
    assert.equal(scriptsOf(document).length, 1);
    scriptsOf(document)[0].onload();
    assert.equal(done, 2);
});

test("A module that cannot be loaded fails for all who wait, when the others are over; a later request tries again.", () => {
    const document = makeDocument();
    const loader = new ModuleLoader(document);
    const errors = [];
    const modules = [["Bad", "./bad.js"], ["Good", "./good.js"]];
    loader.loadModules(modules).addErrback((f) => { errors.push(f.check(FirstError).index); });
    loader.loadModules([["Bad", "./bad.js"]]).addErrback((f) => { errors.push(f.error.err.error.message); });
    const [bad, good] = scriptsOf(document);
    bad.onerror();
    assert.deepEqual(errors, ["Could not load the module Bad from ./bad.js"]);
    assert.ok(globalThis.Good, "the next one is declared all the same");
    good.onload();
    assert.deepEqual(errors[1], 0);
    loader.loadModules(modules);
    assert.equal(scriptsOf(document).length, 3);
});

test("Style sheets are linked in order and once, also those that came with the page.", () => {
    const document = makeDocument("");
    const own = document.createElement("link");
    own.href = "http://chat.example/room/own.css";
    document.head.append(own);
    const loader = new ModuleLoader(document);
    loader.loadStylesheets(["./own.css", "./a.css", "./b.css"]);
    loader.loadStylesheets(["./a.css"]);
    assert.deepEqual(document.getElementsByTagName("link").map((link) => link.href.split("/").at(-1)), ["own.css", "a.css", "b.css"]);
});
