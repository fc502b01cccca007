import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";

import { Recorder } from "../../athenalite/js/debug/recorder.js";
import { protocolsShowing } from "../../athenalite/js/handshake.js";
import { FakeClock } from "./fakeclock.js";

const URL = "ws://host/app/_athena/transport";

globalThis.CloseEvent ??= class extends Event {
    constructor(type, { code, reason = "" }) {
        super(type);
        Object.assign(this, { code, reason });
    }
};

class FakeSocket extends EventTarget {
    static OPEN = 1;
    sent = [];
    closed = 0;

    constructor(url, protocols) {
        super();
        Object.assign(this, { url, protocols });
    }

    send(text) {
        this.sent.push(text);
    }

    close() {
        this.closed += 1;
    }

    receive(data) {
        this.dispatchEvent(Object.assign(new Event("message"), { data }));
    }
}

let window;
let clock;
let recorder;

beforeEach(() => {
    window = { WebSocket: FakeSocket };
    clock = new FakeClock();
    recorder = new Recorder("./_athena/transport", (number) => `#${number}`, clock);
    recorder.watch(window);
});

const kinds = () => recorder.recording.lines.map(({ kind }) => kind);

function connect() {
    const socket = new window.WebSocket(URL, protocolsShowing('["open",1,"SECRET",0,1]'));
    socket.dispatchEvent(new Event("open"));
    return socket;
}

test("What is said on the page's socket is recorded, from the handshake on, and said nevertheless.", () => {
    const socket = connect();
    socket.receive('["opened",0]');
    socket.send('["call",1,"say",[]]');
    socket.receive('["respond",1,true,null]');
    assert.deepEqual(kinds(), ["open", "connected", "call", "result"]);
    assert.deepEqual(socket.sent, ['["call",1,"say",[]]']);
    assert.ok(socket instanceof window.WebSocket);
    assert.equal(window.WebSocket.OPEN, 1);
    assert.doesNotMatch(JSON.stringify(recorder.recording.lines), /SECRET/);
});

test("An application's own sockets are not touched, also those of a class of its own.", () => {
    class Own extends window.WebSocket {}
    const socket = new Own("ws://host/quotes");
    socket.receive("1");
    recorder.cut(5000);
    assert.ok(socket instanceof Own && socket.closed === 0);
    assert.ok(new window.WebSocket("ws://host/quotes") instanceof FakeSocket);
    assert.deepEqual(kinds(), []);
});

test("A failure of the recorder loses no message, and a worker's socket is the page's, too.", (t) => {
    const complaints = t.mock.method(console, "error", () => {});
    recorder = new Recorder("https://host/_athena/at/w1/transport", () => "", clock);
    recorder.watch(window);
    const socket = new window.WebSocket("wss://host/_athena/at/w1/transport", []);
    recorder.recording.message = () => { throw new Error("broken"); };
    socket.send("x");
    assert.deepEqual([socket.sent, complaints.mock.callCount()], [["x"], 1]);
});

test("A line that is cut is so for five seconds: no attempt succeeds, and what is on the way is lost.", () => {
    const socket = connect();
    const closes = [];
    socket.addEventListener("close", ({ code }) => closes.push(code));
    recorder.cut(5000);
    assert.deepEqual([closes, socket.closed, recorder.isCut], [[1006], 1, true]);
    // The server's answer, and what it sent before.
    socket.receive('["noop"]');
    socket.dispatchEvent(new CloseEvent("close", { code: 1000 }));
    const attempts = [new window.WebSocket(URL), new window.WebSocket(URL)];
    const failed = [];
    attempts[0].onclose = ({ code }) => failed.push(code);
    attempts[0].addEventListener("close", ({ code }) => failed.push(code));
    attempts[0].send("x");
    attempts[1].onclose = () => failed.push("given up");
    attempts[1].close();
    recorder.cut(5000);
    clock.advance(4999);
    assert.deepEqual([failed, recorder.isCut], [["given up"], true]);
    clock.advance(1);
    assert.deepEqual([failed, recorder.isCut, attempts[0].readyState], [["given up", 1006, 1006], false, 3]);
    assert.deepEqual(kinds(), ["open", "cut"]);
    assert.ok(new window.WebSocket(URL) instanceof FakeSocket);
});

test("Without a socket, the connection is cut for the next.", () => {
    recorder.cut(5000);
    const attempt = new window.WebSocket(URL);
    assert.equal(attempt.readyState, 0);
    clock.advance(5000);
    const socket = new window.WebSocket(URL);
    socket.dispatchEvent(new CloseEvent("close", { code: 1006 }));
    assert.deepEqual(kinds(), ["failed"]);
});
