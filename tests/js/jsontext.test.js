import assert from "node:assert/strict";
import { test } from "node:test";

import { lacksJSON, loadJSON, parseJSON, writeJSON } from "../../athenalite/js/jsontext.js";
import { quoted, readJSON } from "../../athenalite/js/parts/json.js";

const VALUES = [
    null, true, false, 0, -0, 1.5, -1e-7, -Number.MAX_SAFE_INTEGER, Number.MAX_SAFE_INTEGER, "", "a", [], {}, [[], {}, [1, "b", null]],
    "\"\\/\b\f\n\r\t\0\x1f\x7f\u2028😀\ud800\udc00", "\ud800", "\udc00\ud800x", "x\udfff",
    { a: { b: [{ c: "d" }] }, "": 1, "ü\n": 2 },
];

test("What is written is what JSON.stringify writes, and what is read what JSON.parse reads.", () => {
    for (const value of VALUES) {
        const text = JSON.stringify(value);
        assert.equal(writeJSON(value), text);
        assert.deepEqual(readJSON(text), JSON.parse(text));
        assert.deepEqual(parseJSON(` ${text}\n`), JSON.parse(text));
        assert.deepEqual(readJSON(JSON.stringify(value, null, "\t\r\n ".slice(0, 3))), JSON.parse(text));
        if (typeof value === "string") {
            assert.equal(quoted(value), text);
        }
    }
    assert.equal(writeJSON(Object.assign(Object.create(null), { a: 1 })), '{"a":1}');
});

test("A number beyond 2^53 is written with a fraction and an exponent, and read as the same number.", () => {
    for (const value of [2 ** 53, -(2 ** 53), 2 ** 60, 1e21, -1e300, Number.MAX_VALUE]) {
        const text = writeJSON(value);
        assert.match(text, /^-?\d\.\d+e\+\d+$/);
        assert.equal(JSON.parse(text), value);
    }
});

test("Every escape is read, and __proto__ is a key like any other.", () => {
    assert.equal(readJSON('"\\u0041\\ud83D\\uDE00\\/\\""'), 'A😀/"');
    const read = readJSON('{"__proto__":[1],"a":1,"a":2}');
    assert.deepEqual([Object.keys(read), Object.getPrototypeOf(read)], [["__proto__", "a"], Object.prototype]);
});

test("What JSON.parse refuses is refused.", () => {
    const wrong = [
        "", " ", "[", "]", "[1", "[1,", "[1,]", "[,1]", "{", "{a:1}", '{"a"}', '{"a":}', '{"a":1,}', "{1:2}", "01", "-", "+1", "1.", ".5",
        "1e", "0x1", "NaN", "Infinity", "tru", "nulll", "__proto__", "constructor", '"', '"a', '"\n"', '"\\', '"\\x"', '"\\u12"', '"\\u12g4"',
        "'a'", "1 2", "[1 2]", '{"a":1 "b":2}', "\u00a01", "[1]]",
    ];
    for (const text of wrong) {
        assert.throws(() => JSON.parse(text), SyntaxError, text);
        assert.throws(() => readJSON(text), SyntaxError, text);
    }
});

test("The toJSON that Prototype gives arrays, strings and objects does not count.", (t) => {
    for (const { prototype } of [Array, String, Number, Object]) {
        prototype.toJSON = () => "from a library";
        t.after(() => delete prototype.toJSON);
    }
    assert.equal(writeJSON(["a", { b: [1] }]), '["a",{"b":[1]}]');
});

test("Where the browser has its own JSON, it is used; otherwise what is loaded instead.", async () => {
    assert.equal(lacksJSON, false);
    assert.equal(writeJSON(["a"], ", "), '["a"]');
    await loadJSON();
    assert.equal(writeJSON(["ä\n", { b: [1, 2] }], ", "), '["ä\\n", {"b":[1, 2]}]');
    assert.deepEqual(parseJSON('{"a":[1]}'), { a: [1] });
    assert.throws(() => parseJSON("undefined"), { message: "Not JSON at character 9" });
});
