/**
 * Encodes and decodes messages: each kind of docs/protocol.rst as a plain object, and the text of its frame.
 *
 * Decoding is strict: a message has exactly the shape that the document allows a server, or ProtocolError is thrown.
 * A message is encoded once, when it is made, so that a value that JSON cannot represent fails the one call that has it as
 * an argument.
 */
import { ProtocolError } from "./errors.js";
import { unsafeIntegerIn } from "./integers.js";
import { MAX_DEPTH, asIs, jsonValue, wellFormed } from "./json.js";
import { parseJSON, writeJSON } from "./jsontext.js";
import { Map, defineProperty, everyOf, hasOwn, isArray, keysOf, mapped, reduced } from "./natives.js";

export const MAX_NUMBER = Number.MAX_SAFE_INTEGER;
/** The server's tokens are no longer. The client does not check its own. */
export const MAX_TOKEN = 128;

const utf8 = new TextEncoder();

/** The size of `text` on the wire, in bytes. */
export function byteLength(text) {
    return utf8.encode(text).length;
}

// Encoding

/**
 * A call, to be kept by the delivery and sent.
 * @param {number} objectID which object of the server's, 0 being the page
 * @param {string} methodName
 * @param {ArrayLike} args positional arguments, see {@link jsonValue}
 * @param {object} kwargs keyword arguments
 * @param {function} adapt see {@link jsonValue}
 * @throws {TypeError} if an argument has no JSON; its text names the argument and the place in it
 */
export function encodeCall(objectID, methodName, args, kwargs = {}, adapt = asIs) {
    if (typeof methodName !== "string") {
        throw new TypeError(`a remote method is called by its name, a string, not ${typeof methodName}`);
    }
    const argument = (value, name) => jsonValue(value, `argument ${name}`, 2, adapt);
    const parts = ["call", objectID, wellFormed(methodName), mapped(args, argument)];
    const names = keysOf(kwargs);
    if (names.length) {
        const named = Object.create(null);
        for (const name of names) {
            named[wellFormed(name)] = argument(kwargs[name], name);
        }
        parts.push(named);
    }
    return writeJSON(parts);
}

/** The response to the server's call `number`. @throws {TypeError} as {@link encodeCall}; respond with an error then */
export function encodeResult(number, value, adapt = asIs) {
    return writeJSON(["respond", number, true, jsonValue(value, "result", 1, adapt)]);
}

/** The response if the call failed, with an `error` of the protocol, all strings. */
export function encodeError(number, error) {
    return writeJSON(["respond", number, false, jsonValue(error, "error", 1)]);
}

export function encodeAck(number) {
    return writeJSON(["ack", number]);
}

export const NOOP = '["noop"]';

// Decoding

function demand(condition, otherwise) {
    if (!condition) {
        throw new ProtocolError(otherwise);
    }
}

function isObject(value) {
    return typeof value === "object" && value !== null && !isArray(value);
}

function isCount(value) {
    return Number.isSafeInteger(value) && value >= 0;
}

// JSON.parse reads 1e400 as Infinity.
function demandBounded(value, depth) {
    demand(typeof value !== "number" || Number.isFinite(value), "a number out of range");
    if (typeof value === "object" && value !== null) {
        demand(depth <= MAX_DEPTH, "nested too deep");
        everyOf(keysOf(value), (key) => demandBounded(value[key], depth + 1) ?? true);
    }
}

// A frame is UTF-8, so a lone surrogate can only be an escape.
const ESCAPED_SURROGATE = /\\u[dD][89a-fA-F]/;

function withoutSurrogates(value) {
    if (typeof value === "string") {
        return wellFormed(value);
    }
    if (isArray(value)) {
        return mapped(value, withoutSurrogates);
    }
    if (!isObject(value)) {
        return value;
    }
    const result = {};
    for (const key of keysOf(value)) {
        // An assignment to __proto__ makes no key.
        defineProperty(result, wellFormed(key),
            { value: withoutSurrogates(value[key]), configurable: true, enumerable: true, writable: true });
    }
    return result;
}

function demandLength(parts, shortest, longest = shortest) {
    demand(parts.length >= shortest && parts.length <= longest, "a message of wrong length");
}

function counted(value) {
    demand(isCount(value), "a number out of range");
    // -0 is 0.
    return value + 0;
}

// JSON.parse does not tell 1 from 1.0 and 1e0, which are no numbers of messages.
const COUNT = String.raw`\s*-?\d+\s*`;
const STRING = String.raw`\s*"(?:[^"\\]|\\.)*"\s*`;
const COUNTED = new RegExp(`^\\s*\\[${STRING},${COUNT}[,\\]]`);

function isMade(entry) {
    return isArray(entry) && entry.length === 2 && typeof entry[1] === "string" && entry[1] !== ""
        && isArray(entry[0]) && everyOf(entry[0], (step) => isCount(step) || typeof step === "string");
}

function decodeMade(root, made = [], shortest = 0) {
    demand(isArray(made) && everyOf(made, isMade), "made of wrong form");
    for (const [path] of made) {
        demand(path.length >= shortest && isArray(reduced(path, inside, root)), "made of what is not there");
    }
    return made;
}

/** The value at `step` of `container`, undefined if there is none; inherited values do not count. */
function inside(container, step) {
    const fits = typeof step === "number" ? isArray(container) : isObject(container);
    return fits && hasOwn(container, step) ? container[step] : undefined;
}

function decodeCall(parts) {
    const [kind, objectID, methodName, args, kwargs = {}, made] = parts;
    demandLength(parts, 4, 6);
    demand(typeof methodName === "string" && isArray(args) && isObject(kwargs), "a call of wrong form");
    return { kind, objectID: counted(objectID), methodName, args, kwargs, made: decodeMade(args, made, 1) };
}

function decodeRespond(parts) {
    const [kind, number, success, value, made] = parts;
    demandLength(parts, 4, success === true ? 5 : 4);
    demand(typeof success === "boolean", "a response of wrong form");
    if (!success) {
        demandError(value);
    }
    return { kind, number: counted(number), success, value, made: decodeMade(value, made) };
}

function demandError(error) {
    demand(isObject(error), "an error that is not an object");
    const own = (key) => (hasOwn(error, key) ? error[key] : undefined);
    const described = typeof own("type") === "string" && typeof own("message") === "string";
    const isText = (key) => !hasOwn(error, key) || typeof error[key] === "string";
    demand(described && everyOf(["jsClass", "reference", "stack", "argument"], isText), "an error of wrong form");
    demand(!hasOwn(error, "args") || isArray(error.args), "an error of wrong form");
}

function decodeOpened(parts) {
    const [kind, received, worker] = parts;
    demandLength(parts, 2, 3);
    demand(parts.length < 3 || (typeof worker === "string" && /^\.*[\w-][\w.-]*$/.test(worker)), "a worker of wrong form");
    return { kind, received: counted(received), ...worker && { worker } };
}

function decodeAck(parts) {
    demandLength(parts, 2);
    return { kind: parts[0], number: counted(parts[1]) };
}

function decodeNoop(parts) {
    demandLength(parts, 1);
    return { kind: parts[0] };
}

const SHAPES = new Map([
    ["opened", decodeOpened],
    ["call", decodeCall],
    ["notify", decodeCall],
    ["respond", decodeRespond],
    ["ack", decodeAck],
    ["noop", decodeNoop],
]);

/**
 * @param {string} text the payload of one text frame of the server
 * @returns {{kind: string}} with the fields, by kind: `opened` received, worker; `call` and `notify` objectID, methodName, args, kwargs,
 *     made; `respond` number, success, value, made; `ack` number. Pass `made` to {@link applyMade}. With `unsafe`, the message
 *     has this integer, which was rounded: refuse its values.
 * @throws {ProtocolError} if it is no message of docs/protocol.rst. The error's text quotes nothing of it.
 */
export function decode(text) {
    demand(typeof text === "string", "not text");
    let parts;
    try {
        parts = parseJSON(text);
    } catch {
        throw new ProtocolError("not JSON");
    }
    demand(isArray(parts) && typeof parts[0] === "string", "not a message");
    demand(typeof parts[1] !== "number" || COUNTED.test(text), "a number with a fraction or an exponent");
    const shape = SHAPES.get(parts[0]);
    demand(shape, "a message of unknown kind");
    demandBounded(parts, 1);
    const message = shape(ESCAPED_SURROGATE.test(text) ? withoutSurrogates(parts) : parts);
    const unsafe = unsafeIntegerIn(text);
    if (unsafe !== null) {
        message.unsafe = unsafe;
    }
    return message;
}

/**
 * Make the values that JSON cannot represent.
 * @param root the `args` or the `value` of a decoded message; it is changed
 * @param {Array} made of the same message
 * @param {function(string)} findClass gives the JavaScript class of a dotted name, or undefined
 * @returns `root`, or the instance that was made in its place
 * @throws {TypeError} if there is no such class; and whatever its constructor throws
 */
export function applyMade(root, made, findClass) {
    const holder = [root];
    for (const [path, className] of made) {
        const way = [0, ...path];
        const last = way.pop();
        const container = reduced(way, inside, holder);
        const args = inside(container, last);
        const cls = findClass(className);
        if (typeof cls !== "function" || !isArray(args)) {
            throw new TypeError(`cannot make an instance of ${className}`);
        }
        container[last] = new cls(...args);
    }
    return holder[0];
}
