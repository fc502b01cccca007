import assert from "node:assert/strict";
import { test } from "node:test";

import { ACK_DELAY, ACK_EVERY, Acknowledgements } from "../../athenalite/js/acknowledgements.js";
import { Delivery } from "../../athenalite/js/delivery.js";
import { FakeClock } from "./fakeclock.js";

/** Acknowledgements with an open socket; `sent` are the numbers that were acknowledged on it. */
class Receiver {
    clock = new FakeClock();
    delivery = new Delivery({ maxMessages: Infinity, maxBytes: Infinity });
    sent = [];

    constructor(options = {}) {
        const { clock, delivery } = this;
        const send = (text) => this.sent.push(JSON.parse(text)[1]);
        this.acknowledgements = new Acknowledgements({ clock, delivery, send, ...options });
        this.acknowledgements.start();
    }

    receive(times = 1, text = "m") {
        for (let i = 0; i < times; i += 1) {
            this.delivery.messageReceived();
            this.acknowledgements.due(text);
        }
    }
}

test("An acknowledgement is sent after a number of messages, at once.", () => {
    const r = new Receiver();
    r.receive(ACK_EVERY - 1);
    assert.deepEqual(r.sent, []);
    r.receive(ACK_EVERY + 1);
    assert.deepEqual(r.sent, [ACK_EVERY, 2 * ACK_EVERY]);
});

test("Fewer messages are acknowledged after a delay, counted from the first of them.", () => {
    const r = new Receiver();
    r.receive();
    r.clock.advance(ACK_DELAY - 1);
    r.receive();
    assert.deepEqual(r.sent, []);
    r.clock.advance(1);
    assert.deepEqual([r.sent, r.clock.waiting], [[2], 0]);
});

test("A message counts once more for each full KiB of UTF-8, not of characters.", () => {
    const ofBytes = [["x", 1023, 1], ["x", 1024, 2], ["x", 10 * 1024, 11], ["\u20ac", 341, 1], ["\u20ac", 342, 2], ["\u00e9", 512, 2]];
    for (const [character, times, cost] of ofBytes) {
        const r = new Receiver();
        const needed = Math.ceil(ACK_EVERY / cost);
        r.receive(needed - 1, character.repeat(times));
        assert.deepEqual(r.sent, [], `${times} ${character}`);
        r.receive(1, character.repeat(times));
        assert.deepEqual(r.sent, [needed], `${times} ${character}`);
    }
});

test("A page has a number of its own for the first acknowledgement, and a delay of its own for all.", () => {
    const r = new Receiver({ first: 3, delay: 100 });
    r.receive(3 + ACK_EVERY);
    assert.deepEqual(r.sent, [3, 3 + ACK_EVERY]);
    r.receive();
    r.clock.advance(100);
    assert.equal(r.sent.at(-1), 4 + ACK_EVERY);
});

test("Messages that a response has acknowledged are not acknowledged again, nor counted.", () => {
    const r = new Receiver();
    for (let number = 1; number <= 2 * ACK_EVERY; number += 1) {
        r.delivery.messageReceived();
        r.delivery.responded(number);
        r.acknowledgements.due("m");
    }
    r.receive();
    r.delivery.responded(r.delivery.received);
    r.clock.advance(ACK_DELAY);
    assert.deepEqual(r.sent, []);
});

test("Without a socket nothing is sent, no timer is left, and the next socket counts anew.", () => {
    const r = new Receiver();
    r.receive(ACK_EVERY - 1);
    r.acknowledgements.stop();
    assert.equal(r.clock.waiting, 0);
    r.receive(2);
    assert.deepEqual([r.sent, r.clock.waiting], [[], 0]);
    r.delivery.resume(0);
    r.acknowledgements.start();
    r.receive(ACK_EVERY - 1);
    assert.deepEqual(r.sent, []);
    r.receive();
    assert.deepEqual(r.sent, [2 * ACK_EVERY + 1]);
});
