/**
 * The messages between browser and server, as the browser sees them, in lines for people: docs/developing.rst, "The debug panel".
 * Bounded in lines and in bytes. The page's token is in no line.
 */

import { Map, isArray, keysOf, mapped } from "../natives.js";

/** How many lines are kept, and how many characters of their texts. */
export const MOST_LINES = 500;
export const MOST_TEXT = 256 * 1024;
/** And of each text, in bytes. */
export const LONGEST_TEXT = 4000;
/** Of how many calls without a response the names are known. */
const MOST_CALLS = 1000;

const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** As they are now, whatever other scripts make of them later. */
export const parsed = JSON.parse;
const asString = JSON.stringify;

/** As JSON.stringify, for what has been parsed: it would ask a `toJSON` of other scripts. */
function written(value) {
    if (typeof value === "string") {
        return asString(value);
    }
    if (typeof value !== "object" || value === null) {
        return `${value}`;
    }
    return isArray(value)
        ? `[${mapped(value, written).join(",")}]` : `{${mapped(keysOf(value), (key) => `${asString(key)}:${written(value[key])}`).join(",")}}`;
}

/** A copy, which does not keep the whole text in memory. */
function shortened(text) {
    const buffer = new Uint8Array(LONGEST_TEXT);
    const copied = encoder.encodeInto(text, buffer);
    return decoder.decode(buffer.subarray(0, copied.written)) + (copied.read < text.length ? "\u2026" : "");
}

const isCall = (kind) => kind === "call" || kind === "notify";
const itemsOf = (args) => mapped(args, written).join(", ");
const namedOf = (named = {}) => mapped(keysOf(named), (key) => `${key}=${written(named[key])}`);

/** One direction: its messages, how many bytes they had, and the calls whose responses come the other way. */
class Direction {
    messages = 0;
    bytes = 0;
    calls = new Map();
    // The number of the last message, and the highest: after a cut the former is lower.
    #number = 0;
    #highest = 0;

    /** The next message is the one behind `number`. */
    continueAt(number) {
        this.#number = number;
    }

    /** Number a message. @returns {[number, boolean]} the number, and whether it was sent before */
    count() {
        this.#number += 1;
        const isResent = this.#number <= this.#highest;
        this.#highest = Math.max(this.#highest, this.#number);
        return [this.#number, isResent];
    }

    /** Remember what the call `number` was, for its response. */
    keep(number, call) {
        if (!this.calls.has(number)) {
            this.calls.set(number, call);
        }
        if (this.calls.size > MOST_CALLS) {
            this.calls.delete(this.calls.keys().next().value);
        }
    }
}

/**
 * @typedef {object} Line
 * @property {number} id counts the lines
 * @property {Date} time
 * @property {"sent" | "received" | null} direction null for what is no message
 * @property {string} kind "call", "notify", "result", "error", "ack", "noop", "open", "connected", "resumed", "cut", "failed", or "unknown"
 * @property {string} name what is called, or was; may be empty
 * @property {string} text arguments, a result, an error or a reason, shortened
 * @property {number | null} bytes the message's
 * @property {number | null} took from the call to its response, in milliseconds
 * @property {boolean} isResent whether the other side may have it already
 */

export class Recording {
    /** @type {Line[]} */
    lines = [];
    sent = new Direction();
    received = new Direction();
    /** Called when there is a new line, or none any more. */
    changed = () => {};
    #nameOf;
    #now;
    #count = 0;
    #kept = 0;
    #wasOpen = false;

    /**
     * @param {function(number): string} nameOf names the object of this number
     * @param {function(): number} now milliseconds
     */
    constructor(nameOf, now) {
        this.#nameOf = nameOf;
        this.#now = now;
    }

    /** Record a message. @param {"sent" | "received"} direction */
    message(direction, text) {
        const side = this[direction];
        const bytes = encoder.encode(text).length;
        side.messages += 1;
        side.bytes += bytes;
        let described;
        try {
            described = this.#described(direction, parsed(text));
        } catch {
            // The client finds that out, too. What it sends might have the token.
            described = { kind: "unknown", text: direction === "received" ? text : "" };
        }
        this.#add({ direction, bytes, ...described });
    }

    /** Record that a socket is closed, or could not be opened. */
    closed({ code, reason = "" }, wasOpen) {
        this.#add({ kind: wasOpen ? "cut" : "failed", text: `${code}${reason ? ` ${reason}` : ""}` });
    }

    /** Forget all lines. */
    clear() {
        this.lines = [];
        this.#kept = 0;
        this.changed();
    }

    #described(direction, [kind, ...parts]) {
        const other = direction === "sent" ? this.received : this.sent;
        if (isCall(kind)) {
            return this.#call(direction, kind, parts);
        }
        if (kind === "respond") {
            return this.#response(direction, other, parts);
        }
        if (kind === "open") {
            // The token is left out.
            const [, , received, socket] = parts;
            other.continueAt(received);
            return { kind, text: `socket ${socket}, ${received} received so far` };
        }
        if (kind === "opened") {
            other.continueAt(parts[0]);
            const opened = this.#wasOpen ? "resumed" : "connected";
            this.#wasOpen = true;
            return { kind: opened, text: `${parts[0]} received so far` };
        }
        return { kind: kind === "ack" || kind === "noop" ? kind : "unknown", text: parts.length ? `${parts[0]}` : "" };
    }

    #call(direction, kind, [objectID, method, args, named]) {
        const [number, isResent] = this[direction].count();
        const holder = objectID === 0 ? "page" : this.#nameOf(objectID);
        let name = objectID === 0 && direction === "received" ? method : `${holder}.${method}`;
        let text = [...(args.length ? [itemsOf(args)] : []), ...namedOf(named)].join(", ");
        if (method === "_athenaEvent") {
            // An event of a live template.
            const [handler, pairs, key] = args;
            name = `${holder}.${handler}`;
            text = [...mapped(pairs, ([field, value]) => `${field}=${written(value)}`), ...(key === null ? [] : [`key=${written(key)}`])].join(", ");
        }
        this[direction].keep(number, { name, since: this.#now() });
        return { kind, name, text, isResent };
    }

    #response(direction, other, [number, success, value]) {
        const [, isResent] = this[direction].count();
        const call = other.calls.get(number);
        other.calls.delete(number);
        const more = value?.traceback ?? value?.stack;
        const text = success ? written(value) : `${value.type}: ${value.message}${more ? `\n${more}` : ""}`;
        return {
            kind: success ? "result" : "error", name: call?.name ?? `message ${number}`, text, isResent,
            took: call ? this.#now() - call.since : null,
        };
    }

    #add({ text, ...line }) {
        this.#count += 1;
        const kept = shortened(text);
        this.lines.push({
            id: this.#count, time: new Date(), direction: null, name: "", bytes: null, took: null, isResent: false, ...line, text: kept,
        });
        this.#kept += kept.length;
        while (this.lines.length > MOST_LINES || this.#kept > MOST_TEXT) {
            this.#kept -= this.lines.shift().text.length;
        }
        this.changed();
    }
}
