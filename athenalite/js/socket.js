/**
 * The only WebSocket, and the timers around it: connect, notice that the line is dead, connect again.
 *
 * There is one newest WebSocket at most; what an older one still says or does is ignored. Timers of a hidden or frozen
 * tab fire late, so no timer here concludes from its own lateness that the server was silent.
 */
import { CLOSE_PAGE_LOST, PROTOCOL, protocolsShowing } from "./handshake.js";
import { isolate } from "./log.js";
import { NOOP } from "./wire.js";

/**
 * How long a page whose socket was closed in order waits before it opens another. Firefox closes a page's sockets (1001) when a
 * navigation begins, and does not say whether the page will be left: it goes on after a download or `window.stop()`.
 */
export const LEAVING_PAUSE = 250;
/** The longest wait between two attempts; all times here are in milliseconds. */
export const MAX_RETRY_DELAY = 5000;
/** The server says something at least every 20 seconds; after this much silence the line is dead. */
export const MAX_SILENCE = 40_000;
/** How long a WebSocket may take to be opened and answered, */
export const OPEN_TIMEOUT = 10_000;
/** and how long the answer to a probe. */
export const PROBE_TIMEOUT = 5000;

// The first four attempts are over within half a second whatever the dice say, so that nobody need be told of a blip.
const FIRST_RETRY_DELAY = 100;
const RETRY_GROWTH = 1.5;
// A socket that lived as long as this was no failed attempt.
const STEADY = 1000;
// A timer this much too late was held up, and so perhaps were the server's messages.
const LATE = 1000;
// In a hidden tab every timer is late; at some point silence is silence.
const MAX_PROBES = 3;

// docs/protocol.rst, "The end of a page": these do not come back. The words are for a server that gave none.
const TERMINAL = new Map([
    [4000, "the page is lost"],
    [4001, "a newer socket of the same page has taken over"],
    [1002, "protocol error"],
    [1003, "a binary message"],
    [1007, "text that is not UTF-8"],
    [1008, "refused by the server"],
    [1009, "a message larger than the server takes"],
]);

/** Keeps a session connected, from `start` until the page is lost or left. */
export class Socket {
    #session;
    #options;
    #clock;
    #socket = null;
    #listeners = [];
    #stopped = false;
    #suspended = false;
    #attempts = 0;
    // Who is on the way may not let subprotocols pass, so an attempt that fails is followed by one of the other kind.
    #shows = true;
    #openedAt = null;
    #retryTimer = null;
    #silenceTimer = null;
    #silenceDue = 0;
    #deadline = 0;
    #probes = 0;

    /**
     * @param {Session} session
     * @param {object} options
     * @param {string} options.url see {@link transportURL}
     * @param {object} options.opened the first socket, if there is one already: see {@link opener.js}
     * @param {function} options.WebSocket the constructor
     * @param {function(string, string, number)} options.reportLeft see {@link reportLeft}
     * @param {EventTarget} options.target the window, with its `document`
     * @param {{setTimeout, clearTimeout, now}} options.clock `now()` in milliseconds
     * @param {function(): number} options.random as Math.random
     */
    constructor(session, options) {
        this.#session = session;
        this.#options = { random: Math.random, ...options };
        this.#clock = options.clock;
    }

    /** Connect, and stay connected. */
    start() {
        const { target } = this.#options;
        this.#listen(target, "pagehide", (event) => this.#pageHidden(event));
        this.#listen(target, "pageshow", () => this.#pageShown());
        this.#listen(target, "online", () => this.#wake());
        this.#listen(target.document, "visibilitychange", () => {
            if (target.document.visibilityState === "visible") {
                this.#wake();
            }
        });
        this.#connect();
    }

    /** End the session from this side: the server learns that the page was closed, and nothing connects again. */
    close(reason) {
        this.#session.close(reason);
        this.#finish(CLOSE_PAGE_LOST, reason);
    }

    #listen(target, type, f) {
        target.addEventListener(type, f);
        this.#listeners.push(() => target.removeEventListener(type, f));
    }

    // Connecting

    #connect() {
        this.#clock.clearTimeout(this.#retryTimer);
        this.#retryTimer = null;
        if (this.#stopped || this.#session.reason !== null) {
            return;
        }
        const opening = this.#session.opening();
        const { url, WebSocket, opened } = this.#options;
        this.#options.opened = undefined;
        try {
            this.#socket = opened?.socket ?? new WebSocket(url, this.#shows ? protocolsShowing(opening) : []);
        } catch (error) {
            // A URL that is none, or that the page's policy forbids, will not be better next time.
            this.#finish(CLOSE_PAGE_LOST);
            this.#session.lost(`there can be no socket: ${error.message}`);
            return;
        }
        this.#openedAt = null;
        this.#expect(OPEN_TIMEOUT);
        this.#attach(this.#socket, opening);
        opened?.release();
        // What has happened to it so far. No timer could tell these events apart: those of a hidden tab take a second each.
        for (const event of opened?.events ?? []) {
            isolate("An event of the page's first socket could not be taken", () => opened.socket[`on${event.type}`](event));
        }
    }

    #attach(socket, opening) {
        const whileNewest = (f) => (event) => {
            if (socket === this.#socket) {
                f(event);
            }
        };
        socket.onopen = whileNewest(() => this.#socketOpened(socket, opening));
        socket.onmessage = whileNewest((event) => this.#messageReceived(event.data));
        socket.onclose = whileNewest((event) => this.#socketClosed(event));
    }

    #socketOpened(socket, opening) {
        if (this.#session.reason !== null) {
            this.#finish(CLOSE_PAGE_LOST, this.#session.reason.message);
            return;
        }
        this.#openedAt = this.#clock.now();
        this.#session.connect((text) => socket.send(text), (code, reason) => this.#finish(code, reason));
        if (socket.protocol !== PROTOCOL) {
            socket.send(opening);
        }
    }

    #messageReceived(data) {
        this.#probes = 0;
        this.#deadline = this.#clock.now() + MAX_SILENCE;
        this.#session.messageReceived(data);
    }

    #socketClosed({ code, reason, wasClean }) {
        if (TERMINAL.has(code)) {
            this.#finish(code, reason);
            this.#session.lost(reason || TERMINAL.get(code));
        } else {
            this.#abandon();
            this.#retry(wasClean ? LEAVING_PAUSE : 0);
        }
    }

    /** Have nothing more to do with the newest socket, whatever becomes of it. */
    #abandon() {
        this.#clock.clearTimeout(this.#silenceTimer);
        this.#socket = null;
        this.#session.disconnected();
    }

    /** Connect again, in `pause` milliseconds at the earliest. */
    #retry(pause = 0) {
        if (this.#openedAt === null) {
            this.#shows = !this.#shows;
        } else if (this.#clock.now() - this.#openedAt >= STEADY) {
            this.#attempts = 0;
        }
        this.#attempts += 1;
        if (this.#attempts === 1 && pause === 0) {
            this.#connect();
            return;
        }
        const longest = Math.min(MAX_RETRY_DELAY, FIRST_RETRY_DELAY * RETRY_GROWTH ** (this.#attempts - 2));
        // Half of it at random: a thousand pages must not come back to a restarted server in one moment.
        const delay = longest * (1 + this.#options.random()) / 2;
        this.#retryTimer = this.#clock.setTimeout(() => this.#connect(), Math.max(pause, delay));
    }

    /** Close the socket for good. */
    #finish(code, reason = "") {
        this.#stopped = true;
        this.#listeners.splice(0).forEach((unlisten) => unlisten());
        this.#clock.clearTimeout(this.#retryTimer);
        this.#clock.clearTimeout(this.#silenceTimer);
        closeSocket(this.#socket, code, reason);
        this.#socket = null;
    }

    // Noticing a dead line

    /** The line is dead if nothing is heard for `delay`. */
    #expect(delay) {
        this.#deadline = this.#clock.now() + delay;
        this.#checkIn(delay);
    }

    #checkIn(delay) {
        this.#clock.clearTimeout(this.#silenceTimer);
        this.#silenceDue = this.#clock.now() + delay;
        this.#silenceTimer = this.#clock.setTimeout(() => this.#checkSilence(), delay);
    }

    #checkSilence() {
        const now = this.#clock.now();
        if (now < this.#deadline) {
            this.#checkIn(this.#deadline - now);
        } else if (now - this.#silenceDue > LATE && this.#probes < MAX_PROBES) {
            this.#probe();
        } else {
            const socket = this.#socket;
            this.#abandon();
            closeSocket(socket, 1000, "nothing was heard");
            this.#retry();
        }
    }

    /** Ask for a sign of life; the server answers a noop. */
    #probe() {
        this.#probes += 1;
        if (this.#openedAt !== null) {
            this.#socket.send(NOOP);
        }
        this.#expect(PROBE_TIMEOUT);
    }

    // What the page sees

    /** There may be a line again, or somebody who looks: do not wait any longer. */
    #wake() {
        if (this.#suspended) {
            return;
        }
        if (this.#socket === null) {
            this.#connect();
        } else if (this.#openedAt !== null) {
            this.#probe();
        }
    }

    #pageHidden(event) {
        if (!event.persisted) {
            this.#leave();
            return;
        }
        // An open socket would keep the page out of the back-forward cache.
        this.#suspended = true;
        this.#clock.clearTimeout(this.#retryTimer);
        const socket = this.#socket;
        this.#abandon();
        closeSocket(socket, 1000, "the page is in the back-forward cache");
    }

    #leave() {
        if (this.#openedAt === null || this.#socket?.readyState !== 1) {
            this.#options.reportLeft(this.#options.url, ...this.#session.identity);
        }
        this.close("the page was closed");
    }

    #pageShown() {
        this.#suspended = false;
        this.#wake();
    }
}

/**
 * A page may close with 1000 and the private codes only; RFC 6455's own are the browser's. What ends the session is
 * 4000 then, and the reason says what it was. It has 123 bytes for that.
 */
function closeSocket(socket, code, reason) {
    if (socket !== null && socket.readyState < 2) {
        const allowed = code === 1000 || (code >= 3000 && code <= 4999);
        const { read } = new TextEncoder().encodeInto(reason, new Uint8Array(123));
        socket.close(allowed ? code : CLOSE_PAGE_LOST, reason.slice(0, read));
    }
}
