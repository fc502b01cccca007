import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";

import { LONGEST_TEXT, MOST_LINES, MOST_TEXT, Recording } from "../../athenalite/js/debug/recording.js";

let now;
let recording;

beforeEach(() => {
    now = 0;
    recording = new Recording((number) => `Widget#${number}`, () => now);
    recording.message("sent", '["open",1,"SECRET",0,1]');
    recording.message("received", '["opened",0]');
});

/** What the lines from this one on have of these properties. */
const since = (index, ...names) => recording.lines.slice(index).map((line) => names.map((name) => line[name]));

test("A socket is opened; no line has the token.", () => {
    assert.deepEqual(since(0, "direction", "kind", "text", "bytes"), [
        ["sent", "open", "socket 1, 0 received so far", 23], ["received", "connected", "0 received so far", 12],
    ]);
    assert.doesNotMatch(JSON.stringify(recording.lines), /SECRET/);
});

test("A call has its arguments, and its result the call's name and how long it took; so it is in the other direction.", () => {
    recording.message("sent", '["call",1,"say",["h\u00e9",2],{"to":[null]}]');
    now = 12;
    recording.message("received", '["respond",1,true,{"a":1}]');
    recording.message("received", '["notify",2,"show",[]]');
    recording.message("sent", '["respond",2,false,{"type":"TypeError","message":"no","stack":"at x"}]');
    assert.deepEqual(since(2, "direction", "kind", "name", "text", "took"), [
        ["sent", "call", "Widget#1.say", '"h\u00e9", 2, to=[null]', null],
        ["received", "result", "Widget#1.say", '{"a":1}', 12],
        ["received", "notify", "Widget#2.show", "", null],
        ["sent", "error", "Widget#2.show", "TypeError: no\nat x", 0],
    ]);
    assert.equal(recording.lines[2].bytes, 40);
    assert.deepEqual([recording.sent.messages, recording.received.messages], [3, 3]);
    assert.equal(recording.received.bytes, 12 + 26 + 22);
});

test("Arguments are shown as they are, whatever toJSON and JSON.stringify other scripts have.", (t) => {
    t.mock.method(JSON, "stringify", () => "theirs");
    Object.defineProperty(Array.prototype, "toJSON", { value: () => "theirs", configurable: true });
    t.after(() => delete Array.prototype.toJSON);
    recording.message("sent", '["call",1,"say",[[1,null],{"a\\"":["b"]}]]');
    assert.deepEqual(since(2, "text"), [['[1,null], {"a\\"":["b"]}']]);
});

test("An error has its traceback; a response to what is not known is one to a number.", () => {
    recording.message("received", '["respond",7,false,{"type":"KeyError","message":"k","traceback":"File"}]');
    assert.deepEqual(since(2, "kind", "name", "text", "took"), [["error", "message 7", "KeyError: k\nFile", null]]);
});

test("Calls of the page, of a global function, and by events of a live template have the names that authors know.", () => {
    recording.message("sent", '["call",0,"_athenaReport",["x"]]');
    recording.message("received", '["notify",0,"athenalite.show",["1.count","<p>"]]');
    recording.message("sent", '["call",3,"_athenaEvent",["toggle",[["done",true]],7]]');
    recording.message("sent", '["call",3,"_athenaEvent",["add",[],null]]');
    assert.deepEqual(since(2, "name", "text"), [
        ["page._athenaReport", '"x"'], ["athenalite.show", '"1.count", "<p>"'], ["Widget#3.toggle", "done=true, key=7"], ["Widget#3.add", ""],
    ]);
});

test("After a cut, what may be there already is sent again; the rest is new.", () => {
    recording.message("sent", '["call",1,"a",[]]');
    recording.message("sent", '["call",1,"b",[]]');
    recording.message("received", '["call",1,"c",[]]');
    recording.closed({ code: 1006 }, true);
    recording.closed({ code: 1006, reason: "no" }, false);
    recording.message("sent", '["open",1,"SECRET",0,3]');
    recording.message("received", '["opened",1]');
    for (const name of ["b", "d"]) {
        recording.message("sent", `["call",1,"${name}",[]]`);
        recording.message("received", `["call",1,"${name}",[]]`);
    }
    assert.deepEqual(since(5, "kind", "text", "isResent"), [
        ["cut", "1006", false], ["failed", "1006 no", false],
        ["open", "socket 3, 0 received so far", false], ["resumed", "1 received so far", false],
        ["call", "", true], ["call", "", true], ["call", "", false], ["call", "", false],
    ]);
});

test("Acknowledgements and keep-alives are lines, and so is what is no message.", () => {
    for (const text of ['["ack",4]', '["noop"]', '["other"]', "{", "[]", "1"]) {
        recording.message("received", text);
    }
    recording.message("sent", '["open",1,"SECRET"');
    assert.deepEqual(since(2, "kind", "text"), [
        ["ack", "4"], ["noop", ""], ["unknown", ""], ["unknown", "{"], ["unknown", ""], ["unknown", "1"], ["unknown", ""],
    ]);
});

test("Lines, their texts, and calls without a response are bounded; the last ones stay.", () => {
    const long = "x".repeat(2 * LONGEST_TEXT);
    recording.message("sent", `["call",1,"first",["${long}"]]`);
    assert.equal(recording.lines.at(-1).text.length, LONGEST_TEXT + 1);
    for (let count = 0; count < 1100; count += 1) {
        recording.message("sent", `["call",1,"m",[${count}]]`);
    }
    assert.equal(recording.lines.length, MOST_LINES);
    assert.equal(recording.lines.at(-1).text, "1099");
    assert.equal(recording.sent.calls.size, 1000);
    for (let count = 0; count < 100; count += 1) {
        recording.message("sent", `["call",1,"m",["${long}"]]`);
    }
    const kept = recording.lines.reduce((sum, { text }) => sum + text.length, 0);
    assert.ok(kept <= MOST_TEXT && kept > MOST_TEXT - 2 * LONGEST_TEXT, `${kept}`);
});

test("Each new line is told, and so is that there are none any more.", () => {
    let told = 0;
    recording.changed = () => { told += 1; };
    recording.message("received", '["noop"]');
    recording.clear();
    assert.deepEqual([told, recording.lines.length, recording.received.messages], [2, 0, 2]);
});
