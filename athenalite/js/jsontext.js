/**
 * Reads and writes JSON, whatever other scripts have made of `JSON` and `toJSON`: Prototype 1.6 gives all arrays a `toJSON` that
 * returns a text, and MooTools 1.2 has a `JSON` of its own, without `parse`.
 */

import { isArray, keysOf, mapped, nativeParse, nativeStringify } from "./natives.js";

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
 * @returns {string} what JSON.stringify writes where nothing has a `toJSON`
 */
export function writeJSON(value, separator = ",") {
    if (typeof value === "string") {
        return quote(value);
    }
    if (typeof value !== "object" || value === null) {
        return `${value}`;
    }
    return isArray(value)
        ? `[${joined(mapped(value, (item) => writeJSON(item, separator)), separator)}]`
        : `{${joined(mapped(keysOf(value), (key) => `${writeJSON(key)}:${writeJSON(value[key], separator)}`), separator)}}`;
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
