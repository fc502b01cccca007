import assert from "node:assert/strict";
import { test } from "node:test";

import { MAX_RETRY_DELAY } from "../../athenalite/js/backoff.js";
import { LEAVING_PAUSE } from "../../athenalite/js/closing.js";
import { PROTOCOL } from "../../athenalite/js/handshake.js";
import { MAX_SILENCE, PROBE_TIMEOUT } from "../../athenalite/js/liveness.js";
import { Session } from "../../athenalite/js/session.js";
import { Socket } from "../../athenalite/js/socket.js";
import { FakeClock } from "./fakeclock.js";

const HOOKS = ["connectionMade", "disconnected", "resumed", "connectionLost"];

/** A page with its session and socket; `sockets` are all the WebSockets it made, whose server side the test plays. */
class Page {
    clock = new FakeClock();
    document = Object.assign(new EventTarget(), { visibilityState: "visible" });
    target = Object.assign(new EventTarget(), { document: this.document });
    sockets = [];
    reports = [];
    events = [];

    constructor({ url = "ws://host/t", WebSocket = this.webSocketClass(), random = () => 1, open = () => undefined } = {}) {
        const hook = (name) => (reason) => this.events.push(reason ? [name, reason.message] : name);
        const hooks = Object.fromEntries(HOOKS.map((name) => [name, hook(name)]));
        this.session = new Session({ token: "token", clock: this.clock, hooks });
        const { target, clock } = this;
        this.socket = new Socket(this.session, { url, WebSocket, target, clock, random, opened: open(WebSocket),
            reportLeft: (...report) => this.reports.push(report) });
        this.socket.start();
    }

    webSocketClass() {
        const { sockets } = this;
        return class FakeWebSocket {
            readyState = 0;
            sent = [];
            closedWith = null;

            protocol = "";

            constructor(url, protocols) {
                Object.assign(this, { url, protocols });
                sockets.push(this);
            }

            send(text) {
                this.sent.push(JSON.parse(text));
            }

            close(code, reason) {
                this.readyState = 2;
                this.closedWith = [code, reason];
            }

            // What the server and the network do.
            accept(protocol = PROTOCOL, ...worker) {
                this.readyState = 1;
                this.protocol = protocol;
                this.onopen({});
                this.deliver(["opened", 0, ...worker]);
            }

            deliver(message) {
                this.onmessage({ data: JSON.stringify(message) });
            }

            drop(code = 1006, reason = "", wasClean = false) {
                this.readyState = 3;
                this.onclose({ code, reason, wasClean });
            }
        };
    }

    get newest() {
        return this.sockets.at(-1);
    }

    happens(type, fields = {}, target = this.target) {
        target.dispatchEvent(Object.assign(new Event(type), fields));
    }

    becomes(visibilityState) {
        this.target.document.visibilityState = visibilityState;
        this.happens("visibilitychange", {}, this.target.document);
    }
}

/** A page that is connected. */
function connected(options) {
    const page = new Page(options);
    page.newest.accept();
    return page;
}

/** What the page has shown in the handshake of its newest socket. */
function shown(page) {
    const [first, opening] = page.newest.protocols;
    assert.equal(first, "athenalite");
    assert.match(opening, /^open\.[\w-]+$/);
    return JSON.parse(Buffer.from(opening.slice(5), "base64url").toString());
}

test("It connects at once, and shows `open` in the handshake.", () => {
    const page = connected();
    assert.equal(page.newest.url, "ws://host/t");
    assert.deepEqual(shown(page), ["open", 1, "token", 0, 1]);
    assert.deepEqual(page.newest.sent, []);
    assert.deepEqual(page.events, ["connectionMade"]);
    page.newest.deliver(["notify", 1, "m", []]);
    page.newest.drop();
    assert.deepEqual(shown(page), ["open", 1, "token", 1, 2]);
});

test("When the page has moved, its next sockets and reports go to the worker that has it.", () => {
    const page = connected({ url: "ws://host/at/t/at/w1/transport" });
    const move = (worker) => {
        page.newest.drop();
        page.clock.advance(MAX_RETRY_DELAY);
        page.newest.accept(PROTOCOL, worker);
        page.newest.drop();
        page.clock.advance(MAX_RETRY_DELAY);
        return page.newest.url;
    };
    assert.equal(move("w2"), "ws://host/at/t/at/w2/transport");
    assert.equal(move("w-3.b"), "ws://host/at/t/at/w-3.b/transport");
    page.happens("pagehide");
    assert.equal(page.reports[0][0], "ws://host/at/t/at/w-3.b/transport");
});

test("A close that names the page's worker sends the next sockets there.", () => {
    const page = connected({ url: "ws://host/at/w1/transport" });
    page.newest.drop(4002, "w2");
    page.clock.advance(MAX_RETRY_DELAY);
    assert.equal(page.newest.url, "ws://host/at/w2/transport");
    page.newest.accept(PROTOCOL, "w2");
    assert.deepEqual(page.events, ["connectionMade", "disconnected", "resumed"]);
});

test("An address without a worker stays.", () => {
    const page = connected({ url: "ws://host/_athena/transport" });
    page.newest.drop();
    page.clock.advance(MAX_RETRY_DELAY);
    page.newest.accept(PROTOCOL, "w2");
    page.newest.drop();
    page.clock.advance(MAX_RETRY_DELAY);
    assert.deepEqual(page.sockets.map(({ url }) => url), Array(3).fill("ws://host/_athena/transport"));
});

test("To a server that does not choose the subprotocol `open` is sent as the first message.", () => {
    const page = new Page();
    page.newest.accept("");
    assert.deepEqual(page.newest.sent, [["open", 1, "token", 0, 1]]);
    assert.deepEqual(page.events, ["connectionMade"]);
});

test("After a failed attempt `open` is sent in the other way, because a proxy may not let subprotocols pass.", () => {
    const page = new Page();
    page.newest.drop();
    assert.deepEqual(page.newest.protocols, []);
    page.newest.accept("");
    assert.deepEqual(page.newest.sent, [["open", 1, "token", 0, 2]]);
    page.newest.drop();
    page.clock.advance(1000);
    assert.equal(page.sockets.length, 3);
    assert.deepEqual(page.newest.protocols, []);
    page.newest.drop();
    page.clock.advance(1000);
    assert.deepEqual(shown(page), ["open", 1, "token", 0, 4]);
});

test("After the first loss it connects at once, then with growing delays up to the longest.", () => {
    const page = connected();
    page.clock.advance(60);
    page.newest.drop();
    assert.equal(page.sockets.length, 2);
    const delays = [];
    for (let i = 0; i < 12; i += 1) {
        const { length } = page.sockets;
        const since = page.clock.now();
        page.newest.drop();
        while (page.sockets.length === length) {
            page.clock.advance(1);
        }
        delays.push(page.clock.now() - since);
    }
    const growing = [100, 150, 225, 338, 507, 760, 1140, 1709, 2563, 3845];
    assert.deepEqual(delays, [...growing, MAX_RETRY_DELAY, MAX_RETRY_DELAY]);
});

test("Half of each delay is random.", () => {
    const page = connected({ random: () => 0 });
    page.newest.drop();
    page.newest.drop();
    page.clock.advance(49);
    assert.equal(page.sockets.length, 2);
    page.clock.advance(1);
    assert.equal(page.sockets.length, 3);
});

test("A socket that lived for a while was a success: the next loss is a first one.", () => {
    const page = connected();
    for (let i = 0; i < 5; i += 1) {
        page.clock.advance(2000);
        page.newest.drop();
        page.newest.accept();
    }
    assert.equal(page.sockets.length, 6);
});

test("Each code that ends a page ends it, with the server's reason, and nothing connects again.", () => {
    for (const code of [4000, 4001, 1002, 1003, 1007, 1008, 1009]) {
        const page = connected();
        page.newest.drop(code, "because");
        page.clock.advance(60_000);
        page.happens("online");
        assert.deepEqual(page.events, ["connectionMade", ["connectionLost", "because"]]);
        assert.deepEqual([page.sockets.length, page.clock.waiting], [1, 0]);
    }
});

test("A code that ends a page without a reason has one all the same.", () => {
    const page = connected();
    page.newest.drop(4001);
    assert.match(page.session.reason.message, /newer socket/);
});

test("Any other code loses the socket only.", () => {
    for (const code of [1000, 1001, 1005, 1006, 1011, 1012, 1015, 3000, 4999]) {
        const page = connected();
        page.newest.drop(code);
        page.newest.accept();
        assert.deepEqual(page.events, ["connectionMade", "disconnected", "resumed"]);
    }
});

test("An old socket that speaks or dies late changes nothing.", () => {
    const page = connected();
    const [old] = page.sockets;
    page.clock.advance(MAX_SILENCE);
    page.newest.accept();
    old.deliver(["ack", 99]);
    old.drop(4000, "late");
    assert.equal(page.session.reason, null);
    assert.equal(page.sockets.length, 2);
});

test("A connection that was silent for 40 seconds is closed and replaced; one noop is enough to keep it.", () => {
    const page = connected();
    page.clock.advance(MAX_SILENCE - 1);
    page.newest.deliver(["noop"]);
    page.clock.advance(MAX_SILENCE - 1);
    assert.equal(page.sockets.length, 1);
    page.clock.advance(1);
    assert.equal(page.sockets.length, 2);
    assert.equal(page.sockets[0].closedWith[0], 1000);
    assert.deepEqual(page.events, ["connectionMade", "disconnected"]);
});

test("A socket that is not opened in time is given up.", () => {
    const page = new Page();
    page.clock.advance(10_000);
    assert.equal(page.sockets[0].readyState, 2);
    assert.equal(page.sockets.length, 2);
});

test("A frozen tab sends a probe first, and keeps the connection if it is answered.", () => {
    const page = connected();
    page.clock.freeze(10 * MAX_SILENCE);
    assert.deepEqual(page.newest.sent.at(-1), ["noop"]);
    page.clock.advance(PROBE_TIMEOUT - 1);
    page.newest.deliver(["ack", 0]);
    page.clock.advance(MAX_SILENCE - 1);
    assert.equal(page.sockets.length, 1);
});

test("A tab may be frozen as often as it likes.", () => {
    const page = connected();
    for (let i = 0; i < 10; i += 1) {
        page.clock.freeze(10 * MAX_SILENCE);
        page.newest.deliver(["ack", 0]);
    }
    assert.equal(page.sockets.length, 1);
});

test("A frozen tab whose question is not answered connects again.", () => {
    const page = connected();
    page.clock.freeze(10 * MAX_SILENCE);
    page.clock.advance(PROBE_TIMEOUT);
    assert.equal(page.sockets.length, 2);
});

test("Timers that are always late do not keep a dead connection.", () => {
    const page = connected();
    for (let i = 0; i < 5; i += 1) {
        page.clock.freeze(60_000);
    }
    assert.ok(page.sockets.length > 1);
});

test("A page that waits to retry connects at once when it is shown, seen, or the network is back.", () => {
    const events = ["online", "pageshow"].map((type) => (page) => page.happens(type));
    const signs = [(page) => page.becomes("visible"), ...events];
    for (const sign of signs) {
        const page = connected();
        page.newest.drop();
        page.newest.drop();
        assert.equal(page.sockets.length, 2);
        sign(page);
        assert.equal(page.sockets.length, 3);
        page.clock.advance(300);
        assert.equal(page.sockets.length, 3);
    }
});

test("A tab that is hidden does nothing.", () => {
    const page = connected();
    page.newest.drop();
    page.newest.drop();
    page.becomes("hidden");
    assert.equal(page.sockets.length, 2);
});

test("When the network is back the connection may be dead: it is probed.", () => {
    const page = connected();
    page.happens("online");
    assert.deepEqual(page.newest.sent.at(-1), ["noop"]);
    page.clock.advance(PROBE_TIMEOUT);
    assert.equal(page.sockets.length, 2);
});

test("A page that is closed closes its socket with 4000, and connects no more.", () => {
    const page = connected();
    page.happens("pagehide", { persisted: false });
    assert.equal(page.newest.closedWith[0], 4000);
    assert.equal(page.clock.waiting, 0);
});

test("A page that is left while its socket is open is not reported.", () => {
    const page = connected();
    page.happens("pagehide", { persisted: false });
    assert.deepEqual(page.reports, []);
});

test("A page that is left while it connects closes its socket and is reported.", () => {
    const page = new Page();
    page.happens("pagehide", { persisted: false });
    assert.equal(page.newest.closedWith[0], 4000);
    assert.deepEqual(page.reports, [["ws://host/t", "token", 1]]);
});

test("A page that is left after its browser closed the socket sends a beacon, and connects no more.", () => {
    const page = connected();
    page.newest.drop(1000, "", true);
    page.happens("pagehide", { persisted: false });
    page.clock.advance(60_000);
    assert.deepEqual([page.sockets.length, page.reports], [1, [["ws://host/t", "token", 1]]]);
    assert.equal(page.session.reason.message, "the page was closed");
});

test("A report names the newest socket; a page that is lost, or kept by the browser, is not reported.", () => {
    const page = connected();
    page.newest.drop();
    page.happens("pagehide", { persisted: true });
    assert.deepEqual(page.reports, []);
    page.happens("pageshow", { persisted: true });
    page.happens("pagehide", { persisted: false });
    assert.deepEqual(page.reports, [["ws://host/t", "token", 3]]);
    page.happens("pagehide", { persisted: false });
    assert.equal(page.reports.length, 1);
});

test("After a close in order it waits before it connects, for the page may be about to be left.", () => {
    for (const code of [1000, 1001, 1005, 1013]) {
        const page = connected();
        page.newest.drop(code, "", true);
        page.clock.advance(LEAVING_PAUSE - 1);
        assert.equal(page.sockets.length, 1);
        page.clock.advance(1);
        page.newest.accept();
        assert.deepEqual(page.events, ["connectionMade", "disconnected", "resumed"]);
    }
});

test("A page in the back-forward cache has no socket, does not retry, and resumes when it is shown again.", () => {
    const page = connected();
    page.happens("pagehide", { persisted: true });
    assert.equal(page.newest.closedWith[0], 1000);
    page.happens("online");
    page.clock.advance(60_000);
    assert.deepEqual([page.sockets.length, page.clock.waiting], [1, 0]);
    page.happens("pageshow", { persisted: true });
    page.newest.accept();
    assert.deepEqual(page.events, ["connectionMade", "disconnected", "resumed"]);
});

test("beforeunload is no end: the page may stay, as after a click on a download.", () => {
    const page = connected();
    page.happens("beforeunload");
    assert.equal(page.newest.readyState, 1);
});

test("A protocol error ends the page with a code that a page may use, and the reason.", () => {
    const page = connected();
    page.newest.deliver(["nonsense"]);
    assert.deepEqual(page.newest.closedWith, [4000, "a message of unknown kind"]);
    page.newest.drop(4000);
    assert.deepEqual(page.events, ["connectionMade", ["connectionLost", "a message of unknown kind"]]);
});

test("A binary message is a protocol error.", () => {
    const page = connected();
    page.newest.onmessage({ data: new ArrayBuffer(1) });
    assert.equal(page.newest.closedWith[0], 4000);
});

test("A close reason is cut to the 123 bytes it may have, between two characters.", () => {
    const page = connected();
    page.socket.close("\u20ac".repeat(100));
    assert.equal(page.newest.closedWith[1], "\u20ac".repeat(41));
});

test("A call is not sent into a socket that is closing, which browsers complain of; the next one has it.", () => {
    const page = connected();
    page.newest.readyState = 2;
    page.session.callRemote(1, "say", ["hello"]).addErrback(() => null);
    assert.deepEqual(page.newest.sent, []);
    page.newest.drop();
    page.clock.advance(MAX_RETRY_DELAY);
    assert.equal(page.sockets.length, 2);
    page.newest.accept();
    assert.match(JSON.stringify(page.newest.sent), /hello/);
});

test("A session that ends while its socket is being opened ends the socket when it is.", () => {
    const page = new Page();
    page.session.close("done");
    page.newest.readyState = 1;
    page.newest.onopen({});
    assert.deepEqual(page.newest.closedWith, [4000, "done"]);
    assert.deepEqual(page.newest.sent, []);
});

test("A session that ends between two sockets has no third.", () => {
    const page = connected();
    page.newest.drop();
    page.newest.drop();
    page.session.close("done");
    page.clock.advance(60_000);
    assert.equal(page.sockets.length, 2);
});

test("A WebSocket that cannot be made, for its URL or the page's policy, loses the page at once.", () => {
    const page = new Page({ WebSocket: class { constructor() { throw new SyntaxError("bad URL"); } } });
    assert.match(page.session.reason.message, /bad URL/);
    assert.equal(page.clock.waiting, 0);
});

/** What the opener leaves: a first socket, and the events that it has kept. */
function given(WebSocket) {
    const socket = new WebSocket("ws://host/t", [PROTOCOL]);
    const events = [];
    const keep = (type) => (event) => events.push({ ...event, type });
    Object.assign(socket, { onopen: keep("open"), onmessage: keep("message"), onclose: keep("close") });
    const opened = { socket, events, released: 0, release: () => { opened.released += 1; } };
    socket.given = opened;
    return opened;
}

test("A socket that was opened before is the first, and what has happened to it happens at once, in order.", () => {
    const page = new Page({ open: (WebSocket) => {
        const opened = given(WebSocket);
        opened.socket.accept();
        opened.socket.deliver(["notify", 1, "m", []]);
        return opened;
    } });
    const [socket] = page.sockets;
    assert.deepEqual([page.sockets.length, page.events, socket.given.released], [1, ["connectionMade"], 1]);
    assert.deepEqual(socket.sent.map(([kind, number]) => [kind, number]), [["respond", 1]]);
    socket.deliver(["notify", 1, "m", []]);
    assert.deepEqual(socket.sent.map(([kind, number]) => [kind, number]), [["respond", 1], ["respond", 2]]);
    socket.drop();
    assert.equal(page.sockets.length, 2);
    assert.deepEqual(shown(page), ["open", 1, "token", 2, 2]);
});

test("One that is still being opened is, too.", () => {
    const page = new Page({ open: given });
    page.newest.accept();
    assert.deepEqual([page.sockets.length, page.events, page.newest.given.released], [1, ["connectionMade"], 1]);
    page.newest.drop(4000, "lost");
    assert.deepEqual(page.events, ["connectionMade", ["connectionLost", "lost"]]);
});

test("One that has failed already is followed by another.", () => {
    const page = new Page({ open: (WebSocket) => {
        const opened = given(WebSocket);
        opened.socket.drop();
        return opened;
    } });
    assert.equal(page.sockets.length, 2);
    page.newest.accept("");
    assert.deepEqual(page.newest.sent, [["open", 1, "token", 0, 2]]);
});

test("A page that is left closes it.", () => {
    const page = new Page({ open: given });
    page.happens("pagehide", { persisted: false });
    assert.deepEqual(page.newest.closedWith, [4000, "the page was closed"]);
    assert.deepEqual(page.events, [["connectionLost", "the page was closed"]]);
});
