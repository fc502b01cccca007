import assert from "node:assert/strict";
import { test } from "node:test";

import { ENGLISH } from "../../athenalite/js/reach.js";
import { ConnectionStatus, showDialog } from "../../athenalite/js/status.js";
import { LANGUAGES } from "../../athenalite/js/texts.js";
import { makeDocument } from "./fakedom.js";

function byRole(document, role) {
    return document.getElementsByTagName("*").filter((node) => node.getAttribute("role") === role);
}

test("A short interruption shows nothing; a longer one a status, and that the connection is back, for a moment.", (t) => {
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
    assert.equal(byRole(document, "status")[0].textContent, "Connected again.");
    t.mock.timers.tick(3000);
    assert.equal(byRole(document, "status")[0].textContent, "");
    assert.equal(byRole(document, "status").length, 1, "the region stays, to be announced the next time");
});

test("A lost page shows the reason in a dialog, and reloads when people want it to, not before.", () => {
    const document = makeDocument();
    let reloads = 0;
    document.location = { reload: () => { reloads += 1; } };
    new ConnectionStatus(document).lost("all is sold", "nevow-connection-lost");
    const [dialog] = byRole(document, "alertdialog");
    assert.equal(dialog.className, "nevow-connection-lost");
    assert.match(dialog.textContent, /The reason: all is sold\./);
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

test("An interruption right after the last one is shown, too.", (t) => {
    t.mock.timers.enable({ apis: ["setTimeout"] });
    const status = new ConnectionStatus(makeDocument());
    status.disconnected();
    t.mock.timers.tick(500);
    status.resumed();
    status.disconnected();
    t.mock.timers.tick(500);
    assert.match(status.region.textContent, /Reconnecting/);
    t.mock.timers.tick(10_000);
    assert.match(status.region.textContent, /Reconnecting/, "the news of the last time does not end it");
});

test("A page without a connection says so and why, until there is one.", (t) => {
    t.mock.timers.enable({ apis: ["setTimeout"] });
    Object.assign(LANGUAGES.en, ENGLISH);
    const status = new ConnectionStatus(makeDocument());
    status.unreachable("blocked");
    assert.match(status.region.textContent, /could not connect to the server.*network in between/);
    status.resumed();
    assert.equal(status.region.textContent, "Connected again.");
});

test("A line that is put aside comes back when people want it, and goes with the interruption.", (t) => {
    t.mock.timers.enable({ apis: ["setTimeout"] });
    const document = makeDocument();
    const status = new ConnectionStatus(document);
    const press = () => status.region.getElementsByTagName("button")[0].onclick();
    status.unreachable("silent");
    press();
    assert.equal(status.region.textContent, "Not connected");
    press();
    assert.match(status.region.textContent, /could not connect/);
    press();
    status.resumed();
    assert.equal(status.region.textContent, "Connected again.");
});

test("The dialog takes the focus; Escape puts it aside, gives the focus back, and is no key for anything below.", (t) => {
    const document = makeDocument();
    const focused = [];
    const field = Object.assign(document.createElement("input"), { isConnected: true });
    const elements = Object.getPrototypeOf(field), { focus } = elements;
    t.after(() => { elements.focus = focus; });
    elements.focus = function () { focused.push(this); };
    document.activeElement = field;
    const status = new ConnectionStatus(document);
    status.lost("unknown page");
    const [dialog] = byRole(document, "alertdialog");
    assert.equal(focused[0], dialog);
    assert.equal(dialog.getAttribute("data-reason"), "unknown page");
    document.activeElement = document.body;
    const used = [];
    dialog.onkeydown({ key: "a" });
    dialog.onkeydown({ key: "Escape", preventDefault: () => used.push("default"), stopPropagation: () => used.push("propagation") });
    assert.deepEqual(used, ["default", "propagation"]);
    assert.equal(focused[1], field);
    assert.equal(byRole(document, "alertdialog").length, 0);
    status.region.getElementsByTagName("button")[0].onclick();
    assert.equal(byRole(document, "alertdialog").length, 1);
    assert.equal(status.region.textContent, "");
});

test("A reload by itself is announced, can be put off, and is abandoned for what somebody types.", () => {
    const document = makeDocument();
    document.querySelectorAll = () => [];
    const status = new ConnectionStatus(document);
    const told = [];
    let isTyped = true;
    status.reloading = { hasInput: () => isTyped, start: (abandoned) => told.push(abandoned), cancel: () => told.push("cancelled") };
    status.lost("the server is shutting down");
    assert.deepEqual(told, [], "something was typed");
    isTyped = false;
    status.dialog.remove();
    status.lost("you are logged out");
    assert.deepEqual(told, [], "the application ended it");
    status.lost("You are logged out.");
    assert.match(status.dialog.textContent, /The reason: You are logged out\. Reload/);
    status.dialog.remove();
    status.lost("the server is shutting down");
    assert.match(byRole(document, "alertdialog")[1].textContent, /reloads by itself/);
    told[0]();
    assert.match(byRole(document, "alertdialog")[1].textContent, /what you typed here is kept/);
    byRole(document, "alertdialog")[1].getElementsByTagName("button")[1].onclick();
    assert.equal(told.at(-1), "cancelled");
});
