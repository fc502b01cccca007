import assert from "node:assert/strict";
import { test } from "node:test";

import { unsafeIntegerIn } from "../../athenalite/js/integers.js";

test("The first integer that is not safe is found, wherever it stands.", () => {
    for (const [text, found] of [
        ["[9007199254740992]", "9007199254740992"], ["-9007199254740993", "-9007199254740993"],
        ['["a",{"b":[1, 12345678901234567890 ]}]', "12345678901234567890"],
        ['["\\"",9007199254740993]', "9007199254740993"], ['["\\\\",9007199254740993,1000000000000000000000]', "9007199254740993"],
        [`[${"9".repeat(300)}]`, `${"9".repeat(40)}...`],
    ]) {
        assert.equal(unsafeIntegerIn(text), found);
    }
});

test("Safe integers, other numbers and digits in strings are no integers that are not safe.", () => {
    for (const value of [
        9007199254740991, -9007199254740991, 0.1234567890123456, 1.7976931348623157e308, "9007199254740993", '"9007199254740993',
        "\\9007199254740993", '\\"9007199254740993', ["x", "9007199254740993"], { 9007199254740993: "9007199254740993" },
    ]) {
        assert.equal(unsafeIntegerIn(JSON.stringify(value)), null);
        assert.equal(unsafeIntegerIn(JSON.stringify([value, "\\", "9007199254740993"])), null);
    }
    for (const text of ["9007199254740993.0", "9007199254740993e0", "[1E+400]", "[1234567890123456.7890123456789012]"]) {
        assert.equal(unsafeIntegerIn(text), null);
    }
});

test("A long text with many strings and escapes is read in a time that grows with its length only.", () => {
    const text = JSON.stringify(Array.from({ length: 20_000 }, () => '\\"1234567890123456789\\'));
    assert.equal(unsafeIntegerIn(text), null);
    assert.equal(unsafeIntegerIn(JSON.stringify("\\".repeat(1_000_000) + "1234567890123456")), null);
});
