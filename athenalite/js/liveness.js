/**
 * Detects a dead connection, for scripts see no pings: docs/protocol.rst, "Liveness".
 *
 * Timers of a hidden or frozen tab fire late, and so perhaps do the server's messages. A timer that is late is therefore no
 * proof of silence: the server is probed first.
 */

/** The server sends something at least every 20 seconds; a connection is dead after this many milliseconds of silence. */
export const MAX_SILENCE = 40_000;
/** How long a WebSocket may take to be opened and answered, */
export const OPEN_TIMEOUT = 10_000;
/** and how long the answer to a probe. */
export const PROBE_TIMEOUT = 5000;

// A timer that fires this much too late was held up.
const LATE = 1000;
// In a hidden tab every timer is late; after so many probes without an answer the connection counts as dead.
const MAX_PROBES = 3;

/** Watches one connection after the other. */
export class Liveness {
    #clock;
    #sendProbe;
    #dead;
    #timer = null;
    // When the timer should fire, and until when the server may be silent: a message moves the latter only.
    #timerDue = 0;
    #deadline = 0;
    #probes = 0;

    /**
     * @param {{setTimeout, clearTimeout, now}} clock `now()` in milliseconds
     * @param {function()} sendProbe sends a message that the server answers, if the socket is open
     * @param {function()} dead called, once for each {@link start}, when the connection is dead
     */
    constructor(clock, sendProbe, dead) {
        this.#clock = clock;
        this.#sendProbe = sendProbe;
        this.#dead = dead;
    }

    /** A socket is being opened. */
    start() {
        this.#expectWithin(OPEN_TIMEOUT);
    }

    /** The socket is lost or closed. */
    stop() {
        this.#clock.clearTimeout(this.#timer);
    }

    /** The server sent a message. */
    messageReceived() {
        this.#probes = 0;
        this.#deadline = this.#clock.now() + MAX_SILENCE;
    }

    /** Ask the server for an answer, because there is reason to doubt the connection. */
    probe() {
        this.#probes += 1;
        this.#sendProbe();
        this.#expectWithin(PROBE_TIMEOUT);
    }

    #expectWithin(delay) {
        this.#deadline = this.#clock.now() + delay;
        this.#checkIn(delay);
    }

    #checkIn(delay) {
        this.#clock.clearTimeout(this.#timer);
        this.#timerDue = this.#clock.now() + delay;
        this.#timer = this.#clock.setTimeout(() => this.#check(), delay);
    }

    #check() {
        const now = this.#clock.now();
        if (now < this.#deadline) {
            this.#checkIn(this.#deadline - now);
        } else if (now - this.#timerDue > LATE && this.#probes < MAX_PROBES) {
            this.probe();
        } else {
            this.#dead();
        }
    }
}
