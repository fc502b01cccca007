import assert from "node:assert/strict";
import { test } from "node:test";

import { ACK_EVERY } from "../../athenalite/js/acknowledgements.js";
import { VERSION } from "../../athenalite/js/handshake.js";
import { MAX_DEPTH } from "../../athenalite/js/json.js";
import { MAX_SILENCE, OPEN_TIMEOUT, PROBE_TIMEOUT } from "../../athenalite/js/liveness.js";
import { DEFAULTS } from "../../athenalite/js/session.js";
import { MAX_NUMBER, MAX_TOKEN } from "../../athenalite/js/wire.js";
import { vectors } from "./vectors.js";

test("The client's limits are those of the vectors.", () => {
    const { values, browser, server } = vectors("limits.json");
    assert.deepEqual({ depth: MAX_DEPTH, number: MAX_NUMBER, token: MAX_TOKEN, version: VERSION }, values);
    assert.deepEqual({
        messagesUnacknowledged: DEFAULTS.maxMessagesKept,
        bytesUnacknowledged: DEFAULTS.maxBytesKept,
        ackEvery: ACK_EVERY,
        silence: MAX_SILENCE / 1000,
        openTimeout: OPEN_TIMEOUT / 1000,
        probeTimeout: PROBE_TIMEOUT / 1000,
    }, browser);
    assert.equal(DEFAULTS.maxMessageSize, server.maxMessageSize);
});
