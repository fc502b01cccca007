import assert from "node:assert/strict";
import { test } from "node:test";

import { Inbox } from "../../athenalite/js/inbox.js";
import { FakeClock } from "./fakeclock.js";

/** An inbox, the messages that it has run, and what to do while it runs one of them. */
function inbox(actions = {}) {
    const clock = new FakeClock();
    const ran = [];
    const it = new Inbox(clock, (message) => {
        ran.push(message);
        actions[message]?.(it);
        ran.push(`${message} is over`);
    });
    return { clock, ran, it };
}

const over = (...messages) => messages.flatMap((message) => [message, `${message} is over`]);

test("A message is run when it is added.", () => {
    const { ran, it } = inbox();
    it.add("a");
    it.add("b");
    assert.deepEqual(ran, over("a", "b"));
});

test("While held nothing is run, and afterwards all messages in order; holds count.", () => {
    const { ran, it } = inbox();
    it.hold();
    it.hold();
    it.add("a");
    it.add("b");
    it.release();
    assert.deepEqual(ran, []);
    it.release();
    assert.deepEqual(ran, over("a", "b"));
});

test("A release too many is ignored.", () => {
    const { ran, it } = inbox();
    it.release();
    it.hold();
    it.add("a");
    assert.deepEqual(ran, []);
});

test("A message that is added or released while another one runs is run after it.", () => {
    const { ran, it } = inbox({ a: (self) => self.add("b"), b: (self) => { self.hold(); self.add("c"); self.release(); } });
    it.add("a");
    assert.deepEqual(ran, over("a", "b", "c"));
});

test("The messages after a `continueLater` are run in a later task.", () => {
    const { clock, ran, it } = inbox({ a: (self) => self.continueLater() });
    it.hold();
    it.add("a");
    it.add("b");
    it.release();
    it.add("c");
    assert.deepEqual(ran, over("a"));
    clock.advance(0);
    assert.deepEqual(ran, over("a", "b", "c"));
});

test("If no message waits no timer is set.", () => {
    const { clock, it } = inbox({ a: (self) => self.continueLater() });
    it.add("a");
    assert.equal(clock.waiting, 0);
});

test("Dropped messages are not run; those of the next socket are.", () => {
    const { ran, it } = inbox();
    it.hold();
    it.add("a");
    it.drop();
    it.add("b");
    it.release();
    assert.deepEqual(ran, over("b"));
});

test("A closed inbox has neither messages nor a timer.", () => {
    const { clock, ran, it } = inbox({ a: (self) => self.continueLater() });
    it.hold();
    it.add("a");
    it.add("b");
    it.release();
    it.close();
    assert.equal(clock.waiting, 0);
    clock.advance(0);
    assert.deepEqual(ran, over("a"));
});

test("An error of one message goes to the caller and does not stop the next.", () => {
    const { ran, it } = inbox({ a: () => { throw new Error("mine"); } });
    assert.throws(() => it.add("a"), /mine/);
    it.add("b");
    assert.deepEqual(ran, ["a", ...over("b")]);
});
