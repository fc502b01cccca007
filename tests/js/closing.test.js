import assert from "node:assert/strict";
import { test } from "node:test";

import { Backoff } from "../../athenalite/js/backoff.js";
import { LEAVING_PAUSE, meaningOfClose } from "../../athenalite/js/closing.js";
import { reportLeft } from "../../athenalite/js/handshake.js";
import { isRemedied, keyOfReason } from "../../athenalite/js/texts.js";
import { vectors } from "./vectors.js";

const { closes, delays, reports } = vectors("closing.json");

for (const { about, code, reason, clean, lost, pause = 0, explained, remedied } of closes) {
    test(`A close of the newest socket, ${code}: ${about}.`, () => {
        assert.deepEqual(meaningOfClose({ code, reason, wasClean: clean }), { lost, pause });
        if (lost !== null) {
            assert.equal(keyOfReason(lost, code), explained);
            assert.equal(isRemedied(lost), remedied);
        }
    });
}

for (const { about, losses } of delays) {
    test(`Delays: ${about}.`, () => {
        const [least, most] = [0, 1].map((random) => new Backoff(() => random));
        for (const { open, clean, ...expected } of losses) {
            const { pause } = meaningOfClose({ code: clean ? 1000 : 1006, reason: "", wasClean: clean });
            assert.equal(pause, clean ? LEAVING_PAUSE : 0);
            assert.deepEqual({ least: least.next(open, pause), most: most.next(open, pause) }, expected);
        }
    });
}

test("A page that is left without an open socket sends the report that the vectors have.", () => {
    const [{ body }] = reports.filter(({ ours }) => ours);
    const sent = [];
    Object.defineProperty(globalThis, "navigator", { value: { sendBeacon: (...given) => sent.push(given) }, configurable: true });
    reportLeft("wss://h/t", "TOKEN", 3);
    assert.deepEqual(sent, [["https://h/t", body]]);
});
