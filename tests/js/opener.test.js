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
const location = "http://host/room/";
let document;
let later;
let timers = [];
let runs = 0;

let beacons = [];
const sendBeacon = (url, body) => beacons.push([url, JSON.parse(body)]);
let window;

/** The page is left, and kept by the browser if `persisted`. */
function leave(persisted) {
    window.dispatchEvent(Object.assign(new Event("pagehide"), { persisted }));
}

/** Run the script, in a page with this WebSocket. */
async function run(WebSocket = FakeWebSocket) {
    Object.assign(globalThis, { document, location, WebSocket });
    const { setTimeout } = globalThis;
    timers = [];
    beacons = [];
    window = new EventTarget();
    globalThis.addEventListener = window.addEventListener.bind(window);
    Object.defineProperty(globalThis, "navigator", { value: { sendBeacon }, configurable: true });
    globalThis.setTimeout = (f) => timers.push(f) - 1;
    try {
        // With another query it is another module, and runs again.
        runs += 1;
        await import(`../../athenalite/js/opener.js?${runs}`);
    } finally {
        globalThis.setTimeout = setTimeout;
    }
    return data[OPENED];
}

beforeEach(() => {
    data = { textContent: JSON.stringify(settings) };
    later = null;
    document = Object.assign(new EventTarget(), {
        getElementById: (id) => (id === "athena-page" ? data : null),
        querySelector: (selector) => (selector === "link[rel=athena-later]" ? later : null),
    });
});

test("The opener opens the page's first socket and keeps its events until the client takes it over.", async () => {
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
    leave(false);
    assert.deepEqual([events.length, socket.closed, beacons], [3, false, []]);
});

test("If the client does not take the socket over, the page shows it.", async () => {
    const { socket } = await run();
    const [tell] = timers;
    // As it is once the client runs.
    data[OPENED] = undefined;
    await tell();
    assert.equal(socket.closed, false);
});

test("A page that is left before the client runs is reported to the server, unless the browser keeps the page.", async () => {
    const { socket } = await run();
    leave(true);
    assert.deepEqual([socket.closed, beacons], [false, []]);
    leave(false);
    assert.deepEqual(socket.closed, [4000, "the page was closed"]);
    assert.deepEqual(beacons, [["http://host/room/_athena/transport", ["left", 1, "secret", 1]]]);
});

test("What the client imports is preloaded when the socket has been made.", async () => {
    const { socket } = await run();
    assert.ok(socket);
    data = { textContent: data.textContent };
    later = { getAttribute: (name) => (name === "href" ? "./_athena/0123/other.js" : null), set rel(rel) { this.given = [rel, OPENED in data]; } };
    await run();
    assert.deepEqual(later.given, ["modulepreload", true]);
    assert.equal(later.href.href, new URL("../../athenalite/0123/other.js", import.meta.url).href);
});

test("If the client runs first, the opener opens no socket.", async () => {
    data[OPENED] = undefined;
    assert.equal(await run(), undefined);
});

test("A page that is rendered in advance has no socket before it is shown, and none of the opener if the client has one then.", async () => {
    document.prerendering = true;
    assert.equal(await run(), undefined);
    document.dispatchEvent(new Event("prerenderingchange"));
    assert.equal(data[OPENED].socket.url, "ws://host/room/_athena/transport");
    const { socket, release } = data[OPENED];
    release();
    document.dispatchEvent(new Event("prerenderingchange"));
    assert.equal(data[OPENED].socket, socket);
});

test("Where no socket is possible the opener throws nothing: the client reports it.", async () => {
    assert.equal(await run(class { constructor() { throw new Error("forbidden"); } }), undefined);
    assert.ok(!(OPENED in data));
});
