import assert from "node:assert/strict";
import { test } from "node:test";

import { LocalCalls, RemoteCalls, describeError } from "../../athenalite/js/calls.js";
import { Deferred, fail, observeFailures, succeed } from "../../athenalite/js/deferred.js";
import { ConnectionLost, NoSuchMethod, ProtocolError, RemoteError } from "../../athenalite/js/errors.js";
import { decode } from "../../athenalite/js/wire.js";

class Made {
    constructor(...args) {
        this.args = args;
    }
}
const findClass = (name) => ({ "A.Made": Made })[name];

/** Run one call of `method`; returns the answers, decoded, once promises have settled. */
async function answersTo(method, { message = {}, maxMessageSize = 64 * 1024 } = {}) {
    const answers = [];
    const locate = (objectID, methodName) => {
        if (!method) {
            throw new NoSuchMethod(objectID, methodName);
        }
        return method;
    };
    const respond = (number, text) => answers.push(decode(text));
    const calls = new LocalCalls({ locate, findClass, respond, adapt: (value) => value, maxMessageSize });
    calls.callReceived(5, { kind: "call", objectID: 1, methodName: "m", args: [], kwargs: {}, made: [], ...message });
    await new Promise((resolve) => setTimeout(resolve));
    return answers;
}

async function valueOf(method, options) {
    const [answer, ...others] = await answersTo(method, options);
    assert.deepEqual([answer.number, answer.success, others.length], [5, true, 0]);
    return answer.value;
}

async function errorOf(method, options) {
    const [answer, ...others] = await answersTo(method, options);
    assert.deepEqual([answer.number, answer.success, others.length], [5, false, 0]);
    return answer.value;
}

test("A value, a Deferred, a Promise and a thenable are one response with their value.", async () => {
    assert.equal(await valueOf(() => "plain"), "plain");
    assert.equal(await valueOf(() => undefined), null);
    assert.equal(await valueOf(() => succeed("deferred")), "deferred");
    assert.equal(await valueOf(async () => "promised"), "promised");
    const twice = { then(resolve) { resolve("first"); resolve("second"); throw new Error("third"); } };
    assert.equal(await valueOf(() => twice), "first");
});

test("One Deferred that several calls return gives each its value, or its failure, and keeps it.", async () => {
    const logged = [];
    const previous = observeFailures((failure) => { logged.push(failure.error); });
    const shared = new Deferred();
    const broken = new Deferred();
    const values = Promise.all([1, 2, 3].map(() => valueOf(() => shared)));
    const errors = Promise.all([1, 2, 3].map(() => errorOf(() => broken)));
    shared.callback("one");
    broken.errback(new TypeError("mine"));
    assert.deepEqual(await values, ["one", "one", "one"]);
    assert.deepEqual((await errors).map((error) => error.message), ["mine", "mine", "mine"]);
    assert.equal(await valueOf(() => shared), "one");
    assert.equal((await errorOf(() => broken)).message, "mine");
    assert.equal(await valueOf(async () => await shared), "one");
    for (const _ of [1, 2]) {
        assert.equal((await errorOf(async () => await broken)).message, "mine");
    }
    assert.deepEqual(logged, []);
    broken.addErrback(() => { throw new Error("another"); });
    assert.deepEqual(logged.map((error) => error.message), ["another"]);
    observeFailures(previous);
});

test("A call whose result is a Deferred is responded to when it fires, in the same task.", () => {
    const later = new Deferred();
    const answers = [];
    const respond = (number) => answers.push(number);
    const calls = new LocalCalls({ locate: () => () => later, respond, adapt: (value) => value, maxMessageSize: 99 });
    calls.callReceived(1, { kind: "call", args: [], kwargs: {}, made: [] });
    assert.deepEqual(answers, []);
    later.callback(1);
    assert.deepEqual(answers, [1]);
});

test("A response that cannot be sent at once is not followed by an error.", async () => {
    const answers = [];
    const respond = (number, text) => {
        answers.push(text);
        throw new Error("the socket is closing");
    };
    for (const outcome of [() => 1, async () => 1, () => succeed(1), () => { throw new Error("no"); }]) {
        const calls = new LocalCalls({ locate: () => outcome, respond, adapt: (value) => value, maxMessageSize: 9999 });
        calls.callReceived(1, { kind: "call", args: [], kwargs: {}, made: [] });
        await new Promise((resolve) => setTimeout(resolve));
        assert.equal(answers.splice(0).length, 1);
    }
});

test("A method gets its arguments, and keyword arguments as one last object if there are any.", async () => {
    const given = (...args) => args;
    assert.deepEqual(await valueOf(given, { message: { args: [1, "b"] } }), [1, "b"]);
    assert.deepEqual(await valueOf(given, { message: { args: [1], kwargs: { loud: true } } }), [1, { loud: true }]);
});

test("A method gets the values that were to be made.", async () => {
    const message = { args: [[7]], made: [[[0], "A.Made"]] };
    assert.deepEqual(await valueOf((made) => made instanceof Made && made.args, { message }), [7]);
});

test("A class to be made that is not there fails that call.", async () => {
    const error = await errorOf(() => 1, { message: { args: [[7]], made: [[[0], "B.Gone"]] } });
    assert.match(error.message, /B\.Gone/);
});

test("Whatever is thrown, or rejected, is one answer.", async () => {
    const trap = new Proxy({}, { get() { throw new Error("trap"); } });
    const revoked = Proxy.revocable({}, {});
    revoked.revoke();
    const odd = [null, undefined, 0, "", "text", Symbol("s"), 10n, {}, Object.create(null), [], () => 1, trap,
        revoked.proxy, { toString() { throw new Error("no"); } }, { message: 7, name: {} }];
    for (const thrown of odd) {
        for (const method of [() => { throw thrown; }, () => fail(thrown), () => Promise.reject(thrown)]) {
            const { type, message } = await errorOf(method);
            assert.ok(type && typeof message === "string");
        }
    }
});

test("An error is described by its class, its text and its stack.", async () => {
    const { type, message, stack } = await errorOf(() => { throw new RangeError("too far"); });
    assert.deepEqual([type, message], ["RangeError", "too far"]);
    assert.match(stack, /calls\.test\.js/);
});

test("An error of a class system that keeps the name elsewhere has its name too.", () => {
    assert.equal(describeError({ message: "m", __class__: { __name__: "Chat.Taken" } }).type, "Chat.Taken");
});

test("A string that is thrown is the message.", () => {
    assert.deepEqual(describeError("just text"), { type: "String", message: "just text" });
});

test("A description is bounded, so that it can always be sent.", () => {
    const long = new Error("x".repeat(1e6));
    const { message, stack } = describeError(long);
    assert.ok(message.length + stack.length < 10_000);
});

test("A method that is not there is answered.", async () => {
    assert.equal((await errorOf(null)).type, "NoSuchMethod");
});

test("A result that has no JSON is answered with an error that names the place.", async () => {
    const error = await errorOf(() => ({ x: NaN }));
    assert.deepEqual([error.type, error.message], ["TypeError", "result.x: NaN is not JSON; send null, or a string"]);
});

test("A result whose `then` or `toJSON` throws is answered with that error.", async () => {
    assert.equal((await errorOf(() => ({ get then() { throw new Error("then"); } }))).message, "then");
    assert.equal((await errorOf(() => ({ toJSON() { throw new Error("json"); } }))).message, "result: it cannot be read: json");
});

test("A result, or an error, that is too large for the server is answered with MessageTooLarge.", async () => {
    assert.equal((await errorOf(() => "x".repeat(2000), { maxMessageSize: 1500 })).type, "MessageTooLarge");
    const failing = () => { throw new Error("x".repeat(2000)); };
    assert.equal((await errorOf(failing, { maxMessageSize: 500 })).type, "MessageTooLarge");
});

test("A notification is answered only if it fails.", async () => {
    assert.deepEqual(await answersTo(() => 1, { message: { kind: "notify" } }), []);
    assert.equal((await errorOf(() => { throw new Error("no"); }, { message: { kind: "notify" } })).message, "no");
});

/** RemoteCalls with one call outstanding, number 1, and what becomes of it. */
function outstanding() {
    const seen = [];
    const calls = new RemoteCalls();
    const deferred = new Deferred();
    deferred.addCallbacks((value) => { seen.push(value); }, (failure) => { seen.push(failure.error); });
    calls.callSent(1, deferred);
    const respond = (message) => calls.responseReceived({ number: 1, made: [], ...message }, findClass);
    return { calls, seen, respond };
}

test("A response fires its call's Deferred before it returns, and the call is outstanding no more.", () => {
    const { calls, seen, respond } = outstanding();
    respond({ success: true, value: 7 });
    assert.deepEqual([seen, calls.size], [[7], 0]);
});

test("An error of the server is a RemoteError, and its NoSuchMethod ours.", () => {
    const remote = outstanding();
    remote.respond({ success: false, value: { type: "ValueError", message: "no" } });
    assert.ok(remote.seen[0] instanceof RemoteError && remote.seen[0].type === "ValueError");
    assert.equal(remote.seen[0].traceback, undefined);
    const shown = outstanding();
    shown.respond({ success: false, value: { type: "ValueError", message: "no", traceback: "File a.py" } });
    assert.equal(shown.seen[0].traceback, "File a.py");
    const missing = outstanding();
    missing.respond({ success: false, value: { type: "NoSuchMethod", message: "?", args: [1, "gone"] } });
    assert.ok(missing.seen[0] instanceof NoSuchMethod && missing.seen[0].methodName === "gone");
});

test("A value to be made is an instance when the callbacks get it, and a failure if its class is not there.", () => {
    const made = outstanding();
    made.respond({ success: true, value: [7], made: [[[], "A.Made"]] });
    assert.ok(made.seen[0] instanceof Made);
    const gone = outstanding();
    gone.respond({ success: true, value: [7], made: [[[], "B.Gone"]] });
    assert.match(gone.seen[0].message, /B\.Gone/);
});

test("A callback that throws affects no other call.", () => {
    const calls = new RemoteCalls();
    const seen = [];
    const deferred = new Deferred().addCallback(() => { throw new Error("mine"); });
    calls.callSent(1, deferred.addErrback((failure) => { seen.push(failure.error.message); }));
    calls.responseReceived({ number: 1, success: true, value: 0, made: [] }, findClass);
    assert.deepEqual(seen, ["mine"]);
});

test("A response to a number that is not outstanding is a protocol error, be it a result or an error.", () => {
    const { calls, seen, respond } = outstanding();
    respond({ success: true, value: 7 });
    for (const number of [0, 1, 2]) {
        for (const outcome of [{ success: true, value: 0 }, { success: false, value: { type: "E", message: "boom" } }]) {
            const response = { number, made: [], ...outcome };
            assert.throws(() => calls.responseReceived(response, findClass), ProtocolError);
        }
    }
    assert.deepEqual(seen, [7]);
});

test("failAll fails every call with the reason, once, and not those that an errback makes meanwhile.", () => {
    const calls = new RemoteCalls();
    const seen = [];
    const reason = new ConnectionLost("gone");
    const errback = (failure) => {
        seen.push(failure.error);
        calls.callSent(9, new Deferred().addErrback((again) => { seen.push(again); }));
    };
    calls.callSent(1, new Deferred().addErrback(errback));
    calls.failAll(reason);
    assert.deepEqual(seen, [reason]);
    assert.equal(calls.size, 1);
});
