import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";

import { fail, follow } from "../../athenalite/js/deferred.js";
import { ConnectionLost, MessageTooLarge, NoSuchMethod, RemoteError } from "../../athenalite/js/errors.js";
import { callErrorIn, reportMissing, watchFailures } from "../../athenalite/js/failures.js";
import { observeErrors } from "../../athenalite/js/log.js";
import { advised } from "./advised.js";
import { makeDocument } from "./fakedom.js";

let window;
let page;
let errors;

beforeEach(() => {
    errors = [];
    observeErrors((error, message) => errors.push(`${message}: ${error.message}`));
    window = new EventTarget();
    page = { document: makeDocument('<form id="athena:1"></form><p id="athena:4"></p>'), settings: {}, overlay: null, reports: [] };
    page.report = (...report) => page.reports.push(report);
});

const makeOverlay = () => ({
    shown: [],
    callFailed(error) { this.shown.push(error); },
    show(...texts) { this.shown.push(texts); },
});
const secret = new RemoteError({ type: "KeyError", message: "see the log", reference: "1f3a9c02" });
const dialogs = () => page.document.getElementsByTagName("div").filter((node) => node.className === "athena-call-failed");

function reject(reason, prevented = false) {
    const event = Object.assign(new Event("unhandledrejection", { cancelable: true }), { reason });
    if (prevented) {
        event.preventDefault();
    }
    window.dispatchEvent(event);
}

test("The error of a call is found, also as a cause; a lost page and other errors are none.", () => {
    assert.equal(callErrorIn(secret), secret);
    assert.equal(callErrorIn(new Error("x", { cause: secret })), secret);
    for (const other of [new ConnectionLost("x"), new Error("x"), "text", undefined]) {
        assert.equal(callErrorIn(other), null);
    }
});

test("A rejection that is not handled is shown with the reference, in one dialog.", () => {
    watchFailures(page, window);
    reject(new TypeError("no call"));
    reject(secret, true);
    assert.equal(dialogs().length, 0);
    reject(new NoSuchMethod(1, "x"));
    reject(secret);
    assert.equal(dialogs().length, 1);
    assert.match(dialogs()[0].textContent, /This did not work\..*Reference: 1f3a9c02/);
    dialogs()[0].getElementsByTagName("button")[0].onclick();
    assert.equal(dialogs().length, 0);
    reject(new RemoteError({ type: "Overdrawn", message: "There is not enough money." }));
    assert.match(dialogs()[0].textContent, /There is not enough money\./);
    reject(new MessageTooLarge("the call is larger than the 10 bytes that the server takes"));
    assert.match(dialogs()[0].textContent, /It is too long to be sent\./);
});

test("So is the failure of a Deferred that has no errback by the next task.", async () => {
    watchFailures(page, window);
    const handled = fail(secret);
    const unhandled = fail(new NoSuchMethod(1, "say"));
    handled.addErrback(() => null);
    await new Promise((resolve) => { setTimeout(resolve, 5); });
    assert.equal(dialogs().length, 1);
    assert.match(dialogs()[0].textContent, /"say"/);
    unhandled.addErrback(() => null);
});

test("A failure that something waits for is not shown, though its Deferred keeps it.", async () => {
    watchFailures(page, window);
    const followed = fail(secret);
    const outcomes = [];
    follow(followed, (outcome) => outcomes.push(outcome.error));
    await new Promise((resolve) => { setTimeout(resolve, 5); });
    assert.deepEqual([outcomes, followed.result.error, dialogs().length], [[secret], secret, 0]);
});

test("In debug mode the overlay shows it.", () => {
    page.overlay = makeOverlay();
    watchFailures(page, window);
    reject(secret);
    assert.deepEqual(page.overlay.shown, [secret]);
    assert.equal(dialogs().length, 0);
});

test("Widgets whose nodes are not in the document are reported.", async () => {
    page.overlay = makeOverlay();
    page.settings.widgets = [1, 2, 4, 5];
    reportMissing(page);
    await advised();
    assert.equal(errors.length, 1);
    assert.match(errors[0], /HTML parser has removed .* use other root elements.*: athena:2, athena:5$/);
    assert.deepEqual(page.reports.map(([, numbers]) => numbers), [[2, 5]]);
});

test("If all are there, or the page has none, nothing is reported.", async () => {
    reportMissing(page);
    page.settings.widgets = [1, 1, 4, 4];
    reportMissing(page);
    await advised();
    assert.deepEqual([errors, page.reports], [[], []]);
});
