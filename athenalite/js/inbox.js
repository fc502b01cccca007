/**
 * The messages that the server has sent on one socket and that the page has not run yet.
 *
 * They are run in order, none inside another. A message is counted when it is run, so those that wait here when the socket
 * is lost are dropped, and the server resends them.
 */

/** A queue of received messages, which {@link hold} stops. */
export class Inbox {
    #clock;
    #run;
    #waiting = [];
    #holds = 0;
    #isRunning = false;
    #timer = null;

    /**
     * @param {{setTimeout, clearTimeout}} clock
     * @param {function(*)} run runs one message; it may call any method of this inbox
     */
    constructor(clock, run) {
        this.#clock = clock;
        this.#run = run;
    }

    /** Run `message` behind those that wait: at once, if none does and nothing holds them. */
    add(message) {
        this.#waiting.push(message);
        this.#continue();
    }

    /** Run nothing until as many calls of {@link release}. */
    hold() {
        this.#holds += 1;
    }

    release() {
        this.#holds = Math.max(0, this.#holds - 1);
        this.#continue();
    }

    /**
     * Run the messages that wait in a later task of the event loop. What awaits a response has run by then, however many
     * microtasks it takes.
     */
    continueLater() {
        if (this.#waiting.length && this.#timer === null) {
            this.#timer = this.#clock.setTimeout(() => {
                this.#timer = null;
                this.#continue();
            }, 0);
        }
    }

    /** The socket is lost: drop the messages that wait. */
    drop() {
        this.#waiting = [];
    }

    /** The page is lost: drop the messages that wait, and the timer. */
    close() {
        this.drop();
        this.#clock.clearTimeout(this.#timer);
        this.#timer = null;
    }

    #continue() {
        // A method that calls `release`, or is called while another one runs, must not run the next message inside itself.
        if (this.#isRunning) {
            return;
        }
        this.#isRunning = true;
        try {
            while (this.#waiting.length && this.#holds === 0 && this.#timer === null) {
                this.#run(this.#waiting.shift());
            }
        } finally {
            this.#isRunning = false;
        }
    }
}
