import assert from "node:assert/strict";
import { test } from "node:test";

import { Backoff, MAX_RETRY_DELAY } from "../../athenalite/js/backoff.js";

const rounded = (backoff, times) => Array.from({ length: times }, () => Math.round(backoff.next(0)));

test("The first attempt is made at once, the others with growing delays up to the longest.", () => {
    const delays = rounded(new Backoff(() => 1), 13);
    assert.deepEqual(delays, [0, 100, 150, 225, 338, 506, 759, 1139, 1709, 2563, 3844, MAX_RETRY_DELAY, MAX_RETRY_DELAY]);
});

test("Half of each delay is random.", () => {
    assert.deepEqual(rounded(new Backoff(() => 0), 3), [0, 50, 75]);
    assert.deepEqual(rounded(new Backoff(() => 0.5), 3), [0, 75, 113]);
});

test("The first four attempts are over within half a second.", () => {
    assert.ok(rounded(new Backoff(() => 1), 4).reduce((sum, delay) => sum + delay) < 500);
});

test("A socket that was open for a second was a success, a shorter one was not.", () => {
    const backoff = new Backoff(() => 1);
    rounded(backoff, 5);
    assert.ok(backoff.next(999) > 0);
    assert.equal(backoff.next(1000), 0);
    assert.equal(Math.round(backoff.next(0)), 100);
});

test("A pause is the least delay, the first attempt's too.", () => {
    const backoff = new Backoff(() => 1);
    assert.equal(backoff.next(0, 250), 250);
    assert.equal(backoff.next(0, 250), 250);
    rounded(backoff, 5);
    assert.ok(backoff.next(0, 250) > 250);
});
