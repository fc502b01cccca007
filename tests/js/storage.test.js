import assert from "node:assert/strict";
import { test } from "node:test";

import { MADE, forget, storageKey } from "../../athenalite/js/storage.js";
import { makeWindow } from "./fakewindow.js";

test("An entry belongs to the page's address, and can be removed, unless the storage is forbidden.", () => {
    const window = makeWindow(new Map([["athenalite made /chat", "1"], ["athenalite made /other", "2"]]));
    assert.equal(storageKey(window, MADE), "athenalite made /chat");
    forget(window, MADE);
    assert.equal(window.sessionStorage.getItem("athenalite made /chat"), null);
    assert.equal(window.sessionStorage.getItem("athenalite made /other"), "2");
    Object.defineProperty(window, "sessionStorage", { get() { throw new Error("SecurityError"); } });
    forget(window, MADE);
});
