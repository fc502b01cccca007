import assert from "node:assert/strict";
import { test } from "node:test";

import { isChanged, putBack, typedIn } from "../../athenalite/js/live/typed.js";

const option = (selected, defaultSelected) => ({ selected, defaultSelected });

test("What is in a field can be put into the same of another page, and adds no value to a checkbox.", () => {
    const text = { type: "text", value: "typed", defaultValue: "" };
    const other = { ...text, value: "" };
    putBack(other, typedIn(text));
    assert.deepEqual([other.value, isChanged(other)], ["typed", true]);
    const box = { type: "checkbox", checked: false, defaultChecked: false, defaultValue: "on", get value() { return "on"; } };
    putBack(box, typedIn({ type: "checkbox", checked: true, value: "on" }));
    assert.ok(box.checked && isChanged(box));
    const select = { options: [option(true, true), option(false, false)] };
    assert.ok(!isChanged(select));
    putBack(select, typedIn({ options: [option(false, true), option(true, false)] }));
    assert.deepEqual(select.options.map((one) => one.selected), [false, true]);
    assert.ok(isChanged(select));
});
