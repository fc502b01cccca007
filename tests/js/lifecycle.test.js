import assert from "node:assert/strict";
import { test } from "node:test";

import { Lifecycle } from "../../athenalite/js/lifecycle.js";

/** A window with its document, and what its observer was told. */
class Window extends EventTarget {
    document = Object.assign(new EventTarget(), { visibilityState: "visible" });
    calls = [];

    constructor() {
        super();
        const call = (name) => () => this.calls.push(name);
        this.lifecycle = new Lifecycle(this, { left: call("left"), suspended: call("suspended"), woken: call("woken") });
    }

    happens(type, fields = {}) {
        this.dispatchEvent(Object.assign(new Event(type), fields));
        return this.calls.splice(0);
    }

    becomes(visibilityState) {
        this.document.visibilityState = visibilityState;
        this.document.dispatchEvent(new Event("visibilitychange"));
        return this.calls.splice(0);
    }
}

test("A page is woken when it is shown, when it becomes visible, and when the network is back.", () => {
    const window = new Window();
    assert.deepEqual(window.happens("pageshow", { persisted: false }), ["woken"]);
    assert.deepEqual(window.happens("online"), ["woken"]);
    assert.deepEqual(window.becomes("hidden"), []);
    assert.deepEqual(window.becomes("visible"), ["woken"]);
});

test("A page that the browser does not keep is left.", () => {
    assert.deepEqual(new Window().happens("pagehide", { persisted: false }), ["left"]);
});

test("A page in the back-forward cache is suspended, and not woken before it is shown.", () => {
    const window = new Window();
    assert.deepEqual(window.happens("pagehide", { persisted: true }), ["suspended"]);
    assert.deepEqual([...window.happens("online"), ...window.becomes("visible")], []);
    assert.deepEqual(window.happens("pageshow", { persisted: true }), ["woken"]);
    assert.deepEqual(window.happens("online"), ["woken"]);
});

test("beforeunload and offline are ignored: the page may stay, as after a click on a download.", () => {
    const window = new Window();
    assert.deepEqual([...window.happens("beforeunload"), ...window.happens("offline")], []);
});

test("After it is stopped the observer is not called.", () => {
    const window = new Window();
    window.lifecycle.stop();
    const types = ["pagehide", "pageshow", "online"];
    assert.deepEqual([...types.flatMap((type) => window.happens(type)), ...window.becomes("visible")], []);
});
