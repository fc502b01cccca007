import assert from "node:assert/strict";
import { test } from "node:test";

import { encodeOpen, protocolsShowing, sendBeacon, transportURL } from "../../athenalite/js/handshake.js";

test("The transport follows the page's own location: host, port, prefix and security.", () => {
    assert.equal(transportURL("./_athena/transport", "http://h:81/p/chat?q#f"), "ws://h:81/p/_athena/transport");
    assert.equal(transportURL("./_athena/transport", "https://h/"), "wss://h/_athena/transport");
});

test("An opening is shown in characters that a subprotocol may have.", () => {
    for (const token of ["t", "to", "tok", "~~~???", "\u007f>>>"]) {
        const opening = encodeOpen(token, 3, 4);
        const [first, second] = protocolsShowing(opening);
        assert.equal(first, "athenalite");
        assert.match(second, /^open\.[A-Za-z0-9_-]+$/);
        assert.equal(Buffer.from(second.slice(5), "base64url").toString(), opening);
    }
});

test("A beacon is a POST to the transport; by fetch, where the browser has no beacon or refuses it.", () => {
    const { fetch } = globalThis;
    const sent = [];
    globalThis.fetch = (url, { method, body, keepalive }) => {
        sent.push(["fetch", url, body, method, keepalive]);
        return Promise.reject(new TypeError("no network"));
    };
    const beacon = (taken) => (url, body) => {
        sent.push(["beacon", url, body]);
        return taken;
    };
    for (const navigator of [{ sendBeacon: beacon(true) }, { sendBeacon: beacon(false) }, {}]) {
        Object.defineProperty(globalThis, "navigator", { value: navigator, configurable: true });
        sendBeacon("wss://h/t", "body");
    }
    globalThis.fetch = fetch;
    const [beaconSent, fetched] = [["beacon", "https://h/t", "body"], ["fetch", "https://h/t", "body", "POST", true]];
    assert.deepEqual(sent, [beaconSent, beaconSent, fetched, fetched]);
});
