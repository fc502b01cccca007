import assert from "node:assert/strict";
import { test } from "node:test";

import { encodeOpen, protocolsShowing, reportLeft, transportURL, whenShown } from "../../athenalite/js/handshake.js";
import { Session } from "../../athenalite/js/session.js";
import { vectors } from "./vectors.js";

const { protocols, first, sockets, data } = vectors("opening.json");

test("Our subprotocols are those of the vectors.", () => {
    for (const { about, offered, opening } of protocols.filter(({ ours }) => ours)) {
        assert.deepEqual(protocolsShowing(opening), offered, about);
    }
});

test("Our sockets begin with an open that the vectors accept, and are numbered upwards from 1.", () => {
    const session = new Session({ token: "TOKEN", clock: globalThis });
    const accepted = first.filter(({ closed }) => closed === null).map(({ text }) => text);
    assert.ok(accepted.includes(session.opening()));
    const numbers = sockets[0].numbers.map(() => JSON.parse(session.opening())[4]);
    assert.deepEqual(numbers, [2, 3]);
});

test("The page's data are JSON.", () => {
    for (const { about, value, text } of data) {
        assert.deepEqual(JSON.parse(text), value, about);
    }
});

test("What waits until the page is shown is called at once, or then if the page is rendered in advance.", (t) => {
    t.after(() => delete globalThis.document);
    const called = [];
    const document = globalThis.document = Object.assign(new EventTarget(), { prerendering: false });
    whenShown(() => called.push("at once"));
    document.prerendering = true;
    whenShown(() => called.push("then"));
    assert.deepEqual(called, ["at once"]);
    for (const type of ["prerenderingchange", "prerenderingchange"]) {
        document.dispatchEvent(new Event(type));
    }
    assert.deepEqual(called, ["at once", "then"]);
});

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

test("A page that is left is reported to the address of the transport; a browser without beacons reports none.", () => {
    const sent = [];
    for (const navigator of [{ sendBeacon: (url, body) => sent.push([url, body]) }, {}]) {
        Object.defineProperty(globalThis, "navigator", { value: navigator, configurable: true });
        reportLeft("wss://h/t", "token", 7);
    }
    assert.deepEqual(sent, [["https://h/t", '["left",1,"token",7]']]);
});
