/**
 * Reads and writes JSON, whatever other scripts have made of `JSON` and `toJSON`: Prototype 1.6 gives all arrays a `toJSON` that
 * returns a text, and MooTools 1.2 has a `JSON` of its own, without `parse`.
 */

import { isArray, keysOf, mapped, nativeParse, nativeStringify } from "./natives.js";

const MAX_INTEGER = Number.MAX_SAFE_INTEGER;

/** Reads JSON, and writes a string: the browser's functions, or those that {@link loadJSON} loads. */
let parse = nativeParse;
let quote = nativeStringify;

/**
 * Load what reads and writes JSON where a script before this one has replaced the browser's, and only there. Before it is
 * loaded, there is no JSON in such a page.
 */
export async function loadJSON() {
    const { quoted, readJSON } = await import("./parts/json.js");
    parse = readJSON;
    quote = quoted;
}

/** Whether {@link loadJSON} is needed, before anything else. */
export const lacksJSON = !parse || !quote;

// Writing

/**
 * The JSON of `value`, which is as {@link jsonValue} makes it: of strings, finite numbers, booleans, null, arrays and objects.
 * @param value
 * @param {string} separator what stands between items
 * @returns {string} what JSON.stringify writes where nothing has a `toJSON`, except that numbers beyond 2^53 have a fraction
 *     and an exponent
 */
export function writeJSON(value, separator = ",") {
    if (typeof value === "string") {
        return quote(value);
    }
    if (typeof value === "number") {
        return value > MAX_INTEGER || value < -MAX_INTEGER ? floatText(value) : `${value}`;
    }
    if (typeof value !== "object" || value === null) {
        return `${value}`;
    }
    return isArray(value)
        ? `[${joined(mapped(value, (item) => writeJSON(item, separator)), separator)}]`
        : `{${joined(mapped(keysOf(value), (key) => `${writeJSON(key)}:${writeJSON(value[key], separator)}`), separator)}}`;
}

/**
 * A number beyond 2^53, so that Python reads a float. As an integer it would have digits that the number does not have: 2^60 is
 * 1152921504606847000 here.
 */
function floatText(value) {
    const text = value.toExponential();
    return text.includes(".") ? text : text.replace("e", ".0e");
}

function joined(texts, separator) {
    let result = "";
    for (let index = 0; index < texts.length; index += 1) {
        result += index ? separator + texts[index] : texts[index];
    }
    return result;
}

// Reading

/** As JSON.parse. @throws {SyntaxError} */
export function parseJSON(text) {
    return parse(text);
}
