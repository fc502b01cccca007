import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";

import { OPENED } from "../../athenalite/js/handshake.js";

class FakeWebSocket extends EventTarget {
    constructor(url, protocols) {
        super();
        Object.assign(this, { url, protocols, closed: false });
    }

    close(...how) {
        this.closed = how;
    }
}

const settings = { token: "secret", transport: "./_athena/transport" };
let data;
const document = { baseURI: "http://host/room/", getElementById: (id) => (id === "athena-page" ? data : null) };
let timers = [];
let listeners = {};
let runs = 0;

globalThis.addEventListener = (type, f) => { listeners[type] = f; };
globalThis.removeEventListener = (type, f) => { assert.equal(listeners[type], f); delete listeners[type]; };

/** Run the script, in a page with this WebSocket. */
async function run(WebSocket = FakeWebSocket) {
    Object.assign(globalThis, { document, WebSocket });
    const { setTimeout } = globalThis;
    timers = [];
    listeners = {};
    globalThis.setTimeout = (f) => timers.push(f) - 1;
    try {
        // Each time as if it were another.
        runs += 1;
        await import(`../../athenalite/js/opener.js?${runs}`);
    } finally {
        globalThis.setTimeout = setTimeout;
    }
    return data[OPENED];
}

beforeEach(() => {
    data = { textContent: JSON.stringify(settings) };
});

test("It opens the page's first socket, and keeps what happens to it until it is taken over.", async () => {
    const { socket, events, release } = await run();
    assert.equal(socket.url, "ws://host/room/_athena/transport");
    assert.deepEqual(JSON.parse(Buffer.from(socket.protocols[1].slice(5), "base64url").toString()), ["open", 1, "secret", 0, 1]);
    for (const type of ["open", "message", "error", "close"]) {
        socket.dispatchEvent(new Event(type));
    }
    assert.deepEqual(events.map(({ type }) => type), ["open", "message", "close"]);
    const { clearTimeout } = globalThis;
    globalThis.clearTimeout = (timer) => delete timers[timer];
    release();
    globalThis.clearTimeout = clearTimeout;
    timers.forEach((f) => f());
    socket.dispatchEvent(new Event("message"));
    assert.deepEqual([events.length, socket.closed, listeners], [3, false, {}]);
});

test("One that nobody takes over is closed.", async () => {
    const { socket } = await run();
    assert.equal(socket.closed, false);
    timers.forEach((f) => f());
    assert.deepEqual(socket.closed, []);
});

test("If the page is left before, the server is told; if it may come back, the client will look after that.", async () => {
    const { socket } = await run();
    const beacons = [];
    const sendBeacon = (url, body) => beacons.push([url, JSON.parse(body)]);
    Object.defineProperty(globalThis, "navigator", { value: { sendBeacon }, configurable: true });
    listeners.pagehide({ persisted: true });
    assert.deepEqual([socket.closed, beacons], [false, []]);
    listeners.pagehide({ persisted: false });
    assert.deepEqual(socket.closed, [4000, "the page was closed"]);
    assert.deepEqual(beacons, [["http://host/room/_athena/transport", ["left", 1, "secret", 1]]]);
});

test("If the client was there first, it opens none.", async () => {
    data[OPENED] = undefined;
    assert.equal(await run(), undefined);
});

test("Where there can be no socket it says nothing: the client will.", async () => {
    assert.equal(await run(class { constructor() { throw new Error("forbidden"); } }), undefined);
    assert.ok(!(OPENED in data));
});
