/**
 * Exactly once and in order: what this side has sent, what it has received.
 *
 * Messages are numbered by counting, separately in each direction, and the number is never sent (docs/protocol.rst,
 * "Numbers, without saying them"). Everything sent is kept until the peer says that it has it, and offered again on
 * every new socket.
 *
 * This module knows no socket, clock, or session.
 */
import { Overflow, ProtocolError } from "./errors.js";
import { byteLength } from "./wire.js";

/**
 * Both directions of one session's numbered messages. `sent` and `received` count them, and are the numbers of the
 * last; `bytesKept` is the size of what is kept for the peer.
 */
export class Delivery {
    #kept = [];
    #acknowledged = 0;
    #offered = 0;
    #told = 0;
    sent = 0;
    received = 0;
    bytesKept = 0;

    /** @param bounds how many unacknowledged messages are kept at most, and how many bytes of them */
    constructor({ maxMessages, maxBytes }) {
        this.maxMessages = maxMessages;
        this.maxBytes = maxBytes;
    }

    /**
     * Keep `text` until it is acknowledged. {@link toOffer} has it next.
     * @param {string} text
     * @param {boolean} owed is an answer, which the peer awaits. It is kept whatever the bounds are, for the peer
     *     bounds its own calls, and a page that has said too much must not lose its answers for that.
     * @returns {number} its number
     * @throws {Overflow} if more would be kept than the bounds allow. Nothing is kept and nothing counted then.
     */
    addMessage(text, owed = false) {
        const size = byteLength(text);
        if (!owed && (this.#kept.length >= this.maxMessages || this.bytesKept + size > this.maxBytes)) {
            throw new Overflow(`${this.#kept.length} messages (${this.bytesKept} bytes) are not acknowledged`);
        }
        this.#kept.push({ text, size });
        this.bytesKept += size;
        this.sent += 1;
        return this.sent;
    }

    /** The peer has received everything up to `number`. @throws {ProtocolError} if so much was never sent */
    acknowledged(number) {
        if (number > this.sent) {
            throw new ProtocolError("an acknowledgement of what was never sent");
        }
        if (number > this.#acknowledged) {
            for (const { size } of this.#kept.splice(0, number - this.#acknowledged)) {
                this.bytesKept -= size;
            }
            this.#acknowledged = number;
        }
    }

    /**
     * There is a new socket, whose peer has received everything up to `number`. {@link toOffer} begins behind that.
     * @throws {ProtocolError} if `number` is more than was sent, or less than was acknowledged before: what is not kept
     *     any more cannot be sent again, and to go on without it would be to lose it in silence
     */
    resume(number) {
        if (number < this.#acknowledged) {
            throw new ProtocolError("what was acknowledged is asked for again");
        }
        this.acknowledged(number);
        this.#offered = number;
        this.#told = this.received;
    }

    /**
     * @returns {string[]} what the present socket has not carried yet, in order. Send it all, or give up the socket.
     */
    toOffer() {
        const count = Math.min(this.sent - this.#offered, this.#kept.length);
        this.#offered = this.sent;
        return this.#kept.slice(this.#kept.length - count).map(({ text }) => text);
    }

    /** Count a numbered message of the peer. Call this before running it. @returns {number} its number */
    messageReceived() {
        this.received += 1;
        return this.received;
    }

    /** An answer to the peer's `number` is on its way; it acknowledges everything up to there. */
    responded(number) {
        this.#told = Math.max(this.#told, number);
    }

    /** How many received messages the peer does not know to be received. */
    get untold() {
        return this.received - this.#told;
    }

    /** The number to acknowledge now; the peer counts as told. */
    ackToSend() {
        this.#told = this.received;
        return this.received;
    }
}
