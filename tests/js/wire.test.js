import assert from "node:assert/strict";
import { test } from "node:test";

import { ProtocolError } from "../../athenalite/js/errors.js";
import { encodeOpen } from "../../athenalite/js/handshake.js";
import {
    NOOP, applyMade, byteLength, decode, encodeAck, encodeCall, encodeError, encodeResult,
} from "../../athenalite/js/wire.js";
import { vectors } from "./vectors.js";

const NUMBERED = new Set(["call", "notify", "respond"]);
const { valid, invalid } = vectors("wire.json");
// The client receives nothing from browsers.
const ofServer = ({ from }) => from !== "browser";

for (const { about, text, message } of valid.filter(ofServer)) {
    test(`Decodes: ${about}.`, () => {
        const made = message.made ?? [];
        assert.deepStrictEqual(decode(text), NUMBERED.has(message.kind) ? { ...message, made } : message);
    });
}

for (const { about, text } of invalid.filter(ofServer)) {
    test(`Refuses: ${about}.`, () => {
        assert.throws(() => decode(text), ProtocolError);
    });
}

test("What is no text at all is refused.", () => {
    assert.throws(() => decode(new ArrayBuffer(8)), ProtocolError);
});

test("open is sent by browsers only.", () => {
    assert.throws(() => decode(encodeOpen("t", 2, 3)), ProtocolError);
});

test("The text of a ProtocolError quotes nothing of the message.", () => {
    assert.throws(() => decode('["secret"]'), (error) => !error.message.includes("secret"));
    assert.throws(() => decode("secret"), (error) => !error.message.includes("secret"));
});

test("A message that is encoded is decoded to the same values.", () => {
    const call = decode(encodeCall(1, "say", ["hi", { a: [1] }], { loud: true }));
    const fields = { objectID: 1, methodName: "say", args: ["hi", { a: [1] }], kwargs: { loud: true } };
    assert.deepEqual(call, { kind: "call", ...fields, made: [] });
    const result = decode(encodeResult(3, [1]));
    assert.deepEqual(result, { kind: "respond", number: 3, success: true, value: [1], made: [] });
    assert.equal(decode(encodeError(3, { type: "E", message: "m" })).value.message, "m");
    assert.deepEqual(JSON.parse(encodeOpen("t", 2, 3)), ["open", 1, "t", 2, 3]);
    assert.deepEqual(decode(encodeAck(4)), { kind: "ack", number: 4 });
    assert.deepEqual(decode(NOOP), { kind: "noop" });
});

test("Keyword arguments that are none are not sent.", () => {
    assert.equal(encodeCall(1, "m", []), '["call",1,"m",[]]');
});

test("The arguments of a call may be any array-like.", () => {
    assert.equal((function f() { return encodeCall(1, "m", arguments); })("a"), '["call",1,"m",["a"]]');
});

test("A call that cannot be encoded names the argument, and a result the result.", () => {
    assert.throws(() => encodeCall(1, "m", [0, { x: NaN }]), { message: "argument 1.x: NaN is not JSON; send null, or a string" });
    assert.throws(() => encodeCall(1, "m", [], { loud: NaN }), { message: "argument loud: NaN is not JSON; send null, or a string" });
    assert.throws(() => encodeResult(1, [NaN]), { message: "result.0: NaN is not JSON; send null, or a string" });
});

test("A call without a method's name is refused at once.", () => {
    assert.throws(() => encodeCall(1, undefined, []), TypeError);
});

test("Half of a surrogate pair is sent as U+FFFD, wherever it stands.", () => {
    assert.equal(encodeCall(1, "m\ud83d", ["\ud83d"], { "k\ude00": 1 }), '["call",1,"m\ufffd",["\ufffd"],{"k\ufffd":1}]');
    assert.equal(encodeResult(1, "\ud83d"), '["respond",1,true,"\ufffd"]');
    assert.equal(
        encodeError(1, { type: "E", message: "\ud83d" }), '["respond",1,false,{"type":"E","message":"\ufffd"}]',
    );
});

test("Size is counted in bytes of UTF-8.", () => {
    assert.equal(byteLength("a\u00e9\u20ac"), 6);
});

class Made {
    constructor(...args) {
        this.args = args;
    }
}
const findClass = (name) => ({ "A.Made": Made })[name];

test("Values are made where they stand, inner ones first if the server lists them first.", () => {
    const args = applyMade(["a", { b: [["x"], 2] }], [[[1, "b", 0], "A.Made"], [[1, "b"], "A.Made"]], findClass);
    const outer = args[1].b;
    assert.ok(outer instanceof Made && outer.args[0] instanceof Made);
    assert.deepEqual([outer.args[1], outer.args[0].args], [2, ["x"]]);
});

test("An empty path is the value itself.", () => {
    assert.deepEqual(applyMade([7], [[[], "A.Made"]], findClass).args, [7]);
});

test("A class that is not there is a TypeError that names it.", () => {
    assert.throws(() => applyMade([[1]], [[[0], "B.Gone"]], findClass), /B\.Gone/);
});

test("A value that is in the way of the next cannot be made.", () => {
    const made = [[[0], "A.Made"], [[0, 0], "A.Made"]];
    assert.throws(() => applyMade([[["x"]]], made, findClass), TypeError);
});

test("Nothing is made of what an object only inherits.", () => {
    const args = [Object.create({ inherited: [1] })];
    assert.throws(() => applyMade(args, [[[0, "inherited"], "A.Made"]], findClass), TypeError);
});

test("To make a value at the key __proto__ changes no prototype.", () => {
    const { args, made } = decode('["call",1,"m",[{"__proto__":[1]}],{},[[[0,"__proto__"],"A.Made"]]]');
    const [object] = applyMade(args, made, findClass);
    assert.equal(Object.getPrototypeOf(object), Object.prototype);
    assert.ok(Object.getOwnPropertyDescriptor(object, "__proto__").value instanceof Made);
});
