import assert from "node:assert/strict";
import { test } from "node:test";

import { ENGLISH } from "../../athenalite/js/reach.js";
import { LANGUAGES, keyOfReason, loadTexts, textOf } from "../../athenalite/js/texts.js";
import { makeDocument } from "./fakedom.js";

function documentIn(lang) {
    const document = makeDocument();
    document.documentElement.setAttribute("lang", lang);
    return document;
}

test("Texts are English until those of the document's language are loaded, once.", async () => {
    assert.deepEqual(Object.keys(LANGUAGES), ["en"]);
    const loading = loadTexts(documentIn("de"));
    assert.equal(textOf(documentIn("de"), {}, "reload"), "Reload");
    await loading;
    assert.equal(textOf(documentIn("de"), {}, "reload"), "Neu laden");
    await loadTexts(documentIn("fr-CA"));
    assert.deepEqual(Object.keys(LANGUAGES), ["en", "de", "fr"]);
    await loadTexts(documentIn("tlh"));
    await loadTexts(documentIn("__proto__"));
});

test("Every language has every text, with the same names in it.", () => {
    const namesIn = (text) => text.match(/\{\w+\}/g) ?? [];
    Object.assign(LANGUAGES.en, ENGLISH);
    for (const [code, texts] of Object.entries(LANGUAGES)) {
        assert.deepEqual(Object.keys(texts).sort(), Object.keys(LANGUAGES.en).sort(), code);
        for (const [key, text] of Object.entries(texts)) {
            assert.ok(text, `${code} ${key}`);
            assert.deepEqual(namesIn(text), namesIn(LANGUAGES.en[key]), `${code} ${key}`);
        }
    }
});

test("The document's language decides, whatever its region and case; of an unknown one, or none, it is English.", () => {
    assert.equal(textOf(documentIn("de-AT"), {}, "reload"), "Neu laden");
    assert.equal(textOf(documentIn("FR"), {}, "reload"), "Recharger");
    for (const lang of ["", "tlh", "constructor", "__proto__"]) {
        assert.equal(textOf(documentIn(lang), {}, "reload"), "Reload", lang);
    }
    assert.equal(textOf(makeDocument(), {}, "reload"), "Reload");
});

test("The application's texts come first; values are put in as they are.", () => {
    const document = documentIn("de");
    assert.equal(textOf(document, { reload: "Noch einmal" }, "reload"), "Noch einmal");
    assert.equal(textOf(document, {}, "reason", { reason: "{reason} $& <b>" }), "Der Grund: {reason} $& <b>.");
    assert.equal(textOf(document, { reason: "{missing} {reason}" }, "reason", { reason: 1 }), "{missing} 1");
    assert.equal(textOf(document, {}, "missing"), "");
});

test("Reasons that athenalite gives have sentences, in every language; the application's are its own.", () => {
    const reasons = {
        "the page never connected": "expired",
        "too many pages were opened and not connected": "busy",
        "unknown page": "forgotten",
        "the page was closed": "closed",
        "the page was away for more than 180 s": "away",
        "the server is shutting down": "shutdown",
        "the page has fallen too far behind": "slow",
        "this page is open elsewhere": "elsewhere",
        "a newer socket of the same page has taken over": "elsewhere",
        "not authorized": "refused",
        "refused by the server": "refused",
        "a protocol version that this server does not speak; reload the page": "outdated",
        "there can be no socket: SyntaxError": "silent",
        "the page is lost": "",
        "": "",
    };
    for (const [reason, key] of Object.entries(reasons)) {
        assert.equal(keyOfReason(reason, 4000), key, reason);
        assert.ok(key === "" || LANGUAGES.en[key], key);
    }
    assert.equal(keyOfReason("you are logged out", 4000), null);
    assert.equal(keyOfReason("you are logged out"), null);
    assert.equal(keyOfReason("malformed JSON", 1002), "mistake");
});
