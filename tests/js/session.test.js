import assert from "node:assert/strict";
import { test } from "node:test";

import { ACK_EVERY } from "../../athenalite/js/acknowledgements.js";
import { Deferred } from "../../athenalite/js/deferred.js";
import { ConnectionLost, MessageTooLarge, NoSuchMethod, Overflow } from "../../athenalite/js/errors.js";
import { Session } from "../../athenalite/js/session.js";
import { FakeClock } from "./fakeclock.js";
import { vectors } from "./vectors.js";

class Refused extends Error {
    name = "Refused";
}

const HOOKS = ["connectionMade", "disconnected", "resumed", "connectionLost"];

/** A session, object 1 of tests/vectors/README.rst, and a peer that records all frames; `events` are hooks and calls. */
class Conversation {
    events = [];
    logged = [];
    frames = [];
    closed = null;
    unfired = [];
    sockets = 0;
    results = [];
    clock = new FakeClock();
    methods = {
        echo: (value) => value,
        fail() { throw new Refused("no"); },
        later: () => {
            this.unfired.push(new Deferred());
            return this.unfired.at(-1);
        },
        record: (value) => { this.events.push(value); },
    };

    constructor(options = {}) {
        const hook = (name) => (reason) => this.events.push(reason ? [name, reason.message] : name);
        this.session = new Session({
            token: "token",
            clock: this.clock,
            log: (error) => this.logged.push(error),
            locate: (objectID, methodName) => {
                if (objectID !== 1 || !Object.hasOwn(this.methods, methodName)) {
                    throw new NoSuchMethod(objectID, methodName);
                }
                return this.methods[methodName];
            },
            hooks: Object.fromEntries(HOOKS.map((name) => [name, hook(name)])),
            ...options,
        });
    }

    open() {
        this.sockets += 1;
        const opening = this.session.opening();
        if (this.session.reason === null) {
            this.frames.push(JSON.parse(opening));
        }
        const send = (text) => {
            this.text = text;
            this.frames.push(JSON.parse(text));
        };
        this.session.connect(send, (code) => { this.closed = code; });
    }

    /** A new socket, whose server has received `received`. */
    connect(received = 0) {
        this.open();
        this.receive(["opened", received]);
    }

    receive(message) {
        this.session.messageReceived(JSON.stringify(message));
    }

    call(methodName, ...args) {
        const outcome = {};
        this.results.push(outcome);
        const deferred = this.session.callRemote(1, methodName, args);
        deferred.addCallbacks((value) => { outcome.value = value; }, (failure) => { outcome.error = failure.error; });
        return outcome;
    }

    /** The frames since the last use of this. */
    get sent() {
        return this.frames.splice(0);
    }
}

function assertSent(actual, expected) {
    const known = (message, index) => {
        const [kind, , success, error] = expected[index] ?? [];
        if (kind !== "respond" || success || !message[3]) {
            return message;
        }
        return [...message.slice(0, 3), Object.fromEntries(Object.keys(error).map((key) => [key, message[3][key]]))];
    };
    assert.deepEqual(actual.map(known), expected);
}

function assertResult({ value, error }, kind, expected) {
    if (kind === "value") {
        assert.deepEqual(value, expected);
    } else if (kind === "error") {
        assert.ok(error.message.includes(expected));
    } else {
        assert.ok(error instanceof ConnectionLost);
    }
}

const STEPS = {
    connect(conversation, { connect, received, resends, lost }) {
        conversation.open();
        assert.deepEqual(conversation.sent, [["open", 1, "token", received, conversation.sockets]]);
        conversation.receive(["opened", connect]);
        if (!lost) {
            assertSent(conversation.sent, resends);
        }
    },
    cut: (conversation) => conversation.session.disconnected(),
    call: (conversation, { call: [, methodName, args] }) => conversation.call(methodName, ...args),
    receive(conversation, { receive, times = 1 }) {
        for (let i = 0; i < times; i += 1) {
            conversation.receive(receive);
        }
    },
    text: (conversation, { text }) => conversation.session.messageReceived(text),
    fire: (conversation, { fire }) => conversation.unfired.shift().callback(fire),
    seconds: (conversation, { seconds }) => conversation.clock.advance(seconds * 1000),
    pending({ results }, { pending }) {
        assert.equal(results.filter((outcome) => Object.keys(outcome).length === 0).length, pending);
    },
    result: ({ results }, { result: [index, kind, expected] }) => assertResult(results[index - 1], kind, expected),
};

const conversations = vectors("conversations.json").session.filter(({ side }) => side !== "server");

for (const { about, steps } of conversations) {
    test(`A session holds that: ${about}.`, () => {
        const conversation = new Conversation();
        let lost = false;
        for (const step of steps) {
            STEPS[Object.keys(STEPS).find((key) => key in step)](conversation, step);
            const { sent } = conversation;
            lost ||= Boolean(step.lost);
            assert.equal(conversation.closed, lost ? 1002 : null);
            if (step.writes) {
                assert.equal(conversation.text, step.writes);
            } else if (!step.lost) {
                assertSent(sent, step.sends ?? []);
            }
        }
    });
}

test("connectionMade comes once, before any call; disconnected and resumed each time; connectionLost once.", () => {
    const c = new Conversation();
    c.connect();
    c.receive(["notify", 1, "record", ["a call"]]);
    c.session.disconnected();
    c.session.disconnected();
    c.connect();
    c.session.lost("why");
    c.session.lost("again");
    assert.deepEqual(c.events, ["connectionMade", "a call", "disconnected", "resumed", ["connectionLost", "why"]]);
});

test("disconnected and resumed are balanced, in whatever order sockets come and go.", () => {
    // Every sequence of so many events, among them a newer socket that takes over an open one.
    const STEPS_OF_SOCKETS = [
        (c) => c.open(),
        (c) => c.connect(),
        (c) => c.session.disconnected(),
        (c) => c.receive(["noop"]),
    ];
    const length = 6;
    for (let sequence = 0; sequence < STEPS_OF_SOCKETS.length ** length; sequence += 1) {
        const c = new Conversation();
        for (let rest = sequence, i = 0; i < length; i += 1, rest = Math.floor(rest / STEPS_OF_SOCKETS.length)) {
            STEPS_OF_SOCKETS[rest % STEPS_OF_SOCKETS.length](c);
        }
        c.connect();
        assert.match(c.events.join(" "), /^connectionMade( disconnected resumed)*$/);
    }
});

test("When a newer socket takes over an open one, disconnected comes before resumed, and calls are sent on the newer.", () => {
    const c = new Conversation();
    c.connect();
    c.connect();
    assert.deepEqual(c.events, ["connectionMade", "disconnected", "resumed"]);
    c.frames.length = 0;
    c.call("m");
    assert.deepEqual(c.sent.map(([kind]) => kind), ["call"]);
});

test("A socket that is lost before `opened` calls no hook.", () => {
    const c = new Conversation();
    c.open();
    c.session.disconnected();
    assert.deepEqual(c.events, []);
});

test("A hook that throws is logged, and the session goes on.", () => {
    const c = new Conversation({ hooks: { connectionMade() { throw new Error("hook"); } } });
    c.connect();
    assert.equal(c.logged[0].message, "hook");
    c.call("a");
    assert.equal(c.frames.length, 2);
});

test("An argument without JSON throws where the call was made, and nothing is sent or counted.", () => {
    const c = new Conversation();
    c.connect();
    assert.throws(() => c.session.callRemote(1, "m", [NaN]), TypeError);
    c.call("next");
    c.receive(["respond", 1, true, "answer"]);
    assert.equal(c.results[0].value, "answer");
});

test("A call larger than the server takes fails alone, and the connection stays open.", () => {
    const c = new Conversation({ maxMessageSize: 100 });
    c.connect();
    assert.ok(c.call("m", "\u20ac".repeat(40)).error instanceof MessageTooLarge);
    c.call("m");
    assert.equal(c.frames.length, 2);
});

test("A page may have 10,000 messages and 4 MiB unacknowledged, as docs/protocol.rst limits a client.", () => {
    const many = new Conversation();
    const large = new Conversation({ maxMessageSize: Infinity });
    for (let i = 0; i < 10_000; i += 1) {
        assert.equal(many.call("m").error, undefined);
    }
    assert.ok(many.call("m").error instanceof Overflow);
    const MIB = 1024 * 1024;
    const overhead = JSON.stringify(["call", 1, "m", [""]]).length;
    assert.equal(large.call("m", "x".repeat(4 * MIB - overhead)).error, undefined);
    assert.ok(large.call("m").error instanceof Overflow);
});

test("More calls than may be unacknowledged fail with Overflow; a response is sent all the same.", () => {
    const c = new Conversation({ maxMessagesKept: 1 });
    c.connect();
    c.call("first");
    assert.ok(c.call("second").error instanceof Overflow);
    c.receive(["call", 1, "echo", [7]]);
    assert.deepEqual(c.frames.at(-1), ["respond", 1, true, 7]);
});

test("Once the page is lost every call fails with the same reason, and nothing more is sent.", () => {
    const c = new Conversation();
    c.connect();
    const before = c.call("before");
    c.session.close("the reason");
    assert.equal(c.closed, 4000);
    const { length } = c.frames;
    const after = c.call("after");
    assert.equal(before.error, c.session.reason);
    assert.equal(after.error, c.session.reason);
    assert.equal(after.error.message, "the reason");
    assert.equal(c.frames.length, length);
});

test("A session that ends the page acknowledges first what it has received, if its socket is open.", () => {
    const c = new Conversation();
    c.session.close("no socket");
    const d = new Conversation();
    d.connect();
    d.receive(["notify", 1, "echo", [7]]);
    d.session.close("the reason");
    assert.deepEqual(d.frames.at(-1), ["ack", 1]);
    d.session.close("again");
    assert.equal(d.frames.filter(([kind]) => kind === "ack").length, 1);
});

test("connectionEnding is called before any outstanding call fails; when connectionLost is, every one has failed.", () => {
    const failed = [];
    const look = (reason) => failed.push(c.results[0].error !== undefined, reason.message);
    const c = new Conversation({ hooks: { connectionEnding: look, connectionLost: look } });
    c.call("m");
    c.session.lost("why");
    assert.deepEqual(failed, [false, "why", true, "why"]);
});

test("A lost page leaves no timer, and a late answer of a method goes nowhere.", () => {
    const c = new Conversation();
    c.connect();
    c.receive(["call", 1, "later", []]);
    c.session.lost("why");
    assert.equal(c.clock.waiting, 0);
    c.unfired[0].callback(1);
    assert.equal(c.frames.length, 1);
});

test("While paused nothing is sent; afterwards all of it, in order; pauses count.", () => {
    const c = new Conversation();
    c.connect();
    c.frames.length = 0;
    c.session.pause();
    c.session.pause();
    c.call("a");
    c.call("b");
    c.session.unpause();
    assert.deepEqual(c.sent, []);
    c.session.unpause();
    assert.deepEqual(c.sent.map((message) => message[2]), ["a", "b"]);
});

test("Calls made while paused are sent once, even if the socket changes meanwhile.", () => {
    const c = new Conversation();
    c.connect();
    c.session.pause();
    c.call("a");
    c.session.disconnected();
    c.connect();
    c.frames.length = 0;
    c.session.unpause();
    assert.deepEqual(c.sent.map((message) => message[2]), ["a"]);
});

test("While held nothing is run, and afterwards all of it in order, responses among it.", () => {
    const c = new Conversation();
    c.session.hold();
    c.connect();
    c.session.callRemote(1, "m").addCallback((value) => { c.events.push(value); });
    c.receive(["notify", 1, "record", [1]]);
    c.receive(["respond", 1, true, 2]);
    c.receive(["notify", 1, "record", [3]]);
    assert.deepEqual(c.events, ["connectionMade"]);
    c.session.release();
    c.clock.advance(0);
    assert.deepEqual(c.events, ["connectionMade", 1, 2, 3]);
});

test("A message that is held when the socket is lost is not counted, and so run once when it is resent.", () => {
    const c = new Conversation();
    c.session.hold();
    c.connect();
    c.receive(["notify", 1, "record", ["once"]]);
    c.session.disconnected();
    c.open();
    assert.deepEqual(c.frames.at(-1), ["open", 1, "token", 0, 2]);
    c.receive(["opened", 0]);
    c.receive(["notify", 1, "record", ["once"]]);
    c.session.release();
    assert.deepEqual(c.events.filter((event) => event === "once"), ["once"]);
});

test("A method that holds stops the messages after it.", () => {
    const c = new Conversation();
    c.methods.holding = () => c.session.hold();
    c.connect();
    c.receive(["notify", 1, "holding", []]);
    c.receive(["notify", 1, "record", ["after"]]);
    assert.ok(!c.events.includes("after"));
    c.session.release();
    assert.ok(c.events.includes("after"));
});

test("A method that releases does not run the next message inside itself.", () => {
    const c = new Conversation();
    c.methods.releasing = () => {
        c.session.hold();
        c.session.release();
        c.events.push("over");
    };
    c.session.hold();
    c.connect();
    c.receive(["notify", 1, "releasing", []]);
    c.receive(["notify", 1, "record", ["after"]]);
    c.session.release();
    assert.deepEqual(c.events, ["connectionMade", "over", "after"]);
});

test("Code that awaits a response runs before the next message, also when both were held.", async () => {
    const clock = { setTimeout, clearTimeout, now: Date.now };
    const c = new Conversation({ clock });
    c.session.hold();
    c.connect();
    const inner = async () => await c.session.callRemote(1, "m");
    (async () => { c.events.push(await inner()); })();
    c.receive(["respond", 1, true, "awaited"]);
    c.receive(["notify", 1, "record", ["next"]]);
    c.session.release();
    // One task after the other; how long they take depends on the machine.
    for (let left = 1000; left > 0 && c.events.length < 3; left -= 1) {
        await new Promise((resolve) => setTimeout(resolve, 5));
    }
    assert.deepEqual(c.events, ["connectionMade", "awaited", "next"]);
    c.session.lost("the test is over");
});

test("A callback that loses the page stops the messages after it.", () => {
    const c = new Conversation();
    c.methods.losing = () => c.session.lost("lost");
    c.session.hold();
    c.connect();
    c.receive(["notify", 1, "losing", []]);
    c.receive(["notify", 1, "record", ["after"]]);
    c.session.release();
    c.clock.advance(5000);
    assert.deepEqual(c.events, ["connectionMade", ["connectionLost", "lost"]]);
});

test("A page that is lost between a response and the next message leaves no timer either.", () => {
    const c = new Conversation();
    c.session.hold();
    c.connect();
    c.call("m");
    c.receive(["respond", 1, true, 0]);
    c.receive(["notify", 1, "record", ["after"]]);
    c.session.release();
    c.session.lost("lost");
    assert.equal(c.clock.waiting, 0);
});

test("A text that is no message loses the page with 1002, and outstanding calls fail.", () => {
    const c = new Conversation();
    c.connect();
    const call = c.call("m");
    c.session.messageReceived("[NaN]");
    assert.equal(c.closed, 1002);
    assert.ok(call.error instanceof ConnectionLost);
});

test("Before `opened`, a call is out of place, and a noop is not.", () => {
    const c = new Conversation();
    c.open();
    c.receive(["noop"]);
    assert.equal(c.closed, null);
    c.receive(["call", 1, "echo", []]);
    assert.equal(c.closed, 1002);
});

test("A message on a socket that is lost is ignored.", () => {
    const c = new Conversation();
    c.connect();
    c.session.disconnected();
    c.receive(["notify", 1, "record", ["late"]]);
    assert.ok(!c.events.includes("late"));
});

test("A message is acknowledged with the second noop after it.", () => {
    const c = new Conversation();
    c.connect();
    c.frames.splice(0);
    c.receive(["notify", 1, "echo", ["x"]]);
    c.receive(["noop"]);
    assert.deepEqual(c.sent, []);
    c.receive(["noop"]);
    assert.deepEqual(c.sent, [["ack", 1]]);
});

test("The first acknowledgement is sent after `firstAck` messages, the others after ACK_EVERY.", () => {
    const c = new Conversation({ firstAck: 3 });
    c.connect();
    c.frames.splice(0);
    for (let i = 0; i < 3 + ACK_EVERY; i += 1) {
        c.receive(["notify", 1, "echo", ["x"]]);
    }
    assert.deepEqual(c.sent, [["ack", 3], ["ack", 3 + ACK_EVERY]]);
});

test("The close code by which a page was lost is kept for those who explain it.", () => {
    const found = [];
    const session = new Session({ token: "t", clock: new FakeClock(), hooks: { connectionEnding: () => found.push(session.closeCode) } });
    assert.deepEqual([session.isWaiting, session.hasSocket], [false, false]);
    session.connect(() => {}, () => {});
    assert.equal(session.hasSocket, true);
    session.callRemote(0, "wait").addErrback(() => {});
    assert.equal(session.isWaiting, true);
    session.lost("a binary message", 1003);
    session.lost("again", 4000);
    assert.deepEqual([found, session.closeCode, session.isWaiting], [[1003], 1003, false]);
});
