/**
 * Exactly-once, in-order delivery: the messages that this side has sent, and how many it has received.
 *
 * Messages are numbered by counting, separately in each direction, and the number is never sent (docs/protocol.rst,
 * "Implicit message numbers"). Each sent message is kept until the peer acknowledges it, and resent on every new socket.
 *
 * This module uses no socket, clock, or session.
 */
import { Overflow, ProtocolError } from "./errors.js";
import { mapped } from "./natives.js";
import { byteLength } from "./wire.js";

/**
 * Both directions of one session's numbered messages. `sent` and `received` count them, and so are the numbers of the
 * last ones; `unacknowledgedBytes` is the size of the messages that are kept for the peer.
 */
export class Delivery {
    #unacknowledged = [];
    // Up to which number the peer has acknowledged, the present socket has carried, and the peer has been sent an acknowledgement.
    #acknowledged = 0;
    #carried = 0;
    #ackSent = 0;
    sent = 0;
    received = 0;
    unacknowledgedBytes = 0;

    /**
     * @param {object} bounds
     * @param {number} bounds.maxMessages how many messages may be unacknowledged
     * @param {number} bounds.maxBytes and how many bytes of UTF-8
     */
    constructor({ maxMessages, maxBytes }) {
        this.maxMessages = maxMessages;
        this.maxBytes = maxBytes;
    }

    /**
     * Keep `text` until it is acknowledged. {@link takeUnsent} returns it next.
     * @param {string} text
     * @param {boolean} isResponse responses are kept beyond the bounds: the peer limits its own calls, and a page that
     *     has sent too much must not lose the responses that its server awaits
     * @returns {number} its number
     * @throws {Overflow} if the bounds would be exceeded; the message is neither kept nor counted then
     */
    addMessage(text, isResponse = false) {
        const size = byteLength(text);
        const { length } = this.#unacknowledged;
        if (!isResponse && (length >= this.maxMessages || this.unacknowledgedBytes + size > this.maxBytes)) {
            throw new Overflow(`${length} messages (${this.unacknowledgedBytes} bytes) are not acknowledged`);
        }
        this.#unacknowledged.push({ text, size });
        this.unacknowledgedBytes += size;
        this.sent += 1;
        return this.sent;
    }

    /** The peer has received every message up to `number`. @throws {ProtocolError} if fewer were sent */
    acknowledged(number) {
        if (number > this.sent) {
            throw new ProtocolError("an acknowledgement of what was never sent");
        }
        if (number > this.#acknowledged) {
            for (const { size } of this.#unacknowledged.splice(0, number - this.#acknowledged)) {
                this.unacknowledgedBytes -= size;
            }
            this.#acknowledged = number;
        }
    }

    /**
     * A new socket is open, whose peer has received every message up to `number`. {@link takeUnsent} returns the rest.
     * @throws {ProtocolError} if fewer messages were sent, or more were acknowledged before: those are not kept any more,
     *     and going on without them would lose them silently
     */
    resume(number) {
        if (number < this.#acknowledged) {
            throw new ProtocolError("what was acknowledged is asked for again");
        }
        this.acknowledged(number);
        this.#carried = number;
        this.#ackSent = this.received;
    }

    /**
     * Take the messages that the present socket has not carried yet.
     * @returns {string[]} in order. Send them all, or close the socket.
     */
    takeUnsent() {
        const count = Math.min(this.sent - this.#carried, this.#unacknowledged.length);
        this.#carried = this.sent;
        return mapped(this.#unacknowledged.slice(this.#unacknowledged.length - count), ({ text }) => text);
    }

    /** Count a numbered message of the peer. Call this before you run it. @returns {number} its number */
    messageReceived() {
        this.received += 1;
        return this.received;
    }

    /** A response to the peer's message `number` is being sent; it acknowledges every message up to that one. */
    responded(number) {
        this.#ackSent = Math.max(this.#ackSent, number);
    }

    /** How many received messages have not been acknowledged to the peer. */
    get ackPending() {
        return this.received - this.#ackSent;
    }

    /** The number to acknowledge now. Nothing is pending afterwards. */
    takeAck() {
        this.#ackSent = this.received;
        return this.received;
    }
}
