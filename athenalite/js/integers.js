/**
 * Integers beyond 2^53, which JSON.parse would round: what has one is refused, and nothing else. docs/protocol.rst, "Values".
 */

// Every integer that is not safe has so many digits. Most texts have not, and this is the only look at them.
const LONG = /\d{16}/;
const NUMBERS = /-?\d[\d.eE+-]*/g;
const DIGITS = /^-?\d+$/;
const MAX_SHOWN = 40;

/**
 * @param {string} text JSON
 * @returns {string | null} the first integer in it, written without a fraction or an exponent, that JavaScript would round or could
 *     have rounded, shortened if it is long; null if there is none
 */
export function unsafeIntegerIn(text) {
    return LONG.test(text) ? unsafeOutsideStrings(text) : null;
}

function unsafeOutsideStrings(text) {
    let start = 0;
    while (start < text.length) {
        const quote = text.indexOf('"', start);
        const end = quote < 0 ? text.length : quote;
        for (const number of text.slice(start, end).match(NUMBERS) ?? []) {
            if (DIGITS.test(number) && !Number.isSafeInteger(Number(number))) {
                return number.length > MAX_SHOWN ? `${number.slice(0, MAX_SHOWN)}...` : number;
            }
        }
        start = endOfString(text, end);
    }
    return null;
}

/** The index behind the string that begins at `quote`. */
function endOfString(text, quote) {
    let end = text.indexOf('"', quote + 1);
    while (end > 0 && isEscaped(text, end)) {
        end = text.indexOf('"', end + 1);
    }
    return end < 0 ? text.length : end + 1;
}

function isEscaped(text, index) {
    let first = index;
    while (text[first - 1] === "\\") {
        first -= 1;
    }
    return (index - first) % 2 === 1;
}
