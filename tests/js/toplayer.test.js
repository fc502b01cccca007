import assert from "node:assert/strict";
import { test } from "node:test";

import { TopLayer, bestTop } from "../../athenalite/js/toplayer.js";
import { makeDocument } from "./fakedom.js";

const VIEW = { top: 0, bottom: 800 };
const BOX = { left: 10, right: 380, height: 100 };
const across = (top, bottom, weight = 1) => ({ left: 0, right: 390, top, bottom, weight });

test("Without anything in the way a box is at the top.", () => {
    assert.equal(bestTop(VIEW, BOX, []), 8);
    assert.equal(bestTop(VIEW, BOX, [{ ...across(0, 50), left: 380 }]), 8, "beside it");
});

test("It is below the header and above the field.", () => {
    assert.equal(bestTop(VIEW, BOX, [across(0, 50), across(700, 800)]), 58);
    assert.equal(bestTop({ top: 0, bottom: 200 }, BOX, [across(0, 20), across(140, 200)]), 28);
});

test("Where it must cover something it covers what matters least.", () => {
    assert.equal(bestTop({ top: 0, bottom: 150 }, BOX, [across(0, 70, 2), across(80, 150, 10)]), 8);
    assert.equal(bestTop({ top: 0, bottom: 150 }, BOX, [across(0, 70, 10), across(80, 150, 2)]), 42);
});

test("A box that is higher than the window begins at its top, which a keyboard may have moved.", () => {
    assert.equal(bestTop({ top: 300, bottom: 350 }, BOX, []), 308);
});

test("A box without popovers or layout is simply in the document, and goes out of it.", () => {
    const document = makeDocument();
    const box = document.createElement("div");
    const layer = new TopLayer(box);
    layer.show();
    layer.show();
    assert.equal(box.parentNode, document.body);
    layer.remove();
    assert.equal(box.parentNode, null);
});
