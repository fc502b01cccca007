/**
 * Integers beyond 2^53, which JSON.parse would round: what has one is refused, and nothing else. docs/protocol.rst, "Values".
 */

// Every integer that is not safe has so many digits. Most texts have not, and this is the only look at them.
const LONG = /\d{16}/;
const STRINGS_AND_NUMBERS = /"[^"\\]*(?:\\.[^"\\]*)*"|-?\d[\d.eE+-]*/g;
const DIGITS = /^-?\d+$/;
const MAX_SHOWN = 40;

/**
 * @param {string} text JSON
 * @returns {string | null} the first integer in it, written without a fraction or an exponent, that JavaScript would round or could
 *     have rounded, shortened if it is long; null if there is none
 */
export function unsafeIntegerIn(text) {
    for (const one of (LONG.test(text) && text.match(STRINGS_AND_NUMBERS)) || []) {
        if (DIGITS.test(one) && !Number.isSafeInteger(Number(one))) {
            return one.length > MAX_SHOWN ? `${one.slice(0, MAX_SHOWN)}...` : one;
        }
    }
    return null;
}
