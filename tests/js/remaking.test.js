import assert from "node:assert/strict";
import { test } from "node:test";

import { ENGLISH } from "../../athenalite/js/reach.js";
import { Remaking } from "../../athenalite/js/remaking.js";
import { LANGUAGES } from "../../athenalite/js/texts.js";
import { FakeClock } from "./fakeclock.js";
import { documentWith, makeWindow } from "./fakewindow.js";

test("A page is made again by what is loaded for it, once, until it is connected.", async () => {
    const storage = new Map();
    const windows = [makeWindow(storage), makeWindow(storage), makeWindow(storage)];
    const results = [];
    for (const window of windows) {
        const remaking = new Remaking(window, new FakeClock());
        results.push(await remaking.makeAgain());
        if (results.length === 2) {
            remaking.connected();
        }
    }
    assert.deepEqual(results, [true, false, true]);
    assert.deepEqual(windows.map(({ location }) => location.reloads), [1, 0, 1]);
});

test("What reloads lost pages is loaded before; a page that was connected for long starts with the first delay.", async () => {
    const storage = new Map();
    const delays = [];
    for (const lived of [null, 0, 100_000]) {
        const window = makeWindow(storage);
        const clock = new FakeClock();
        const remaking = new Remaking(window, clock);
        const isReachable = async () => {
            delays.push(clock.now() - lived);
            return true;
        };
        const reloading = await remaking.whenLost(isReachable);
        if (lived !== null) {
            remaking.connected();
            clock.advance(lived);
        }
        reloading.start(assert.fail);
        clock.advance(60_000);
        await new Promise((resolve) => { setImmediate(resolve); });
        assert.equal(window.location.reloads, 1);
    }
    assert.ok(delays[0] <= 10_000 && delays[1] <= 20_000 && delays[2] <= 10_000, String(delays));
});

test("It knows whether something was typed, and can be cancelled.", async () => {
    const window = makeWindow();
    const clock = new FakeClock();
    const reloading = await new Remaking(window, clock).whenLost(assert.fail);
    assert.equal(reloading.hasInput(), false);
    window.document = documentWith([{ value: "typed", defaultValue: "" }]);
    assert.equal(reloading.hasInput(), true);
    reloading.start(assert.fail);
    reloading.cancel();
    clock.advance(60_000);
});

test("Why there is no connection is found out by what is loaded for it.", async () => {
    const fetch = async () => ({ status: 426, headers: new Headers() });
    const window = Object.assign(makeWindow(), { navigator: { onLine: true }, location: { origin: "http://host" }, fetch });
    const remaking = new Remaking(window, new FakeClock());
    assert.equal(await remaking.whyUnreachable("ws://host/transport"), "blocked");
    assert.equal(LANGUAGES.en.blocked, ENGLISH.blocked);
    window.fetch = async () => { throw new TypeError("no answer"); };
    assert.equal(await remaking.whyUnreachable("ws://host/transport"), "silent");
    window.navigator.onLine = false;
    assert.equal(await remaking.whyUnreachable("ws://host/transport"), "offline");
});
