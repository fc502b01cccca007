import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";

import { pathMatches } from "../../athenalite/js/early.js";
import { keepEarly } from "../../athenalite/js/keeping.js";

let window;

/** A node that matches selectors which contain one of these. */
const node = (...parts) => ({ nodeType: 1, matches: (selector) => parts.some((part) => selector.includes(part)) });

beforeEach(() => {
    window = new EventTarget();
    globalThis.addEventListener = window.addEventListener.bind(window);
});

/** An event on a path; whether it was held. */
function happen(type, ...path) {
    const event = Object.assign(new Event(type, { cancelable: true }), { composedPath: () => [...path, window] });
    window.dispatchEvent(event);
    return event.defaultPrevented;
}

const form = node("onsubmit");
const field = node("onchange", "oninput");

test("Submits are held, and clicks on what leaves the page; other events have their effect. All are kept.", () => {
    const { kept } = keepEarly();
    const link = node("onclick", "[*|href]");
    const box = node("onclick");
    assert.deepEqual([happen("submit", form), happen("click", link), happen("click", box), happen("change", field)], [true, true, false, false]);
    assert.deepEqual(kept.map(({ event, path, isHeld }) => [event.type, path[0], isHeld]), [
        ["submit", form, true], ["click", link, true], ["click", box, false], ["change", field, false],
    ]);
});

test("Events that no handler waits for are left alone.", () => {
    const { kept } = keepEarly();
    assert.deepEqual([happen("submit", field), happen("click", node("[*|href]")), happen("keydown", field)], [false, false, false]);
    assert.deepEqual(kept, []);
});

test("Of a field's changes and a form's submits the last is kept, and each click.", () => {
    const { kept } = keepEarly();
    const other = node("oninput");
    for (const [type, target] of [["input", field], ["input", other], ["input", field], ["change", field], ["submit", form], ["submit", form]]) {
        happen(type, target);
    }
    happen("click", node("onclick"));
    happen("click", node("onclick"));
    assert.deepEqual(kept.map(({ event, path }) => [event.type, path[0]]).slice(0, 4), [
        ["input", other], ["input", field], ["change", field], ["submit", form],
    ]);
    assert.equal(kept.length, 6);
});

test("Nothing is kept any more when it has been stopped.", () => {
    const { kept, stop } = keepEarly();
    stop();
    assert.deepEqual([happen("submit", form), kept.length], [false, 0]);
});

test("The document, the window and shadow roots match nothing.", () => {
    assert.equal(pathMatches([{ ...node("a"), nodeType: 11 }, { ...node("a"), nodeType: 9 }, { attributes: [] }], "a"), false);
});
