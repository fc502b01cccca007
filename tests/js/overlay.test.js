import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";

import { Failure, FirstError } from "../../athenalite/js/deferred.js";
import { ConnectionLost, RemoteError } from "../../athenalite/js/errors.js";
import { makeDocument } from "./fakedom.js";

const OVERLAY = Symbol.for("athenalite.overlay");
let sheets;
let document;
let target;
let overlay;
let Overlay;

class FakeSheet {
    replaceSync(rules) {
        this.rules = rules;
    }
}

beforeEach(async () => {
    delete globalThis.document;
    ({ Overlay } = await import("../../athenalite/js/overlay.js"));
    document = makeDocument("<p></p>");
    document.adoptedStyleSheets = sheets = [];
    Object.defineProperty(document, "defaultView", { value: { CSSStyleSheet: FakeSheet } });
    target = new EventTarget();
    overlay = new Overlay(document, target);
});

const nodes = () => document.getElementsByTagName("div").filter((node) => node.hasAttribute("data-athena-overlay"));

function violate(more = {}) {
    target.dispatchEvent(Object.assign(new Event("securitypolicyviolation"), {
        effectiveDirective: "script-src-attr", blockedURI: "inline", sourceFile: "http://host/", lineNumber: 12, ...more,
    }));
}

test("A failed call is shown once, as text, with its traceback.", () => {
    const error = new RemoteError({ type: "KeyError", message: "<b>secret</b>", reference: "1f3a9c02" });
    error.traceback = "File \"a.py\", line 3\n    <script>";
    overlay.callFailed(error, "audit");
    overlay.callFailed(error, "audit");
    const [node] = nodes();
    assert.equal(node.getElementsByTagName("strong").length, 1);
    assert.equal(node.getElementsByTagName("strong")[0].textContent,
        "The call of audit failed: KeyError: <b>secret</b> (reference 1f3a9c02)");
    assert.equal(node.getElementsByTagName("pre")[0].textContent, error.traceback);
    assert.equal(node.getElementsByTagName("b").length, 0);
    overlay.callFailed(new TypeError("other"));
    assert.match(node.textContent, /A call failed: TypeError: other/);
    assert.equal(sheets.length, 1);
    assert.match(sheets[0].rules, /@media print \{ \[data-athena-overlay\] \{ display: none \} \}/);
});

test("It can be closed, and is there again for the next failure; it shows twenty at most.", () => {
    overlay.show("one");
    nodes()[0].getElementsByTagName("button")[0].onclick();
    assert.equal(nodes().length, 0);
    for (let count = 0; count < 30; count += 1) {
        overlay.show(`${count}`);
    }
    assert.equal(nodes()[0].getElementsByTagName("strong").length, 20);
});

test("Before there is a body, it waits for the document.", () => {
    const { body, documentElement } = document;
    body.remove();
    overlay.show("early");
    documentElement.append(body);
    assert.equal(nodes().length, 0);
    document.listeners.DOMContentLoaded();
    assert.match(nodes()[0].textContent, /early/);
});

test("What the policy has blocked is reported, bounded, also from before there was a connection.", () => {
    const sent = [];
    violate();
    overlay.connect({ report: (text) => sent.push(text) });
    assert.deepEqual(sent, ["The page's Content-Security-Policy has blocked inline at http://host/:12 by script-src-attr"]);
    violate({ sourceFile: "", blockedURI: "", sample: "x".repeat(1000) });
    assert.equal(sent[1].length, 500);
    assert.match(sent[1], /has blocked something \(xxx/);
    for (let count = 0; count < 30; count += 1) {
        violate({ lineNumber: count % 25 });
    }
    assert.equal(sent.length, 20);
});

test("What was blocked before is reported, where the browser keeps it, and once if there is an event, too.", () => {
    const body = { effectiveDirective: "script-src-elem", blockedURL: "inline", sourceFile: "http://host/", lineNumber: 3 };
    let options;
    class ReportingObserver {
        constructor(callback, given) {
            options = given;
            this.observe = () => callback([{ body: { ...body, toJSON: () => body } }]);
        }
    }
    const sent = [];
    const kept = makeDocument("<p></p>");
    Object.defineProperty(kept, "defaultView", { value: { ReportingObserver } });
    const observing = new Overlay(kept, target);
    violate({ effectiveDirective: "script-src-elem", lineNumber: 3 });
    observing.connect({ report: (text) => sent.push(text) });
    assert.deepEqual(sent, ["The page's Content-Security-Policy has blocked inline at http://host/:3 by script-src-elem"]);
    assert.deepEqual(options, { types: ["csp-violation"], buffered: true });
});

test("What reaches no caller is shown where it was thrown: of widgets, as the log says it, and of other scripts.", async () => {
    const logged = [];
    let observer = (...given) => logged.push(given);
    const window = new EventTarget();
    const watching = new Overlay(document, target, window);
    watching.connect({ report: (text) => watching.show(text) }, (next) => {
        const previous = observer;
        observer = next;
        return previous;
    });
    const error = new TypeError("no such star");
    observer(error, "bug of widget 1 failed for onclick");
    const lost = new RemoteError({ type: "KeyError", message: "tea" });
    watching.callFailed(lost, "brew");
    const happen = (type, more, prevent = () => {}) => {
        const event = new Event(type, { cancelable: true });
        window.dispatchEvent(Object.assign(event, more));
        prevent(event);
    };
    happen("error", { error: new SyntaxError("Unexpected token"), filename: "http://host/Board.js", lineno: 7 });
    happen("error", { error, filename: "", lineno: 0 });
    // What the browser reports of a loop of observers has no error.
    happen("error", { error: null, filename: "", lineno: 0 });
    happen("unhandledrejection", { reason: new RangeError("too many") });
    happen("unhandledrejection", { reason: new Error("named", { cause: lost }) });
    happen("unhandledrejection", { reason: new Error("Connection lost", { cause: new ConnectionLost("the page was closed") }) });
    happen("unhandledrejection", { reason: new Error("handled") }, (event) => event.preventDefault());
    observer("nothing but a text", "A module could not be loaded");
    const first = new FirstError(new Failure(new Error("Could not load Board", { cause: new Error("top") })), 0);
    observer(first, "A module could not be loaded");
    watching.show("A module could not be loaded");
    await new Promise((resolve) => {
        setTimeout(resolve, 5);
    });
    assert.deepEqual(nodes()[0].getElementsByTagName("strong").map((node) => node.textContent), [
        "bug of widget 1 failed for onclick: TypeError: no such star",
        "The call of brew failed: KeyError: tea",
        "A module could not be loaded: Error: nothing but a text",
        `A module could not be loaded: FirstError: ${first.message}`,
        "Uncaught: SyntaxError: Unexpected token",
        "Uncaught (in promise): RangeError: too many",
    ]);
    const details = nodes()[0].getElementsByTagName("pre").map((node) => node.textContent);
    assert.match(details[0], /overlay\.test\.js:\d+/);
    assert.match(details[3], /FirstError.*Caused by: Error: Could not load Board\n.*Caused by: Error: top\n/s);
    assert.match(details[4], /^http:\/\/host\/Board\.js:7\n/);
    assert.deepEqual(logged.map(([, message]) => message), [
        "bug of widget 1 failed for onclick", "A module could not be loaded", "A module could not be loaded",
    ]);
});

test("In a page it attaches itself to the page's data.", async () => {
    const data = {};
    globalThis.document = { getElementById: (id) => (id === "athena-page" ? data : null), addEventListener() {} };
    globalThis.window = new EventTarget();
    await import("../../athenalite/js/overlay.js?again");
    delete globalThis.document;
    delete globalThis.window;
    assert.equal(typeof data[OVERLAY].show, "function");
});
