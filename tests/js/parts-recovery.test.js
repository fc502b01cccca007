import assert from "node:assert/strict";
import { test } from "node:test";

import { MAX_LENGTH, recover } from "../../athenalite/js/parts/recovery.js";
import { makeWindow } from "./fakewindow.js";

/** An element with these attributes and properties. */
function element(attributes, properties = {}) {
    return {
        attributes: Object.entries(attributes).map(([name, value]) => ({ name, value })),
        getAttribute: (name) => attributes[name] ?? null,
        closest: () => null,
        ...properties,
    };
}

/** A field in which `value` was typed, or which is checked. */
function field(name, value = "", { type = "text", attributes = {}, ...more } = {}) {
    return element(attributes, { tagName: "INPUT", type, name, value, defaultValue: "", focus() { this.hasFocus = true; }, ...more });
}

function form(fields, attributes = {}, properties = {}) {
    return element({ "data-athena-handlers": "onsubmit=@order", ...attributes }, { elements: fields, querySelector: () => null, ...properties });
}

/** A tab, of which pages are opened one after the other: by a navigation of this type, with these forms. */
class Tab {
    storage = new Map();

    open(forms, type = "reload", { search = "", isFrame = false, lang = "en", again } = {}) {
        const window = makeWindow(this.storage);
        const listeners = {};
        Object.assign(window, {
            location: { pathname: "/shop", search },
            performance: { getEntriesByType: () => [{ type }] },
            addEventListener: (name, f) => { listeners[name] = f; },
        });
        window.top = isFrame ? {} : window;
        window.document = {
            activeElement: null,
            body: null,
            documentElement: element({ lang }),
            querySelectorAll: (selector) => (selector.startsWith("form")
                ? forms : forms.flatMap((one) => one.elements).filter((one) => one.type === "password")),
            addEventListener: (name, f) => { listeners[name] = f; },
        };
        const reminded = [];
        recover(window, (one, text) => reminded.push([one.name, text]), again);
        return {
            reminded,
            input: (target) => listeners.input({ target }),
            focus: (target) => listeners.focusin({ target }),
            leave: () => listeners.pagehide?.(),
        };
    }

    /** What is in the field of the next page, if `forms` were left. */
    after(forms, next, ...how) {
        this.open(forms, "navigate").leave();
        this.open([next].flat(), ...how);
        return [next].flat()[0].elements.map((one) => one.value);
    }
}

const typed = () => form([field("what", "tea"), field("note", "soon")]);
const empty = () => form([field("what"), field("note")]);

test("What was typed is there after a reload, once, and is not in the storage any more.", () => {
    const tab = new Tab();
    assert.deepEqual(tab.after([typed()], empty()), ["tea", "soon"]);
    assert.equal(tab.storage.size, 0);
    const later = empty();
    tab.open([later]);
    assert.equal(later.elements[0].value, "");
});

test("It is forgotten by another navigation, and is not for another address, or for a frame.", () => {
    for (const [type, options] of [["navigate"], ["back_forward"], ["reload", { search: "?other" }]]) {
        const tab = new Tab();
        assert.deepEqual(tab.after([typed()], empty(), type, options), ["", ""], type);
        assert.equal(tab.storage.size, 0);
    }
    const tab = new Tab();
    tab.open([typed()], "navigate", { isFrame: true }).leave();
    assert.equal(tab.storage.size, 0);
});

test("Passwords, also shown ones, files, hidden fields and those that browsers do not complete are not in the storage.", () => {
    const tab = new Tab();
    const shown = field("shown", "secret", { type: "password" });
    const later = field("later", "secret", { type: "password" });
    const complete = (autocomplete) => field(autocomplete, "secret", { attributes: { autocomplete } });
    const secrets = [
        field("file", "secret", { type: "file" }), field("hidden", "secret", { type: "hidden", defaultValue: "secret" }),
        field("button", "secret", { type: "submit" }), field("", "secret"), field("o", "secret", { tagName: "OUTPUT" }), shown,
        ...["off", "cc-number", "section-a cc-csc", "new-password", "one-time-code"].map(complete),
    ];
    const offered = [form([...secrets, field("what", "tea")])];
    const page = tab.open([...offered, form([field("all", "secret")], { autocomplete: "off", id: "b" })], "navigate");
    shown.type = "text";
    offered[0].elements.push(later);
    page.input(later);
    later.type = "text";
    page.leave();
    const [entry] = tab.storage.values();
    assert.match(entry, /tea/);
    assert.doesNotMatch(entry, /secret/);
});

test("A form is the same if its method, arguments, item, id and hidden fields are; a field, if the server's content is.", () => {
    const hidden = (defaultValue) => field("id", "", { type: "hidden", defaultValue });
    const item = (key) => ({ closest: () => element({ "data-athena-key": key }) });
    const cases = [
        [form([field("a", "x")], { "data-arg-by": "1" }), form([field("a")], { "data-arg-by": "2" })],
        [form([field("a", "x")]), form([field("a")], { "data-athena-handlers": "onsubmit=@other" })],
        [form([field("a", "x")], { id: "athenaid:1-a" }), form([field("a")], { id: "athenaid:1-b" })],
        [form([field("a", "x"), hidden("1")]), form([field("a"), hidden("2")])],
        [form([field("a", "x")], {}, item("1")), form([field("a")], {}, item("2"))],
        [form([field("a", "x")]), form([field("a", "new", { defaultValue: "new" })])],
        [form([field("a", "x")]), form([field("a", "", { type: "date" })])],
        // The person was faster.
        [form([field("a", "x")]), form([field("a", "y")])],
        // Of two that are alike it is not known which is which.
        [form([field("a", "x")]), [form([field("a")]), form([field("a")])]],
    ];
    cases.forEach(([left, next], index) => {
        const values = () => [next].flat().map((one) => one.elements[0].value);
        const before = values();
        new Tab().after([left], next);
        assert.deepEqual(values(), before, `case ${index}`);
    });
    const [left, next] = ["x", ""].map((value, index) => form([field("a", value), hidden("1")], { id: `athenaid:${index}-a` }, item("1")));
    assert.equal(new Tab().after([left], next)[0], "x");
});

test("A form that was sent and has no answer is not kept, nor one that was emptied.", () => {
    const tab = new Tab();
    tab.open([typed()], "navigate").leave();
    tab.open([form([field("what", "tea")], { "aria-busy": "true" })]).leave();
    assert.equal(tab.storage.size, 0);
});

test("Boxes, radio buttons, lists and several fields of one name are told apart.", () => {
    const box = (name, value, checked) => field(name, value, { type: "radio", defaultValue: value, checked, defaultChecked: false });
    const options = (selected) => [0, 1].map((index) => ({ value: String(index), selected: index === selected, defaultSelected: index === 0 }));
    const make = (isFilled) => form([
        box("how", "fast", false), box("how", "slow", isFilled), field("tag", ""), field("tag", isFilled ? "second" : ""),
        field("size", "0", { tagName: "SELECT", type: "select-one", options: options(isFilled ? 1 : 0) }),
    ]);
    const next = make(false);
    new Tab().after([make(true)], next);
    assert.deepEqual(next.elements.slice(0, 4).map((one) => [one.value, one.checked]),
        [["fast", false], ["slow", true], ["", undefined], ["second", undefined]]);
    assert.deepEqual(next.elements[4].options.map((one) => one.selected), [false, true]);
});

test("The focus and the selection come back, unless something has the focus, or a handler would be run.", () => {
    const run = (properties) => {
        const tab = new Tab();
        const left = [form([field("a", "typed", { selectionStart: 1, selectionEnd: 2, selectionDirection: "none" })])];
        const page = tab.open(left, "navigate");
        page.focus(left[0].elements[0]);
        page.focus(element({}, { closest: () => ({}) }));
        page.leave();
        const next = field("a", "", { setSelectionRange(...given) { this.selection = given; }, ...properties });
        tab.open([form([next])]);
        return [next.hasFocus, next.selection];
    };
    assert.deepEqual(run({}), [true, [1, 2, "none"]]);
    assert.deepEqual(run({ closest: () => ({}) }), [undefined, undefined]);
});

test("No more is kept than fits, and what the storage does not take is not kept.", () => {
    const tab = new Tab();
    const long = "x".repeat(MAX_LENGTH);
    assert.deepEqual(tab.after([form([field("a", long), field("b", "short"), field("c", "x".repeat(MAX_LENGTH / 2))])],
        form([field("a"), field("b"), field("c")])).map((value) => value.length), [0, 5, MAX_LENGTH / 2]);
    tab.open([form([field("a", "x".repeat(MAX_LENGTH / 2)), field("b", "x".repeat(MAX_LENGTH / 2))])]).leave();
    assert.ok([...tab.storage.values()].every((text) => text.length <= MAX_LENGTH));
    tab.storage.set("athenalite typed", "other");
    tab.open([empty()]);
    Object.defineProperty(tab.storage, "set", { value() { throw new Error("QuotaExceededError"); } });
    tab.open([typed()]).leave();
    assert.equal(tab.storage.size, 0);
});

test("A file is not in the storage, and the person is asked to choose it again, in the document's language.", () => {
    const chosen = () => form([field("picture", "C:\\fakepath\\secret.png", { type: "file" })]);
    const next = () => [form([field("picture", "", { type: "file" })])];
    for (const [options, text] of [
        [{}, "Please choose the file again."], [{ lang: "de-AT" }, "Bitte wählen Sie die Datei noch einmal."],
        [{ lang: "__proto__" }, "Please choose the file again."], [{ again: "Again!" }, "Again!"],
    ]) {
        const tab = new Tab();
        tab.open([chosen()], "navigate").leave();
        assert.doesNotMatch([...tab.storage.values()].join(), /secret/);
        const forms = next();
        assert.deepEqual(tab.open(forms, "reload", options).reminded, [["picture", text]]);
        assert.equal(forms[0].elements[0].value, "");
    }
    assert.deepEqual(new Tab().open(next()).reminded, []);
});

test("While the files of a form are being sent, what is in its other fields is kept.", () => {
    const tab = new Tab();
    const sending = form([field("what", "tea")], { "aria-busy": "true" }, { querySelector: () => ({ localName: "progress" }) });
    assert.deepEqual(tab.after([sending], form([field("what")])), ["tea"]);
});
