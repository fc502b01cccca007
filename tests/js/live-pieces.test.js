import assert from "node:assert/strict";
import { test } from "node:test";

import { withPieces } from "../../athenalite/js/live/pieces.js";

test("pieces are replaced by their indices, as tests/live/test_versions.py has them", () => {
    const row = (name, value) => `<tr data-athena-key="1"><td class="${name}">${value}</td><td>x</td></tr>`;
    assert.equal(withPieces(row("up", 1), [8, "2<"]), row("up", 2));
    assert.equal(withPieces(row("up", 1), [6, 'down"']), row("down", 1));
    assert.equal(withPieces("<p>𝄞</p>", [2, "é<"]), "<p>é</p>");
});

test("nothing changes without pieces", () => {
    assert.equal(withPieces("", []), "");
    assert.equal(withPieces('<a b="c">d', []), '<a b="c">d');
});
