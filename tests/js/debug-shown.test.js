import assert from "node:assert/strict";
import { test } from "node:test";

import { lineNode, sizeText, timeText, totalText } from "../../athenalite/js/debug/shown.js";
import { makeDocument } from "./fakedom.js";

const LINE = {
    time: new Date(2026, 10, 27, 9, 5, 7, 40), direction: "sent", kind: "call", name: "Board#1.say", text: "", bytes: 1536, took: null, isResent: false,
};
const shown = (more) => lineNode(makeDocument("<p></p>"), { ...LINE, ...more });
const texts = (node, className) => node.getElementsByTagName("*").filter((one) => one.className === className).map((one) => one.textContent);

test("Sizes, times and totals are written for people.", () => {
    assert.deepEqual([0, 1023, 1024, 3 * 1024 * 1024].map(sizeText), ["0 B", "1023 B", "1.0 KiB", "3.0 MiB"]);
    assert.equal(timeText(LINE.time), "09:05:07.040");
    assert.equal(totalText("received", { messages: 3, bytes: 5 }), "\u2193 3 received, 5 B");
});

test("A line has its direction, for all senses, its name and its size.", () => {
    const node = shown({});
    assert.deepEqual(["kind", "direction", "resent", "minor"].map((name) => node.getAttribute(`data-${name}`)), ["call", "sent", null, null]);
    assert.equal(node.textContent, "09:05:07.040\u2191 sent callBoard#1.say1.5 KiB");
    assert.equal(node.getElementsByTagName("details").length, 0);
});

test("One with a text can be opened; until then it shows the first line of it.", () => {
    const node = shown({ text: `KeyError: <b>\nFile${"x".repeat(1000)}`, kind: "error", took: 11.6, isResent: true });
    assert.deepEqual(texts(node, "text"), ["KeyError: <b>"]);
    assert.equal(node.getElementsByTagName("pre")[0].textContent.length, 1018);
    assert.deepEqual([texts(node, "took"), texts(node, "kind")], [["12 ms"], ["\u2191 sent error resent"]]);
    assert.equal(node.getAttribute("data-resent"), "");
    assert.deepEqual(texts(shown({ text: "y".repeat(1000) }), "text"), ["y".repeat(300)]);
});

test("A cut has no direction and no size; keep-alives are marked.", () => {
    const node = shown({ kind: "cut", direction: null, bytes: null, name: "", text: "1006" });
    assert.deepEqual([texts(node, "kind"), texts(node, "bytes"), node.getAttribute("data-direction")], [["cut"], [""], null]);
    assert.equal(shown({ kind: "noop" }).getAttribute("data-minor"), "");
});
