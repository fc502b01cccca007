import assert from "node:assert/strict";
import { test } from "node:test";

import { sendFiles } from "../../athenalite/js/parts/uploads.js";

globalThis.FileReader = class {
    readAsDataURL(blob) {
        blob.arrayBuffer().then((buffer) => {
            this.result = `data:text/plain;base64,${Buffer.from(buffer).toString("base64")}`;
            this.onload();
        }, (error) => {
            this.error = error;
            this.onerror();
        });
    }
};

/** A form, the fields in it, and a server that answers calls. */
function makeForm(contents, { progress = null, answers = {} } = {}) {
    const listeners = {};
    const form = {
        querySelector: () => progress,
        addEventListener: (name, f) => { listeners[name] = f; },
        removeEventListener: (name) => { delete listeners[name]; },
    };
    const bars = [];
    const control = {
        isConnected: true,
        ownerDocument: { createElement: () => ({ setAttribute(name, value) { this[name] = value; }, remove() { this.isGone = true; } }) },
        after: (node) => bars.push(node),
    };
    const calls = [];
    const call = async (name, ...args) => {
        calls.push([name, ...args]);
        return name in answers ? answers[name](calls.length, ...args) : null;
    };
    const files = contents.map((content, index) => ({ field: `f${index}`, control, file: new File([content], `${index}.txt`) }));
    answers._athenaUpload ??= () => ({ ids: files.map((file, index) => String(index + 1)), size: 3 });
    answers._athenaCancel ??= () => "incomplete";
    const send = () => sendFiles(call, form, files, ["add", [["a", "b"]], "7"]);
    return { send, calls, control, bars, listeners, files, named: (name) => calls.filter(([one]) => one === name) };
}

test("Files are sent in pieces, in order, and then the form with their ids.", async () => {
    const { send, calls, bars, listeners } = makeForm(["abcdefg", "", "h"]);
    assert.equal(await send(), null);
    const offers = [["f0", "0.txt", 7, ""], ["f1", "1.txt", 0, ""], ["f2", "2.txt", 1, ""]];
    assert.deepEqual(calls, [
        ["_athenaUpload", "add", [["a", "b"]], "7", offers],
        ["_athenaPiece", "1", "YWJj"], ["_athenaPiece", "1", "ZGVm"], ["_athenaPiece", "1", "Zw=="], ["_athenaPiece", "3", "aA=="],
        ["_athenaEvent", "add", [["a", "b"], ["f0", "1"], ["f1", "2"], ["f2", "3"]], "7"],
    ]);
    const [bar] = bars;
    assert.deepEqual([bar.value, bar.isGone, bar["aria-label"], Object.keys(listeners)], [1, true, "0.txt", []]);
});

test("At most three pieces are without an answer.", async () => {
    let [most, waiting] = [0, 0];
    const { send } = makeForm(["x".repeat(60)], { answers: {
        async _athenaPiece() {
            waiting += 1;
            most = Math.max(most, waiting);
            await new Promise((resolve) => { setImmediate(resolve); });
            waiting -= 1;
            return null;
        },
    } });
    await send();
    assert.equal(most, 3);
});

test("What the server refuses is the answer, and no piece is sent, or no more.", async () => {
    const errors = [["f0", "too large"]];
    const first = makeForm(["abc"], { answers: { _athenaUpload: () => ({ errors }) } });
    assert.deepEqual([await first.send(), first.calls.length], [{ errors }, 1]);
    const second = makeForm(["x".repeat(99)], { answers: { _athenaPiece: (number) => (number < 3 ? null : "no room") } });
    assert.deepEqual(await second.send(), { errors: [["f0", "no room"]] });
    assert.ok(second.named("_athenaPiece").length <= 5);
    assert.deepEqual(second.calls.at(-1), ["_athenaCancel", ["1"]]);
    const third = makeForm(["x".repeat(99)], { answers: { _athenaPiece: async () => { throw new Error("lost"); } } });
    await assert.rejects(third.send, /lost/);
    assert.ok(third.bars[0].isGone);
});

test("The form waits for the answers to all pieces, and the next file for those before it.", async () => {
    const last = makeForm(["abcdef"], { answers: {
        async _athenaPiece(number, id, content) {
            await new Promise((resolve) => { setImmediate(resolve); });
            return content === "ZGVm" ? "no room" : null;
        },
    } });
    assert.deepEqual([await last.send(), last.named("_athenaEvent")], [{ errors: [["f0", "no room"]] }, []]);
    const first = makeForm(["x".repeat(99), "abc"], { answers: { _athenaPiece: () => "no room" } });
    assert.deepEqual(await first.send(), { errors: [["f0", "no room"]] });
    assert.deepEqual(first.named("_athenaPiece").filter(([, id]) => id !== "1"), []);
});

test("When the page has moved to another worker, all is sent again, from a piece on or from the method on.", async () => {
    let [pieces, events, uploads] = [0, 0, 0];
    const { send, named, bars } = makeForm(["abcdefgh", "i"], { answers: {
        _athenaUpload: () => ({ ids: [`a${++uploads}`, `b${uploads}`], size: 3 }),
        _athenaPiece: () => ((pieces += 1) < 3 ? null : pieces > 4 && null),
        _athenaEvent: () => ((events += 1) < 2 ? { again: true } : { errors: [["f1", "wrong"]] }),
    } });
    assert.deepEqual(await send(), { errors: [["f1", "wrong"]] });
    assert.equal(uploads, 3);
    assert.deepEqual(named("_athenaPiece").slice(-4).map(([, id]) => id), ["a3", "a3", "a3", "b3"]);
    assert.deepEqual(named("_athenaEvent").map(([, , fields]) => fields.at(-1)), [["f1", "b2"], ["f1", "b3"]]);
    assert.deepEqual(named("_athenaCancel"), []);
    assert.deepEqual([bars[0].value, bars[0].isGone], [1, true]);
});

test("A form that was reset meanwhile is not sent again.", async () => {
    let pieces = 0;
    const form = makeForm(["abc"], { answers: { _athenaPiece() {
        form.listeners.reset();
        return (pieces += 1) > 1 && null;
    } } });
    assert.deepEqual(await form.send(), { errors: [] });
    assert.equal(form.named("_athenaUpload").length, 1);
});

test("A file that cannot be read any more is refused with the server's sentence.", async () => {
    const { send, files } = makeForm(["abc"]);
    files[0].file = { name: "a", size: 3, type: "", slice: () => ({ arrayBuffer: () => Promise.reject(new Error("gone")) }) };
    assert.deepEqual(await send(), { errors: [["f0", "incomplete"]] });
});

test("Who resets the form, or whose field goes away, sends no more, and gets no error.", async () => {
    for (const stop of [({ listeners }) => listeners.reset(), ({ control }) => { control.isConnected = false; }]) {
        const form = makeForm(["x".repeat(99)], { answers: {
            _athenaPiece(number) {
                if (number === 4) {
                    stop(form);
                }
                return null;
            },
        } });
        assert.deepEqual(await form.send(), { errors: [] });
        assert.ok(form.named("_athenaPiece").length < 10);
        assert.deepEqual([form.calls.at(-1)[0], form.named("_athenaEvent")], ["_athenaCancel", []]);
    }
    const progress = { hidden: true };
    const own = makeForm(["abcdef"], { progress });
    await own.send();
    assert.deepEqual([own.bars, progress], [[], { hidden: true, value: 1 }]);
});
