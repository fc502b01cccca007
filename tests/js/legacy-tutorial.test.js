import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import vm from "node:vm";

import { Deferred } from "../../athenalite/js/deferred.js";
import { installAthena } from "../../athenalite/js/legacy/pagewidget.js";
import { Page } from "../../athenalite/js/page.js";
import { FakeSession, makeDocument, scriptsOf } from "./fakedom.js";

const LISTING = new URL("../../examples/chattutorial/chatthing/js/ChatThing.js", import.meta.url);

const MARKUP = '<div id="athena:1" athena:class="ChatThing.ChatterWidget">'
    + '<form name="chatBox" data-athena-handlers="onsubmit=doSay"><div name="scrollArea"></div>'
    + '<div name="sendLine"><input name="userMessage"></input></div></form>'
    + '<form name="chooseBox" data-athena-handlers="onsubmit=doSetUsername"><input name="username"></input></form>'
    + '<div name="loggedInAs"></div></div>';

function byName(name) {
    return globalThis.document.getElementsByTagName("*").find((node) => node.getAttribute("name") === name);
}

test("The tutorial's widget, as printed, logs in, sends a message, and shows the server's, as text.", () => {
    const document = globalThis.document = makeDocument(MARKUP);
    document.createTextNode = (text) => Object.assign(document.createElement("#text"), { textContent: text });
    const page = new Page({ modules: [["ChatThing", "./ChatThing.js"]] }, document);
    const session = page.session = new FakeSession(() => new Deferred());
    installAthena(page);
    page.start();
    // What a browser does with a classic script: it runs sloppily, in the global scope.
    vm.runInThisContext(readFileSync(LISTING, "utf-8"));
    scriptsOf(document)[0].onload();

    byName("username").value = "alice";
    assert.equal(byName("chooseBox").onsubmit({}), false);
    const [objectID, methodName, args, , deferred] = session.calls[0];
    assert.deepEqual([objectID, methodName, args], [1, "setUsername", ["alice"]]);
    deferred.callback(null);
    assert.equal(byName("chooseBox").style.display, "none");
    assert.equal(byName("loggedInAs").textContent, "alice");

    byName("userMessage").value = "hello";
    assert.equal(byName("chatBox").onsubmit({}), false);
    assert.deepEqual(session.calls[1].slice(0, 3), [1, "say", ["hello"]]);
    assert.equal(byName("userMessage").value, "");

    page.locateMethod(1, "displayUserMessage")("bob", "<b>hi</b>");
    assert.equal(byName("scrollArea").textContent, "bob: <b>hi</b>");
});
