import assert from "node:assert/strict";
import { test } from "node:test";

import { ConnectionStatus, showDialog } from "../../athenalite/js/status.js";
import { makeDocument } from "./fakedom.js";

function byRole(document, role) {
    return document.getElementsByTagName("*").filter((node) => node.getAttribute("role") === role);
}

test("A short interruption shows nothing; a longer one a status, which is empty again when the connection is back.", (t) => {
    t.mock.timers.enable({ apis: ["setTimeout"] });
    const document = makeDocument();
    const status = new ConnectionStatus(document);
    status.disconnected();
    t.mock.timers.tick(499);
    assert.equal(byRole(document, "status")[0].textContent, "");
    status.resumed();
    t.mock.timers.tick(1000);
    assert.equal(byRole(document, "status")[0].textContent, "");
    status.disconnected();
    t.mock.timers.tick(500);
    assert.match(byRole(document, "status")[0].textContent, /Reconnecting/);
    status.resumed();
    assert.equal(byRole(document, "status")[0].textContent, "");
    assert.equal(byRole(document, "status").length, 1, "the region stays, to be announced the next time");
});

test("A lost page shows the reason in a dialog, and reloads when people want it to, not before.", () => {
    const document = makeDocument();
    let reloads = 0;
    document.location = { reload: () => { reloads += 1; } };
    new ConnectionStatus(document).lost("the server is going down", "nevow-connection-lost");
    const [dialog] = byRole(document, "alertdialog");
    assert.equal(dialog.className, "nevow-connection-lost");
    assert.match(dialog.textContent, /the server is going down/);
    assert.equal(reloads, 0);
    dialog.getElementsByTagName("button")[0].onclick();
    assert.equal(reloads, 1);
});

test("A dialog's texts are text, not HTML.", () => {
    const document = makeDocument();
    const dialog = showDialog(document, { className: "x", title: "t", text: "<b>bold</b>", button: "b", action() {} });
    assert.equal(dialog.getElementsByTagName("b").length, 0);
    assert.match(dialog.textContent, /<b>bold<\/b>/);
});
