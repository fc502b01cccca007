import assert from "node:assert/strict";
import { test } from "node:test";

import { ACK_EVERY, Acknowledgements } from "../../athenalite/js/acknowledgements.js";
import { Delivery } from "../../athenalite/js/delivery.js";

/** Acknowledgements with an open socket; `sent` are the numbers that were acknowledged on it. */
class Receiver {
    delivery = new Delivery({ maxMessages: Infinity, maxBytes: Infinity });
    sent = [];

    constructor(options = {}) {
        const { delivery } = this;
        const send = (text) => this.sent.push(JSON.parse(text)[1]);
        this.acknowledgements = new Acknowledgements({ delivery, send, ...options });
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

test("Fewer messages are acknowledged with the second keep-alive after the first of them.", () => {
    const r = new Receiver();
    r.acknowledgements.keptAlive();
    r.receive();
    r.acknowledgements.keptAlive();
    r.receive();
    assert.deepEqual(r.sent, []);
    r.acknowledgements.keptAlive();
    r.acknowledgements.keptAlive();
    r.receive();
    r.acknowledgements.keptAlive();
    assert.deepEqual(r.sent, [2]);
    r.acknowledgements.keptAlive();
    assert.deepEqual(r.sent, [2, 3]);
});

test("A keep-alive counts from the last acknowledgement.", () => {
    const r = new Receiver();
    r.receive(ACK_EVERY - 1);
    r.acknowledgements.keptAlive();
    r.receive(2);
    r.acknowledgements.keptAlive();
    assert.deepEqual(r.sent, [ACK_EVERY]);
    r.acknowledgements.keptAlive();
    assert.deepEqual(r.sent, [ACK_EVERY, ACK_EVERY + 1]);
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

test("A page has a number of its own for the first acknowledgement.", () => {
    const r = new Receiver({ first: 3 });
    r.receive(3 + ACK_EVERY);
    assert.deepEqual(r.sent, [3, 3 + ACK_EVERY]);
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
    r.acknowledgements.keptAlive();
    r.acknowledgements.keptAlive();
    assert.deepEqual(r.sent, []);
});

test("Without a socket nothing is sent, and the next socket counts anew.", () => {
    const r = new Receiver();
    r.receive(ACK_EVERY - 1);
    r.acknowledgements.keptAlive();
    r.acknowledgements.stop();
    r.receive(2);
    r.acknowledgements.keptAlive();
    assert.deepEqual(r.sent, []);
    r.delivery.resume(0);
    r.acknowledgements.start();
    r.receive(ACK_EVERY - 1);
    r.acknowledgements.keptAlive();
    assert.deepEqual(r.sent, []);
    r.receive();
    assert.deepEqual(r.sent, [2 * ACK_EVERY + 1]);
});
