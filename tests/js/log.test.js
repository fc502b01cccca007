import assert from "node:assert/strict";
import { test } from "node:test";

import { advise, isolate, logError, observeErrors } from "../../athenalite/js/log.js";

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

test("Advice is loaded when it is needed; what has no text is not reported, and what cannot be loaded by its name.", async () => {
    const texts = [];
    const report = (text) => texts.push(text);
    await advise(report, "aboutEvent", "click", "pick");
    await advise(report, "aboutEvent", "onfocusin", "pick");
    await advise(report, "aboutNothing", 1, "x");
    assert.equal(texts.length, 2);
    assert.match(texts[0], /no event "click".*method pick\. Write event="onclick"\.$/);
    assert.equal(texts[1], "aboutNothing 1 x");
});
