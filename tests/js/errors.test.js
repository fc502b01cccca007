import assert from "node:assert/strict";
import { test } from "node:test";

import {
    AthenaError, ConnectionLost, MessageTooLarge, NoSuchChild, NoSuchMethod, Overflow, ProtocolError, RemoteError,
    UnsafeInteger,
} from "../../athenalite/js/errors.js";

test("Every error is an AthenaError and an Error, and prints its own name and its message.", () => {
    for (const cls of [ConnectionLost, NoSuchChild, MessageTooLarge, Overflow, ProtocolError]) {
        const error = new cls("why");
        assert.ok(error instanceof AthenaError && error instanceof Error);
        assert.equal(String(error), `${cls.name}: why`);
    }
});

test("NoSuchMethod has the method and the object, and names them in its text.", () => {
    const error = new NoSuchMethod(3, "shout");
    assert.equal(error.objectID, 3);
    assert.equal(error.methodName, "shout");
    assert.match(error.message, /object 3 .*"shout"/);
});

test("RemoteError has the fields of the server's error, and args can always be iterated.", () => {
    const fields = { type: "Taken", message: "sorry", reference: "ab12", argument: "name", jsClass: "A.Taken", args: ["x"] };
    const error = new RemoteError(fields);
    const { type, message, reference, argument, jsClass, args } = error;
    assert.deepEqual({ type, message, reference, argument, jsClass, args }, fields);
    assert.deepEqual(new RemoteError({ type: "E", message: "m" }).args, []);
});

test("A ProtocolError closes with 1002, unless it has a better code.", () => {
    assert.equal(new ProtocolError("no").closeCode, 1002);
    assert.equal(new ProtocolError("no", 1003).closeCode, 1003);
});

test("UnsafeInteger names what has it, the integer, and what to send.", () => {
    const error = new UnsafeInteger("the result of m", "9007199254740993", { cause: 1 });
    assert.ok(error instanceof AthenaError);
    assert.match(String(error), /^UnsafeInteger: the result of m: .* 9007199254740993, .*; send it as a string$/);
    assert.equal(error.cause, 1);
});
