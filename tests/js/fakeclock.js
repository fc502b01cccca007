/** A clock that a test advances: setTimeout, clearTimeout, now, and `advance` by milliseconds. */
export class FakeClock {
    #now = 0;
    #timers = new Map();
    #last = 0;

    setTimeout = (f, delay = 0) => {
        this.#last += 1;
        this.#timers.set(this.#last, { f, at: this.#now + delay });
        return this.#last;
    };

    clearTimeout = (id) => {
        this.#timers.delete(id);
    };

    now = () => this.#now;

    /** How many timers are set. */
    get waiting() {
        return this.#timers.size;
    }

    /** Let `delay` pass, running each timer when it is due. */
    advance(delay) {
        const end = this.#now + delay;
        for (let next = this.#nextUntil(end); next; next = this.#nextUntil(end)) {
            this.#timers.delete(next[0]);
            this.#now = Math.max(this.#now, next[1].at);
            next[1].f();
        }
        this.#now = end;
    }

    /** Let `delay` pass as in a frozen tab: no timer runs meanwhile, and those that were due run afterwards. */
    freeze(delay) {
        this.#now += delay;
        this.advance(0);
    }

    #nextUntil(end) {
        return [...this.#timers].filter(([, { at }]) => at <= end).sort((a, b) => a[1].at - b[1].at || a[0] - b[0])[0];
    }
}
