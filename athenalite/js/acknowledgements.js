/**
 * When a session acknowledges the messages that it has received: docs/protocol.rst, "Implicit message numbers".
 */
import { byteLength, encodeAck } from "./wire.js";

/** The client acknowledges after so many messages (see {@link costOf}). */
export const ACK_EVERY = 64;

const KIB = 1024;

/** What the message `text` counts towards an acknowledgement: 1, and 1 more for each full KiB of UTF-8. */
function costOf(text) {
    // A UTF-16 code unit takes at most three bytes, so the size of most messages need not be measured.
    return text.length * 3 < KIB ? 1 : 1 + Math.floor(byteLength(text) / KIB);
}

/**
 * Sends `ack` on the session's open socket, unless a response has acknowledged the same messages by then: after ACK_EVERY
 * messages, or with the second keep-alive of the server after a message. There is no timer, because an acknowledgement only
 * frees the server's copies, and costs it as much as a message.
 */
export class Acknowledgements {
    #delivery;
    #send;
    #limit;
    #isOpen = false;
    #cost = 0;
    // Whether messages were pending at the last keep-alive already.
    #wasPending = false;

    /**
     * @param {object} options
     * @param {Delivery} options.delivery
     * @param {function(string)} options.send sends a text frame on the open socket
     * @param {number} options.first after how many messages the first acknowledgement is sent. Each page has a number of its
     *     own, at most ACK_EVERY, so that pages that receive the same broadcast do not all acknowledge at the same moment.
     */
    constructor({ delivery, send, first = ACK_EVERY }) {
        this.#delivery = delivery;
        this.#send = send;
        this.#limit = first;
    }

    /** A socket is open; its `open` has acknowledged all that was received before. */
    start() {
        this.#isOpen = true;
        this.#cost = 0;
        this.#wasPending = false;
    }

    /** The socket is lost: the next one's `open` acknowledges. */
    stop() {
        this.#isOpen = false;
    }

    /** The message `text` has been counted and run: acknowledge it now or later. */
    due(text) {
        if (!this.#isOpen) {
            return;
        }
        this.#cost = this.#delivery.ackPending > 0 ? this.#cost + costOf(text) : 0;
        if (this.#cost >= this.#limit) {
            this.acknowledge();
        }
    }

    /** The server has sent a keep-alive. */
    keptAlive() {
        if (this.#wasPending) {
            this.acknowledge();
        } else {
            this.#wasPending = this.#delivery.ackPending > 0;
        }
    }

    /** Acknowledge now: because that is due, or because the page ends, of which nothing must seem lost. */
    acknowledge() {
        this.#cost = 0;
        this.#wasPending = false;
        this.#limit = ACK_EVERY;
        if (this.#isOpen && this.#delivery.ackPending > 0) {
            this.#send(encodeAck(this.#delivery.takeAck()));
        }
    }
}
