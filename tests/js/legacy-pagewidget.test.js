import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";

import { Deferred } from "../../athenalite/js/deferred.js";
import { ConnectionLost } from "../../athenalite/js/errors.js";
import { installAthena } from "../../athenalite/js/legacy/pagewidget.js";
import { Page } from "../../athenalite/js/page.js";
import { widgetsByID } from "../../athenalite/js/widgets.js";
import { FakeSession, makeDocument } from "./fakedom.js";

const { Divmod, Nevow } = globalThis;

let page;
let session;

beforeEach(() => {
    for (const objectID of Object.keys(widgetsByID)) {
        delete widgetsByID[objectID];
    }
    globalThis.document = makeDocument('<div id="athena:1" athena:class="Nevow.Athena.Widget"></div>');
    page = new Page({ jsClass: "Nevow.Athena.PageWidget", transport: "./_athena/transport" }, globalThis.document);
    session = page.session = new FakeSession(() => new Deferred());
    Divmod.logger.observers = [];
    installAthena(page);
    page.start();
    session.calls.length = 0;
    session.events.length = 0;
});

/** The dialogs on the page. */
function dialogs() {
    return page.document.getElementsByTagName("div").filter((node) => node.hasAttribute("data-athena-dialog"));
}

test("When the page is lost Athena's dialog is shown and observers are called; a page class can replace that.", (t) => {
    const reasons = [];
    Nevow.Athena.notifyOnDisconnect((reason) => reasons.push(reason));
    page.connectionEnding(new ConnectionLost("server went away"));
    assert.deepEqual(dialogs().map((dialog) => dialog.className), ["nevow-connection-lost"]);
    assert.equal(Nevow.Athena.page.connectionState, Nevow.Athena.DISCONNECTED);
    assert.deepEqual(reasons, [], "the outstanding calls fail first");
    page.connectionLost(new ConnectionLost("server went away"));
    assert.deepEqual(reasons, ["server went away"]);

    const Mine = Nevow.Athena.PageWidget.subclass("Mine").methods(
        function showDisconnectDialog(self, reason) { self.shown = reason; });
    page.widget = Mine(page);
    page.connectionEnding(new ConnectionLost("again"));
    assert.equal(Nevow.Athena.page.shown, "again");
    assert.equal(dialogs().length, 1);
});

test("The page's delivery channel can be paused, and its URLs follow the document's.", () => {
    Nevow.Athena.page.deliveryChannel.pause();
    Nevow.Athena.page.deliveryChannel.unpause();
    assert.deepEqual(session.events, ["pause", "unpause"]);
    assert.equal(Nevow.Athena.page.transportURL(), "http://chat.example/room/_athena/transport");
});

test("The tests of an application may put another page in the place of the page.", () => {
    const asked = [];
    Nevow.Athena.page = { sendCallRemote: (...call) => { asked.push(call); return Divmod.Defer.Deferred(); } };
    widgetsByID[1].callRemote("f", 1);
    assert.deepEqual(asked, [[widgetsByID[1], "f", [1], {}]]);
});

test("A page class may see each call, and show each failure, as Athena's had them.", async () => {
    const seen = [];
    const Mine = Nevow.Athena.PageWidget.subclass("Seeing").methods(
        function sendCallRemote(self, reference, methodName, args, kwargs) {
            seen.push([reference.objectID, methodName, args, kwargs]);
            return Mine.upcall(self, "sendCallRemote", reference, methodName, args, kwargs);
        },
        function showErrorDialog(self, methodName, failure, errorClass) {
            seen.push([methodName, failure.error.message, errorClass]);
        });
    Mine(page);
    widgetsByID[1].callRemote("f", 1);
    Nevow.Athena.RemoteReference(7).callRemoteKw("g", { x: 2 });
    await new Promise((resolve) => setTimeout(resolve));
    session.calls[0][4].errback(new Error("a"));
    session.calls[1][4].errback(new Error("b"));
    assert.deepEqual(seen, [[1, "f", [1], {}], [7, "g", [], { x: 2 }], ["f", "a", 1], ["g", "b", "unknown"]]);
});

test("A page class may handle key presses and beforeunload of the window; the methods of Athena's are there to be upcalled.", () => {
    const target = {};
    Object.defineProperty(page.document, "defaultView", { value: target, configurable: true });
    Nevow.Athena.PageWidget(page);
    assert.deepEqual(target, {}, "nothing listens for a class that handles neither");
    const seen = [];
    const Mine = Nevow.Athena.PageWidget.subclass("Handling").methods(
        function onkeypress(self, event) {
            seen.push([event.keyCode, Mine.upcall(self, "onkeypress", event)]);
        },
        function onbeforeunload(self, event) {
            seen.push([event.type, Mine.upcall(self, "onbeforeunload", event)]);
        });
    const widget = Mine(page);
    let prevented = 0;
    for (const keyCode of [Nevow.Athena.KEYCODE_ESCAPE, 65]) {
        target.onkeypress({ keyCode, preventDefault() { prevented += 1; } });
    }
    target.onbeforeunload({ type: "beforeunload" });
    assert.deepEqual(seen, [[27, true], [65, true], ["beforeunload", undefined]]);
    assert.equal(prevented, 1, "Escape's default action");
    assert.equal(widget.connectionState, Nevow.Athena.CONNECTED);
});

test("A page that was unloaded, as its class says, shows no dialog when it is lost.", () => {
    Nevow.Athena.page.pageUnloaded = true;
    page.connectionEnding(new ConnectionLost("left"));
    assert.equal(Nevow.Athena.page.connectionState, Nevow.Athena.DISCONNECTED);
    assert.deepEqual(dialogs(), []);
});

test("A reference goes through the page widget that it is given, and else through the page's.", () => {
    const other = {};
    assert.equal(Nevow.Athena.RemoteReference(1, other).getPageWidget(), other);
    assert.equal(Nevow.Athena.RemoteReference(1).getPageWidget(), Nevow.Athena.page);
    assert.equal(Nevow.Athena.server.objectID, 0);
    assert.equal(globalThis.server, Nevow.Athena.server);
});

test("Where Athena had them, there are the initial arguments of each widget that came with the page.", () => {
    assert.equal(page.document.getElementById("athena-init-args-1").value, "[]");
});
