import assert from "node:assert/strict";
import { test } from "node:test";

import { Liveness, MAX_SILENCE, OPEN_TIMEOUT, PROBE_TIMEOUT } from "../../athenalite/js/liveness.js";
import { FakeClock } from "./fakeclock.js";

/** A watched connection; `events` are probes and the end. */
function watched() {
    const clock = new FakeClock();
    const events = [];
    const liveness = new Liveness(clock, () => events.push("probe"), () => events.push("dead"));
    liveness.start();
    return { clock, events, liveness };
}

test("A socket that is not answered in time is dead.", () => {
    const { clock, events } = watched();
    clock.advance(OPEN_TIMEOUT - 1);
    assert.deepEqual(events, []);
    clock.advance(1);
    assert.deepEqual([events, clock.waiting], [["dead"], 0]);
});

test("A connection is dead after the longest silence, counted from the last message.", () => {
    const { clock, events, liveness } = watched();
    for (let i = 0; i < 10; i += 1) {
        liveness.messageReceived();
        clock.advance(MAX_SILENCE - 1);
        assert.deepEqual(events, []);
    }
    clock.advance(1);
    assert.deepEqual(events, ["dead"]);
});

test("Messages set no timers.", () => {
    const { clock, liveness } = watched();
    for (let i = 0; i < 100; i += 1) {
        liveness.messageReceived();
    }
    assert.equal(clock.waiting, 1);
});

test("A probe that is answered proves the connection, one that is not ends it.", () => {
    const { clock, events, liveness } = watched();
    liveness.messageReceived();
    liveness.probe();
    clock.advance(PROBE_TIMEOUT - 1);
    liveness.messageReceived();
    clock.advance(PROBE_TIMEOUT);
    assert.deepEqual(events, ["probe"]);
    liveness.probe();
    clock.advance(PROBE_TIMEOUT);
    assert.deepEqual(events, ["probe", "probe", "dead"]);
});

test("A timer that is late is no proof: the server is probed, and the answer proves the connection.", () => {
    const { clock, events, liveness } = watched();
    liveness.messageReceived();
    for (let i = 0; i < 10; i += 1) {
        clock.freeze(10 * MAX_SILENCE);
        liveness.messageReceived();
    }
    assert.ok(!events.includes("dead"));
    assert.ok(events.includes("probe"));
});

test("Timers that are always late end a silent connection all the same.", () => {
    const { clock, events } = watched();
    for (let i = 0; i < 4; i += 1) {
        assert.ok(!events.includes("dead"));
        clock.freeze(60_000);
    }
    assert.deepEqual(events, ["probe", "probe", "probe", "dead"]);
});

test("A stopped one watches nothing; started again it watches the next connection.", () => {
    const { clock, events, liveness } = watched();
    liveness.stop();
    assert.equal(clock.waiting, 0);
    clock.advance(10 * MAX_SILENCE);
    liveness.start();
    clock.advance(OPEN_TIMEOUT - 1);
    assert.deepEqual(events, []);
    clock.advance(1);
    assert.deepEqual(events, ["dead"]);
});
