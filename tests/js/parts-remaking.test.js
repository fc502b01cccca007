import assert from "node:assert/strict";
import { test } from "node:test";

import { RELOAD_SPREAD, Remaker, hasInput } from "../../athenalite/js/parts/remaking.js";
import { Remaking } from "../../athenalite/js/remaking.js";
import { FakeClock } from "./fakeclock.js";
import { documentWith, makeWindow } from "./fakewindow.js";

const option = (selected, defaultSelected) => ({ selected, defaultSelected });

test("A field has input if it differs from what came with the page, and is visible.", () => {
    const text = { value: "typed", defaultValue: "" };
    assert.ok(!hasInput(documentWith()));
    assert.ok(hasInput(documentWith([text])));
    assert.ok(!hasInput(documentWith([{ ...text, checkVisibility: () => false }])));
    assert.ok(!hasInput(documentWith([{ type: "checkbox", value: "on", defaultValue: "", checked: false, defaultChecked: false }])));
    assert.ok(hasInput(documentWith([{ type: "checkbox", value: "on", defaultValue: "", checked: true, defaultChecked: false }])));
    assert.ok(!hasInput(documentWith([{ options: [option(true, false), option(false, false)], selectedIndex: 0 }])));
    assert.ok(hasInput(documentWith([{ options: [option(false, false), option(true, false)], selectedIndex: 1 }])));
    assert.ok(!hasInput(documentWith([{ options: [option(false, false), option(true, true)], selectedIndex: 1 }])));
    assert.ok(hasInput(documentWith([], [{ isContentEditable: true, textContent: "typed" }])));
    assert.ok(!hasInput(documentWith([], [{ isContentEditable: true, textContent: " " }])));
});

test("A page is made again once, and once more after it was connected.", () => {
    const storage = new Map();
    const remade = () => {
        const window = makeWindow(storage);
        const remaker = new Remaker(window, new FakeClock());
        return [remaker.makeAgain(), window.location.reloads];
    };
    assert.deepEqual(remade(), [true, 1]);
    assert.deepEqual(remade(), [false, 0]);
    new Remaking(makeWindow(storage), new FakeClock()).connected();
    assert.deepEqual(remade(), [true, 1]);
});

test("It is not made again if something was typed, or if that it was could not be remembered.", () => {
    const typed = makeWindow();
    typed.document = documentWith([{ value: "typed", defaultValue: "" }]);
    const forbidden = makeWindow();
    Object.defineProperty(forbidden, "sessionStorage", { get() { throw new Error("SecurityError"); } });
    for (const window of [typed, forbidden]) {
        assert.equal(new Remaker(window, new FakeClock()).makeAgain(), false);
        assert.equal(window.location.reloads, 0);
    }
});

async function settled() {
    await new Promise((resolve) => { setImmediate(resolve); });
}

test("A lost page is reloaded after a random time, when the server answers.", async () => {
    const window = makeWindow();
    const clock = new FakeClock();
    const answers = [false, true];
    new Remaker(window, clock, () => 0.5).reloadSoon(0, async () => answers.shift(), assert.fail);
    clock.advance(RELOAD_SPREAD * 0.54);
    assert.equal(answers.length, 2);
    clock.advance(RELOAD_SPREAD * 0.02);
    await settled();
    assert.deepEqual([answers.length, window.location.reloads], [1, 0]);
    clock.advance(RELOAD_SPREAD);
    await settled();
    assert.equal(window.location.reloads, 1);
});

test("A page that is lost again and again is reloaded after longer and longer times, unless it was connected for long.", async () => {
    const storage = new Map();
    const delays = [];
    for (const lived of [0, 0, 0, 0, 100_000]) {
        const clock = new FakeClock();
        const remaker = new Remaker(makeWindow(storage), clock, () => 1);
        const isReachable = async () => {
            delays.push(clock.now());
            return true;
        };
        remaker.reloadSoon(lived, isReachable, assert.fail);
        clock.advance(60_000);
    }
    await settled();
    assert.deepEqual(delays, [10_000, 20_000, 40_000, 60_000, 10_000]);
});

test("It is not reloaded once that is cancelled, or while something is typed.", async () => {
    const window = makeWindow();
    const clock = new FakeClock();
    const remaker = new Remaker(window, clock, () => 0);
    remaker.reloadSoon(0, async () => true, assert.fail);
    remaker.cancel();
    clock.advance(RELOAD_SPREAD);
    let abandoned = 0;
    remaker.reloadSoon(0, async () => true, () => { abandoned += 1; });
    window.document = documentWith([{ value: "typed", defaultValue: "" }]);
    clock.advance(RELOAD_SPREAD * 2);
    await settled();
    assert.deepEqual([abandoned, window.location.reloads], [1, 0]);
});

/** A window of an application that is being developed, with these fields. */
function developed(storage, fields) {
    const window = makeWindow(storage);
    window.document = { ...documentWith(fields), querySelector: (selector) => (selector === "meta[name=athena-reload]" ? { content: "200" } : null) };
    return window;
}

test("While an application is developed, it reloads within the time that the server names, each time, also if something was typed.", async () => {
    const storage = new Map();
    for (let count = 0; count < 5; count += 1) {
        const window = developed(storage, [{ tagName: "INPUT", type: "text", name: "a", id: "", value: "typed", defaultValue: "" }]);
        const clock = new FakeClock();
        const remaker = new Remaker(window, clock, () => 1);
        assert.ok(!remaker.hasInput());
        let reachable = false;
        remaker.reloadSoon(0, async () => reachable, assert.fail);
        clock.advance(200);
        await settled();
        assert.equal(window.location.reloads, 0);
        reachable = true;
        clock.advance(200);
        await settled();
        assert.equal(window.location.reloads, 1);
    }
});

test("What was typed is in the fields of the next page, except passwords, and not in those after it.", async () => {
    const storage = new Map();
    const fields = (value) => [
        { tagName: "INPUT", type: "text", name: "a", id: "", value, defaultValue: "", checked: false, defaultChecked: false },
        { tagName: "INPUT", type: "checkbox", name: "b", id: "", value: "on", defaultValue: "on", checked: value !== "", defaultChecked: false },
        { tagName: "INPUT", type: "password", name: "c", id: "", value, defaultValue: "" },
        { tagName: "SELECT", type: "select-one", name: "d", id: "", options: [option(value === "", true), option(value !== "", false)] },
        { tagName: "TEXTAREA", type: "textarea", name: "e", id: "", value: "", defaultValue: "" },
    ];
    const clock = new FakeClock();
    new Remaker(developed(storage, fields("typed")), clock, () => 0).reloadSoon(0, async () => true, assert.fail);
    clock.advance(200);
    await settled();
    assert.doesNotMatch([...storage.values()].join(), /password/);
    const next = fields("");
    new Remaker(developed(storage, next), clock);
    assert.deepEqual(next.slice(0, 3).map((field) => field.value), ["typed", "on", ""]);
    assert.ok(next[1].checked);
    assert.deepEqual(next[3].options.map((one) => one.selected), [false, true]);
    const later = fields("");
    new Remaker(developed(storage, later), clock);
    assert.equal(later[0].value, "");
});

test("What was typed is put back when the document has been parsed, if the script is there before.", () => {
    const storage = new Map([["athenalite typed /chat", JSON.stringify([["INPUT text a ", "typed"]])]]);
    const fields = [];
    const window = developed(storage, fields);
    window.document.readyState = "loading";
    new Remaker(window, new FakeClock());
    fields.push({ tagName: "INPUT", type: "text", name: "a", id: "", value: "", defaultValue: "" });
    window.document.DOMContentLoaded();
    assert.equal(fields[0].value, "typed");
});
