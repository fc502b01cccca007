import assert from "node:assert/strict";
import { test } from "node:test";

import { whyUnreachable } from "../../athenalite/js/reach.js";

const ORIGIN = "https://chat.example";

/** A response of the server; `refused` is the status with which it has refused the handshake. */
function answer(status, refused = null, text = "") {
    return { status, headers: new Headers(refused === null ? {} : { "Athenalite-Refused": refused }), text: async () => text };
}

async function ask(fetch, { navigator = {}, origin = ORIGIN } = {}) {
    const asked = [];
    const found = await whyUnreachable("wss://chat.example/_athena/transport", {
        navigator,
        origin,
        location: { origin },
        async fetch(...given) {
            asked.push(given);
            return fetch();
        },
    });
    return [found, asked];
}

async function why(fetch, options) {
    return (await ask(fetch, options))[0];
}

test("A device that is offline asks no server.", async () => {
    assert.deepEqual(await ask(null, { navigator: { onLine: false } }), ["offline", []]);
});

test("Any answer shows that only the socket is missing, but not a proxy's for a server that is away.", async () => {
    for (const [status, found] of [
        [426, "blocked"], [0, "blocked"], [200, "blocked"], [403, "denied"], [421, "denied"], [502, "silent"], [503, "silent"], [504, "silent"],
    ]) {
        assert.equal(await why(() => answer(status)), found);
    }
    assert.equal(await why(() => { throw new TypeError("failed to fetch"); }), "silent");
});

test("The page's own server is asked as that, and says with which status it has refused the handshake, and why.", async (t) => {
    const { mock } = t.mock.method(console, "warn", () => {});
    for (const [refused, found] of [[403, "denied"], [421, "denied"], [503, "busy"], [426, "blocked"], [400, "blocked"], ["__proto__", "blocked"]]) {
        const [key, [[url, options]]] = await ask(() => answer(426, refused, "because of <b>\n"));
        assert.equal(key, found, refused);
        assert.equal(url, "https://chat.example/_athena/transport");
        assert.deepEqual([options.mode, options.headers, options.redirect], ["same-origin", { "Athenalite-Page": ORIGIN }, "manual"]);
        assert.match(mock.calls.at(-1).arguments[0], /reason: because of <b>$/);
    }
    await ask(() => answer(426, 403, "x".repeat(9000)));
    assert.ok(mock.calls.at(-1).arguments[0].length < 2100);
    assert.equal(await why(() => ({ ...answer(426, 403), text: async () => { throw new TypeError("cut"); } })), "denied");
});

test("Another origin is asked without anything of the page's.", async () => {
    const [found, [[, options]]] = await ask(() => answer(0), { origin: "https://other.example" });
    assert.deepEqual([found, options.mode, options.headers], ["blocked", "no-cors", {}]);
});
