/**
 * Converts JavaScript values to JSON values: by JSON.stringify's rules where Athena has none, and without a silent `null`
 * for a value that JSON cannot represent.
 */

import { dateText, isArray, isNode, mapped, ownHook } from "./natives.js";

/** How many arrays and objects may stand inside each other in a message, the message itself included. As in Python. */
export const MAX_DEPTH = 64;

// Keeps the path within the value, so that an error names the place.
class JSONValue {
    constructor(where, depth, adapt) {
        this.where = where;
        this.depth = depth;
        this.adapt = adapt;
        this.path = [];
        this.around = [];
    }

    refuse(why) {
        throw new TypeError(`${[this.where, ...this.path].join(".")}: ${why}`);
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
        case "function":
            return null;
        case "number":
            return Number.isFinite(value) ? value : this.refuse(`${value} is not JSON`);
        case "object":
            return value === null ? null : this.ofContainer(value);
        case "string":
        case "boolean":
            return value;
        default:
            return this.refuse(`a ${typeof value} is not JSON`);
        }
    }

    /** The value that represents an object: by Athena's two hooks, then by JavaScript's. */
    represented(value) {
        if (typeof value !== "object" || value === null) {
            return value;
        }
        if (isNode(value)) {
            this.refuse("a DOM node is not JSON");
        }
        if (value instanceof Number || value instanceof String || value instanceof Boolean) {
            return value.valueOf();
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
        // Without a prototype "__proto__" is a key like any other.
        const result = Object.create(null);
        // Athena sends what an object inherits, too.
        for (const key in object) {
            const value = object[key];
            if (typeof value !== "function") {
                result[key] = this.at(key, value);
            }
        }
        return result;
    }
}

// `arguments` and NodeLists are; an object that just has a field called length is not.
function isArrayLike(value) {
    return isArray(value) || (Number.isSafeInteger(value.length) && typeof value[Symbol.iterator] === "function");
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
 * @returns what JSON.stringify writes as the protocol wants it. undefined and functions are null, but functions are
 *     left out of objects; array-likes are arrays; an object may give the value that represents it with `__json__()`, `json()` or
 *     `toJSON()`.
 * @throws {TypeError} if something has no JSON: NaN, an infinity, a BigInt, a symbol, a DOM node, a circle. Its text
 *     names the place.
 */
export function jsonValue(value, where, depth, adapt = asIs) {
    return new JSONValue(where, depth, adapt).of(value);
}
