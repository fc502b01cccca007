import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";

import { Deferred } from "../../athenalite/js/deferred.js";
import { ConnectionLost } from "../../athenalite/js/errors.js";
import { installAthena } from "../../athenalite/js/legacy/pagewidget.js";
import { Page } from "../../athenalite/js/page.js";
import { widgetsByID } from "../../athenalite/js/widget.js";
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

test("When the page is lost there is Athena's dialog, and whoever asked is told; a page class can do otherwise.", (t) => {
    const reasons = [];
    Nevow.Athena.notifyOnDisconnect((reason) => reasons.push(reason));
    page.connectionLost(new ConnectionLost("server went away"));
    assert.deepEqual(dialogs().map((dialog) => dialog.className), ["nevow-connection-lost"]);
    assert.deepEqual(reasons, ["server went away"]);
    assert.equal(Nevow.Athena.page.connectionState, Nevow.Athena.DISCONNECTED);

    const Mine = Nevow.Athena.PageWidget.subclass("Mine").methods(
        function showDisconnectDialog(self, reason) { self.shown = reason; });
    page.widget = Mine(page);
    page.connectionLost(new ConnectionLost("again"));
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
    assert.deepEqual(asked, [[1, "f", [1], {}]]);
});
