import assert from "node:assert/strict";
import { test } from "node:test";

import { Delivery } from "../../athenalite/js/delivery.js";
import { Overflow, ProtocolError } from "../../athenalite/js/errors.js";
import { vectors } from "./vectors.js";

const UNBOUNDED = { maxMessages: Infinity, maxBytes: Infinity };

/** What each step of tests/vectors/README.rst does; the main key of a step is the first of these that it has. */
const STEPS = {
    add(delivery, { add, number, overflow }) {
        if (overflow) {
            assert.throws(() => delivery.addMessage(add), Overflow);
        } else {
            assert.equal(delivery.addMessage(add), number);
        }
    },
    acknowledged: (delivery, { acknowledged }) => delivery.acknowledged(acknowledged),
    resume(delivery, { resume, resends }) {
        delivery.resume(resume);
        assert.deepEqual(delivery.takeUnsent(), resends);
    },
    offer: (delivery, { offer }) => assert.deepEqual(delivery.takeUnsent(), offer),
    receive: (delivery, { receive }) => assert.equal(delivery.messageReceived(), receive),
    responded: (delivery, { responded }) => delivery.responded(responded),
    untold: (delivery, { untold }) => assert.equal(delivery.ackPending, untold),
    ack: (delivery, { ack }) => assert.equal(delivery.takeAck(), ack),
    kept: (delivery, { kept }) => assert.equal(delivery.unacknowledgedBytes, kept),
};

for (const { about, steps, ...bounds } of vectors("conversations.json").delivery) {
    test(`The delivery holds that ${about}.`, () => {
        const delivery = new Delivery({ ...UNBOUNDED, ...bounds });
        for (const step of steps) {
            const play = STEPS[Object.keys(STEPS).find((key) => key in step)];
            if (step.error) {
                assert.throws(() => play(delivery, step), ProtocolError);
            } else {
                play(delivery, step);
            }
        }
    });
}

test("A message that overflows is neither kept nor counted, so that the next number is the right one.", () => {
    const delivery = new Delivery({ maxMessages: 1, maxBytes: 10 });
    delivery.addMessage("a");
    assert.throws(() => delivery.addMessage("b"), Overflow);
    assert.deepEqual([delivery.sent, delivery.unacknowledgedBytes], [1, 1]);
    delivery.acknowledged(1);
    assert.equal(delivery.addMessage("c"), 2);
});

test("A response is kept beyond the bounds.", () => {
    const delivery = new Delivery({ maxMessages: 1, maxBytes: 1 });
    delivery.addMessage("a");
    assert.equal(delivery.addMessage("answer", true), 2);
    assert.deepEqual(delivery.takeUnsent(), ["a", "answer"]);
});
