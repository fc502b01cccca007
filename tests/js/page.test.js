import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";

import { registerClass } from "../../athenalite/js/classes.js";
import { Deferred } from "../../athenalite/js/deferred.js";
import { ConnectionLost, NoSuchMethod } from "../../athenalite/js/errors.js";
import { observeErrors } from "../../athenalite/js/log.js";
import { Page } from "../../athenalite/js/page.js";
import { Widget } from "../../athenalite/js/widget.js";
import { widgetsByID, detachWidget, endedWidgets } from "../../athenalite/js/widgets.js";
import { advised } from "./advised.js";
import { FakeClock } from "./fakeclock.js";
import { FakeSession, makeDocument, scriptsOf } from "./fakedom.js";

class Form extends Widget {
    says = [];

    say(node, event) {
        this.says.push([node, event]);
        this.callRemote("say");
        return false;
    }

    fail() {
        throw new Error("failed on purpose");
    }

    join(...args) {
        return args.join("+");
    }
}

const MARKUP = '<form id="athena:1" athena:class="PageTest.Form" data-athena-handlers="onsubmit=say onclick=fail onblur=missing">'
    + '<input data-athena-handlers="onkeydown=say"></input></form>';

let errors;
// Node.js has none before version 21.
const navigator = {};

beforeEach(() => {
    delete widgetsByID[1];
    delete navigator.userActivation;
    Object.defineProperty(globalThis, "navigator", { value: navigator, configurable: true });
    errors = [];
    observeErrors((error, message) => errors.push(message));
    registerClass("PageTest.Form", Form);
});

function makePage(settings = {}) {
    const page = new Page(settings, makeDocument(MARKUP));
    page.session = new FakeSession(() => new Deferred());
    page.status = { lost: (reason) => page.session.events.push(`lost ${reason}`), disconnected() {}, resumed() {} };
    return page;
}

function formOf(page) {
    return page.document.getElementById("athena:1");
}

test("The hooks of the page's own widget for what happened before it existed are called in order.", () => {
    const told = [];
    class Own {
        connectionMade() { told.push("connectionMade"); }
        disconnected() { told.push("disconnected"); }
    }
    registerClass("PageTest.Own", Own);
    const page = makePage({ modules: [["PageTestModule", "./page.js"]], jsClass: "PageTest.Own" });
    page.start();
    page.connectionMade();
    page.disconnected();
    assert.deepEqual(told, []);
    scriptsOf(page.document)[0].onload();
    assert.deepEqual(told, ["connectionMade", "disconnected"]);
    page.disconnected();
    assert.equal(told.length, 3);
});

test("The server's messages wait until the modules have run and the widgets exist.", () => {
    const page = makePage({ modules: [["PageTestModule", "./page.js"]] });
    page.start();
    assert.deepEqual(page.session.events, ["hold"]);
    assert.equal(widgetsByID[1], undefined);
    scriptsOf(page.document)[0].onload();
    assert.ok(widgetsByID[1]);
    assert.deepEqual(page.session.events, ["hold", "release"]);
});

test("A module that cannot be loaded is reported, and the widgets that need it not are made.", () => {
    const page = makePage({ modules: [["PageTestLost", "./lost.js"]] });
    page.start();
    scriptsOf(page.document)[0].onerror();
    assert.ok(widgetsByID[1]);
    assert.deepEqual(errors, ["A module could not be loaded"]);
});

test("An event calls the widget's method with the node and the event; what it returns is the DOM's; its calls leave together.", () => {
    const page = makePage();
    page.start();
    const event = {};
    assert.equal(formOf(page).onsubmit(event), false);
    assert.deepEqual(widgetsByID[1].says, [[formOf(page), event]]);
    assert.deepEqual(page.session.events, ["hold", "release", "pause", "unpause"]);
});

test("A method that throws, or is not there, is reported and prevents the default action.", () => {
    const page = makePage();
    page.start();
    assert.equal(formOf(page).onclick({}), false);
    assert.equal(formOf(page).onblur({}), false);
    assert.deepEqual(errors, ["fail of widget 1 failed for onclick", "Undefined event handler: missing"]);
    assert.deepEqual(page.session.events.slice(2), ["pause", "unpause"]);
});

test("Events before the widgets exist call nothing; those that were kept are handled when they do, and none is kept any more.", () => {
    const page = makePage({ modules: [["PageTestSlow", "./slow.js"]] });
    const steps = [];
    const event = { type: "submit" };
    page.early = { kept: [{ event, path: [formOf(page)], isHeld: true }], stop: () => steps.push("stop") };
    formOf(page).requestSubmit = () => steps.push("submit", formOf(page).onsubmit(event));
    page.start();
    assert.equal(formOf(page).onsubmit(event), undefined);
    assert.equal(formOf(page).childNodes[0].onkeydown({}), undefined, "typing goes on");
    assert.deepEqual(steps, []);
    scriptsOf(page.document)[0].onload();
    assert.equal(widgetsByID[1].says.length, 1);
    assert.deepEqual(steps, ["stop", "submit", false]);
});

test("A widget that has been detached is not called, nor made again.", async (t) => {
    const page = makePage();
    page.start();
    const warn = t.mock.method(console, "warn", () => {});
    detachWidget(widgetsByID[1]);
    t.after(() => endedWidgets.delete(1));
    assert.equal(formOf(page).onsubmit({}), false);
    await advised();
    assert.deepEqual([widgetsByID[1], warn.mock.callCount()], [undefined, 1]);
    assert.match(warn.mock.calls[0].arguments[0], /Widget 1 has ended, and say is not called for onsubmit/);
});

test("The server calls a widget's method by the widget's number.", () => {
    const page = makePage();
    page.start();
    assert.equal(page.locateMethod(1, "join")("a", "b"), "a+b");
    assert.throws(() => page.locateMethod(1, "missing"), NoSuchMethod);
    assert.throws(() => page.locateMethod(2, "join"), NoSuchMethod);
});

test("Of object 0 the server calls global functions, each with what it is in as its this.", () => {
    globalThis.PageTestGlobal = { name: "me", whoAmI() { return this.name; } };
    const page = makePage();
    assert.equal(page.locateMethod(0, "PageTestGlobal.whoAmI")(), "me");
    assert.throws(() => page.locateMethod(0, "PageTestGlobal.name"), NoSuchMethod);
    assert.throws(() => page.locateMethod(0, "PageTestGlobal.missing.f"), NoSuchMethod);
});

test("The page's own widget has the connection's hooks called; with a connectionLost of its own there is no dialog.", () => {
    const told = [];
    registerClass("PageTest.Own", class {
        connectionMade() {
            told.push("made");
        }

        connectionLost(reason) {
            told.push(reason);
        }
    });
    const page = makePage({ jsClass: "PageTest.Own" });
    page.start();
    page.connectionMade();
    page.disconnected();
    page.connectionEnding(new ConnectionLost("gone"));
    assert.deepEqual(told, ["made", "gone"]);
    assert.ok(!page.session.events.includes("lost gone"));
});

test("Without one the usual dialog shows the reason, and each observer is called once, whatever another does.", () => {
    const page = makePage();
    const told = [];
    page.notifyOnDisconnect(() => { throw new Error("on purpose"); });
    page.notifyOnDisconnect((reason) => told.push(reason));
    page.connectionEnding(new ConnectionLost("gone"));
    assert.ok(page.session.events.includes("lost gone"));
    assert.deepEqual(told, []);
    page.connectionLost(new ConnectionLost("gone"));
    assert.deepEqual(told, ["gone"]);
    assert.equal(errors.length, 1);
});

test("In debug mode the overlay shows calls that the server has a traceback of, and reports go to the server.", async () => {
    const page = makePage({ debug: true });
    const shown = [];
    page.overlay = { callFailed: (error, methodName) => shown.push([error.message, methodName]) };
    for (const traceback of ["File a.py", undefined]) {
        const result = page.callRemote(1, "audit");
        const error = Object.assign(new Error("failed"), { traceback });
        page.session.calls.at(-1).at(-1).errback(error);
        await assert.rejects(Promise.resolve(result), (reason) => reason === error);
    }
    assert.deepEqual(shown, [["failed", "audit"]]);
    page.overlay.show = (text) => shown.push(text);
    page.report("text", [2]);
    assert.equal(shown.at(-1), "text");
    assert.deepEqual(page.session.calls.at(-1).slice(0, 3), [0, "_athenaReport", ["text", [2]]]);
    page.session.calls.at(-1).at(-1).errback(new Error("none"));
    const silent = makePage();
    silent.report("text");
    assert.deepEqual(silent.session.calls, []);
});

/** A page whose connection is watched from `began` on, in milliseconds since its navigation. */
function watched(began, settings = {}, findWhy = async () => "blocked") {
    const page = makePage(settings);
    const shown = [];
    page.status = {
        unreachable: (why) => shown.push(why),
        resumed: () => shown.push("resumed"),
        clear: () => shown.push("cleared"),
        lost: (reason, className, code) => shown.push(`lost ${reason} ${code}`),
    };
    page.session.reason = null;
    const clock = new FakeClock();
    clock.advance(began);
    const remaker = { made: 0, can: true, connected() {}, async makeAgain() { this.made += 1; return this.can; } };
    page.watchConnection(remaker, clock, findWhy);
    return { page, clock, remaker, shown };
}

const settled = () => new Promise((resolve) => { setImmediate(resolve); });

test("A page without a connection shows that four seconds after its navigation began, and when it is connected.", async () => {
    const { page, clock, shown } = watched(500);
    clock.advance(3499);
    await settled();
    assert.deepEqual(shown, []);
    clock.advance(1);
    await settled();
    assert.deepEqual(shown, ["blocked"]);
    page.connectionMade();
    assert.deepEqual(shown, ["blocked", "resumed"]);
});

test("A page that is refused when it reconnects asks why after 20 to 40 seconds, and again if no server answers.", async () => {
    let why = "silent";
    const asked = [];
    const { page, clock, shown } = watched(0, {}, async (query) => {
        asked.push(query);
        return why;
    });
    page.status.disconnected = () => shown.push("disconnected");
    page.connectionMade();
    page.disconnected();
    clock.advance(19_000);
    page.resumed();
    page.disconnected();
    clock.advance(19_999);
    await settled();
    assert.deepEqual(asked, []);
    clock.advance(20_001);
    await settled();
    assert.deepEqual(asked, ["?unconnected=1"]);
    why = "denied";
    clock.advance(40_000);
    await settled();
    assert.deepEqual([asked.length, shown], [2, ["disconnected", "resumed", "disconnected", "denied"]]);
    clock.advance(200_000);
    page.resumed();
    clock.advance(200_000);
    await settled();
    assert.deepEqual([asked.length, shown.slice(4)], [2, ["resumed"]]);
});

test("A page that no socket answers asks again, until there is another reason to show.", async () => {
    const reasons = ["silent", "offline", "blocked"];
    const { clock, shown } = watched(0, {}, async () => reasons.shift());
    for (const patience of [4000, 40_000, 40_000, 40_000]) {
        clock.advance(patience);
        await settled();
    }
    assert.deepEqual(shown, ["silent", "offline", "blocked"]);
});

test("One that is connected again, or lost, while it asks shows nothing of it.", async () => {
    for (const end of [(page) => page.resumed(), (page) => page.connectionEnding(new ConnectionLost("gone"))]) {
        const { page, clock, shown } = watched(0);
        page.status.disconnected = page.status.resumed = () => {};
        page.connectionMade();
        page.disconnected();
        clock.advance(40_000);
        end(page);
        await settled();
        assert.ok(!shown.includes("blocked"));
    }
});

test("One whose script came late gives the socket some time; one that is connected, or lost, shows nothing.", async () => {
    const late = watched(66_000);
    late.clock.advance(2499);
    late.page.connectionMade();
    const lost = watched(0);
    lost.page.session.closeCode = 4000;
    lost.page.connectionEnding(new ConnectionLost("gone"));
    for (const { clock } of [late, lost]) {
        clock.advance(10_000);
    }
    await settled();
    assert.deepEqual(late.shown, []);
    assert.deepEqual(lost.shown, ["cleared", "lost gone 4000"]);
});

test("Of a status object of the application's own, the methods that it has are called.", async () => {
    const { page, clock } = watched(0);
    const told = [];
    page.status = { disconnected: () => told.push("disconnected"), resumed: () => told.push("resumed"), lost: (why) => told.push(why) };
    clock.advance(4000);
    await settled();
    page.connectionMade();
    page.connectionEnding(new ConnectionLost("gone"));
    assert.deepEqual(told, ["disconnected", "resumed", "resumed", "gone"]);
});

test("A page that was never connected is made again when it is only too old.", async () => {
    for (const reason of ["the page never connected", "unknown page", "the page was closed", "this page is open elsewhere"]) {
        const { page, remaker, shown } = watched(0);
        page.connectionEnding(new ConnectionLost(reason));
        await settled();
        assert.deepEqual([remaker.made, shown], [1, []], reason);
    }
});

test("It is lost if that did not help, if it was connected or posted, if people wait for its calls, or the server ended it.", async () => {
    const reason = "the page never connected";
    const cases = {
        "it did not help": [({ remaker }) => { remaker.can = false; }, 1],
        "its script cannot be loaded": [({ remaker }) => { remaker.makeAgain = async () => { throw new Error("not there"); }; }, 0],
        "it was connected": [({ page }) => page.connectionMade(), 0],
        "it was posted": [({ page }) => { page.settings.posted = true; }, 0],
        "people wait": [({ page }) => {
            page.session.isWaiting = true;
            navigator.userActivation = { hasBeenActive: true };
        }, 0],
    };
    for (const [name, [prepare, made]] of Object.entries(cases)) {
        const one = watched(0);
        prepare(one);
        one.page.connectionEnding(new ConnectionLost(reason));
        await settled();
        assert.deepEqual([one.remaker.made, one.shown], [made, ["cleared", `lost ${reason} undefined`]], name);
    }
    const { page, remaker } = watched(0);
    page.connectionEnding(new ConnectionLost("you are logged out"));
    assert.equal(remaker.made, 0);
});

test("The server's settings have texts for the status, and whether a lost page reloads by itself.", async () => {
    const page = new Page({ texts: { reload: "Again" }, reloads: true }, makeDocument());
    assert.equal(page.status.texts.reload, "Again");
    assert.equal(page.status.reloading, null);
    const told = [];
    const reloading = {};
    const whenLost = async (isReachable) => {
        told.push(await isReachable());
        return reloading;
    };
    page.watchConnection({ whenLost }, new FakeClock(), async () => "blocked");
    await settled();
    assert.deepEqual(told, [true]);
    assert.equal(page.status.reloading, reloading);
});
