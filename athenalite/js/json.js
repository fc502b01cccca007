/**
 * Converts JavaScript values to JSON values: by JSON.stringify's rules where Athena has none, and without a silent `null`
 * or `{}` for a value that JSON cannot represent.
 */

import { prototypeOf } from "./members.js";
import { dateText, hasOwn, isArray, isNode, mapped, ownHook, tagOf } from "./natives.js";

/** How many arrays and objects may stand inside each other in a message, the message itself included. As in Python. */
export const MAX_DEPTH = 64;

const HINTS = {
    ArrayBuffer: "send [...new Uint8Array(buffer)], or base64",
    Blob: "upload it with fetch, or send await blob.text()",
    DataView: "send an array of numbers, or base64",
    Error: "send its message",
    File: "upload it with fetch, or send await file.text()",
    FormData: "send Object.fromEntries(data)",
    Headers: "send Object.fromEntries(headers)",
    Map: "send Object.fromEntries(map), or [...map]",
    Promise: "await it first",
    RegExp: "send its source",
    Request: "send its url",
    Response: "send await response.text()",
    Set: "send [...set]",
    SharedArrayBuffer: "send [...new Uint8Array(buffer)], or base64",
    URLSearchParams: "send Object.fromEntries(parameters)",
    bigint: "send it as a string",
    function: "send data, and let the server call a method of the widget",
    symbol: "send its description",
};
const PLAIN = "send an object with the fields that the server needs, or give it a method toJSON()";
const SURROGATE = /\p{Surrogate}/gu;

/** `text` with U+FFFD for each lone surrogate, which is no character and has no UTF-8. */
export function wellFormed(text) {
    return text.replace(SURROGATE, "\ufffd");
}

// Keeps the path within the value, so that an error names the place.
class JSONValue {
    constructor(where, depth, adapt) {
        this.where = where;
        this.depth = depth;
        this.adapt = adapt;
        this.path = [];
        this.around = [];
        this.refusal = null;
    }

    refuse(why, cause = undefined) {
        this.refusal = new TypeError(`${[this.where, ...this.path].join(".")}: ${why}`, { cause });
        throw this.refusal;
    }

    refuseKind(kind) {
        this.refuse(`${/^[aeio]/i.test(kind) ? "an" : "a"} ${kind} is not JSON; ${HINTS[kind] ?? PLAIN}`);
    }

    at(key, value) {
        this.path.push(key);
        const result = this.of(value);
        this.path.pop();
        return result;
    }

    of(given) {
        const value = this.adapt(this.represented(given));
        switch (typeof value) {
        case "undefined":
            return null;
        case "number":
            return Number.isFinite(value) ? value : this.refuse(`${value} is not JSON; send null, or a string`);
        case "object":
            return value === null ? null : this.ofContainer(value);
        case "string":
            return wellFormed(value);
        case "boolean":
            return value;
        default:
            return this.refuseKind(typeof value);
        }
    }

    /** The value that represents an object: by Athena's two hooks, then by JavaScript's. */
    represented(value) {
        if (typeof value !== "object" || value === null) {
            return value;
        }
        if (isNode(value)) {
            this.refuse("a DOM node is not JSON; send its text, its value or its id");
        }
        if (value instanceof Number || value instanceof String || value instanceof Boolean) {
            return value.valueOf();
        }
        if (value instanceof Date && Number.isNaN(value.getTime())) {
            this.refuse("an invalid Date is not JSON; send null");
        }
        // Their json() reads the body, and is no hook.
        if (/^Re(quest|sponse)$/.test(kindOf(value))) {
            this.refuseKind(kindOf(value));
        }
        const hook = ownHook(value, ["__json__", "json", "toJSON"]);
        return hook ? value[hook](String(this.path[this.path.length - 1] ?? "")) : dateText(value);
    }

    ofContainer(value) {
        if (this.around.includes(value)) {
            this.refuse("circular, which is not JSON");
        }
        if (this.around.length + this.depth >= MAX_DEPTH) {
            this.refuse("nested too deep");
        }
        this.around.push(value);
        const result = isArrayLike(value) ? this.ofArray(value) : this.ofObject(value);
        this.around.pop();
        return result;
    }

    ofArray(array) {
        return mapped(array, (item, index) => this.at(index, item));
    }

    ofObject(object) {
        const kind = kindOf(object);
        // Without a prototype "__proto__" is a key like any other.
        const result = Object.create(null);
        let isEmpty = true;
        // Athena sends what an object inherits, too.
        for (const key in object) {
            const value = object[key];
            // The methods of a class are no data; a function in a plain object was meant to be sent.
            if (typeof value !== "function" || (kind === "Object" && hasOwn(object, key))) {
                isEmpty = false;
                if (!isOpaque(kind)) {
                    result[wellFormed(key)] = this.at(key, value);
                }
            }
        }
        // It would arrive as {}, because its data are not in fields.
        return isOpaque(kind) || (isEmpty && kind !== "Object") ? this.refuseKind(kind) : result;
    }
}

// `arguments`, NodeLists and typed arrays are; an object that just has a field called length is not.
function isArrayLike(value) {
    return isArray(value) || (Number.isSafeInteger(value.length) && typeof value[Symbol.iterator] === "function");
}

/** "Object" for a plain object; else the name of a kind that the language or the browser has, or "instance of" a class. */
function kindOf(object) {
    if (typeof object.then === "function") {
        return "Promise";
    }
    const tag = tagOf(object);
    if (tag === "Error" || tag === "DOMException") {
        return "Error";
    }
    const name = prototypeOf(object)?.constructor?.name ?? "Object";
    return tag !== "Object" || name === "Object" ? tag : `instance of ${name}`;
}

function isOpaque(kind) {
    return hasOwn(HINTS, kind) || kind.endsWith("Event");
}

/** The default `adapt` of {@link jsonValue}. */
export function asIs(value) {
    return value;
}

/**
 * @param value anything
 * @param {string} where what to call it in an error's text
 * @param {number} depth how many arrays and objects will stand around it
 * @param {function} adapt gets each value, inner ones too, and returns the value to use in its place
 * @returns what JSON.stringify writes as the protocol wants it. undefined is null, also in objects; array-likes are arrays; the
 *     methods of a class are left out; a lone surrogate in a string or a key is U+FFFD; an object may give the value that
 *     represents it with `__json__()`, `json()` or `toJSON()`.
 * @throws {TypeError} if something has no JSON: NaN, an infinity, a BigInt, a symbol, a function, a DOM node, a Map, a Promise,
 *     a Blob, and any object whose data are not in its fields; a circle; a getter or a hook that throws. Its text names the
 *     place, and what to send instead.
 */
export function jsonValue(value, where, depth, adapt = asIs) {
    const conversion = new JSONValue(where, depth, adapt);
    try {
        return conversion.of(value);
    } catch (error) {
        if (error === conversion.refusal) {
            throw error;
        }
        // A getter or a hook of the value's own; the path still leads to it.
        return conversion.refuse(`it cannot be read: ${error?.message ?? "its getter or hook has thrown"}`, error);
    }
}
