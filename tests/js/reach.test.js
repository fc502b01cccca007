import assert from "node:assert/strict";
import { test } from "node:test";

import { whyUnreachable } from "../../athenalite/js/reach.js";

async function why(fetch, navigator = {}) {
    const asked = [];
    const found = await whyUnreachable("wss://chat.example/_athena/transport", {
        navigator,
        async fetch(url) {
            asked.push(url);
            return fetch();
        },
    });
    return [found, ...asked];
}

test("A device that is offline asks no server.", async () => {
    assert.deepEqual(await why(null, { onLine: false }), ["offline"]);
});

test("Any answer shows that only the socket is missing, but not a proxy's for a server that is away.", async () => {
    const url = "https://chat.example/_athena/transport";
    for (const [status, found] of [[426, "blocked"], [403, "blocked"], [0, "blocked"], [502, "silent"], [503, "silent"]]) {
        assert.deepEqual(await why(() => ({ status })), [found, url]);
    }
    assert.deepEqual(await why(() => { throw new TypeError("failed to fetch"); }), ["silent", url]);
});
