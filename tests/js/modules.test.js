import assert from "node:assert/strict";
import { test } from "node:test";

import { FirstError } from "../../athenalite/js/deferred.js";
import { ModuleLoader, baseOf, declareNamespace, namedAny } from "../../athenalite/js/modules.js";
import { makeDocument, scriptsOf } from "./fakedom.js";

const ROOM = "http://chat.example/room/";

test("namedAny gives what a dotted name is and, outermost first, what it is in; undefined when anything is missing.", () => {
    const f = () => {};
    globalThis.NamedAnyTest = { inner: { f } };
    const path = [];
    assert.equal(namedAny("NamedAnyTest.inner.f", path), f);
    assert.deepEqual(path, [globalThis.NamedAnyTest, globalThis.NamedAnyTest.inner]);
    assert.equal(namedAny("NamedAnyTest.missing.f"), undefined);
    assert.equal(namedAny("Missing"), undefined);
});

test("A declared namespace has its name, and an existing one stays.", () => {
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
    assert.deepEqual([one.src, one.async, two.src, two.async], [`${ROOM}one.js`, false, `${ROOM}two.js`, false]);
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

/** The address of an ES module with this text. */
const esModule = (text) => `data:text/javascript,${encodeURIComponent(text)}//.mjs`;

test("What an ES module exports is known by dotted names, and makes no globals.", async () => {
    const document = makeDocument();
    await new ModuleLoader(document).loadModules([["Modern.Inner", esModule("export class C {} export const x = 1;")]]);
    assert.equal(namedAny("Modern.Inner.C").name, "C");
    assert.equal(namedAny("Modern.Inner.x"), 1);
    assert.equal(namedAny("Modern.Inner.missing"), undefined);
    assert.equal(globalThis.Modern, undefined);
    assert.equal(scriptsOf(document).length, 0);
});

test("ES modules and scripts run in the order of the server, whatever is fetched first.", async () => {
    const document = makeDocument();
    globalThis.ranInOrder = [];
    const loader = new ModuleLoader(document);
    const loaded = loader.loadModules([
        ["ClassicOne", "./one.js"],
        ["ModernTwo", esModule("ranInOrder.push('ModernTwo');")],
        ["ClassicThree", "./three.js"],
        ["ClassicFour", "./four.js"],
    ]);
    await new Promise((resolve) => { setTimeout(resolve, 20); });
    assert.deepEqual(globalThis.ranInOrder, [], "it waits for the script before it");
    assert.equal(scriptsOf(document).length, 1);
    scriptsOf(document)[0].onload();
    assert.equal(scriptsOf(document).length, 1, "scripts wait for the module before them");
    assert.equal(globalThis.ClassicThree, undefined);
    await loader.modules.get("ModernTwo").watch();
    assert.deepEqual(globalThis.ranInOrder, ["ModernTwo"]);
    assert.deepEqual(scriptsOf(document).slice(1).map((script) => script.src), [`${ROOM}three.js`, `${ROOM}four.js`]);
    assert.ok(globalThis.ClassicThree);
    assert.equal(globalThis.ClassicFour, undefined);
    scriptsOf(document)[1].onload();
    scriptsOf(document)[2].onload();
    await loaded;
});

test("An ES module that throws fails with what it threw, and stops no other.", async () => {
    const loader = new ModuleLoader(makeDocument());
    const modules = [["Throws", esModule("throw new RangeError('out of range');")], ["After", esModule("export const a = 1;")]];
    const failure = await loader.loadModules(modules).addErrback((f) => f.check(FirstError));
    assert.match(failure.err.error.message, /^Could not load the module Throws from .*: out of range$/);
    assert.ok(failure.err.error.cause instanceof RangeError);
    assert.equal(namedAny("After.a"), 1);
});

test("Style sheets are linked in order and once, also those that came with the page.", () => {
    const document = makeDocument("");
    const own = document.createElement("link");
    own.setAttribute("href", "own.css");
    document.head.append(own);
    const loader = new ModuleLoader(document);
    loader.loadStylesheets(["./own.css", "./a.css", "./b.css"]);
    loader.loadStylesheets(["./a.css"]);
    const [, ...added] = document.getElementsByTagName("link");
    assert.deepEqual(added.map((link) => link.href), [`${ROOM}a.css`, `${ROOM}b.css`]);
});

test("Addresses are relative to the page as it was loaded, whatever address a script has given it since.", () => {
    const document = makeDocument();
    const own = document.createElement("link");
    own.setAttribute("href", "http://[/");
    document.head.append(own);
    const loader = new ModuleLoader(document, "http://chat.example/app/");
    document.URL = "http://chat.example/shop/items/5";
    loader.loadModules([["Relative", "./relative.js"]]);
    loader.loadStylesheets(["./a.css"]);
    assert.equal(scriptsOf(document)[0].src, "http://chat.example/app/relative.js");
    assert.equal(document.getElementsByTagName("link")[1].href, "http://chat.example/app/a.css");
});

test("Addresses are relative to what a script of the page was loaded by, or to the page if that is elsewhere.", () => {
    const base = (script, url) => baseOf({ nodeType: 9, URL: "http://u:p@h/now", querySelectorAll: () => [script].filter(Boolean) }, "a.js", url);
    const from = (src) => ({ dataset: {}, getAttribute: () => src });
    assert.equal(base(from("./chat/_athena/12/a.js"), "http://h/p/chat/_athena/12/a.js"), "http://h/p/");
    assert.equal(base(from("_athena/12/a.js"), "http://h/_athena/12/a.js"), "http://h/");
    assert.equal(base({ dataset: { client: "./_athena/12/a.js" } }, "http://h/x/_athena/12/a.js"), "http://h/x/");
    for (const script of [null, from("/_athena/12/a.js"), from("http://cdn/12/a.js")]) {
        assert.equal(base(script, "http://h/_athena/12/a.js"), "http://u:p@h/now");
    }
});
