import assert from "node:assert/strict";
import { test } from "node:test";

import { isolate, logError, observeErrors } from "../../athenalite/js/log.js";

test("Errors go to the console until another observer is set.", (t) => {
    const error = t.mock.method(console, "error", () => {});
    logError("e", "while testing");
    const seen = [];
    const previous = observeErrors((...report) => seen.push(report));
    logError("f", "still testing");
    observeErrors(previous);
    assert.deepEqual(error.mock.calls.map((call) => call.arguments), [["while testing", "e"]]);
    assert.deepEqual(seen, [["f", "still testing"]]);
});

test("What is isolated is reported when it throws, be it null, and goes no further.", () => {
    const seen = [];
    const previous = observeErrors((...report) => seen.push(report));
    isolate("isolated", () => { throw null; });
    observeErrors(previous);
    assert.deepEqual(seen, [[null, "isolated"]]);
});
