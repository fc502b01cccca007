/**
 * When a page whose socket is lost connects again: exponential backoff with jitter.
 */

/** The longest delay between two attempts; all times here are in milliseconds. */
export const MAX_RETRY_DELAY = 5000;

// The first four attempts are over within half a second whatever the jitter, so that people need not be shown a short
// interruption.
const FIRST_RETRY_DELAY = 100;
const RETRY_GROWTH = 1.5;
// A socket that was open for as long as this was no failed attempt.
const STEADY = 1000;

/** Computes the delay before each attempt. The first one has none. */
export class Backoff {
    #random;
    #attempts = 0;

    /** @param {function(): number} random as Math.random */
    constructor(random) {
        this.#random = random;
    }

    /**
     * A socket is lost.
     * @param {number} openFor for how long it was open; 0 if it never was
     * @param {number} pause the least delay
     * @returns {number} after which delay to connect; 0 is at once
     */
    next(openFor, pause = 0) {
        this.#attempts = openFor >= STEADY ? 1 : this.#attempts + 1;
        if (this.#attempts === 1 && pause === 0) {
            return 0;
        }
        const longest = Math.min(MAX_RETRY_DELAY, FIRST_RETRY_DELAY * RETRY_GROWTH ** (this.#attempts - 2));
        // Half of it is random, so that a thousand pages do not come back to a restarted server at the same moment.
        return Math.max(pause, longest * (1 + this.#random()) / 2);
    }
}
