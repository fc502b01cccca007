/**
 * The page's WebSocket: opens it, passes its messages to the session, and opens another one when it is lost.
 *
 * There is at most one newest WebSocket; messages and events of an older one are ignored.
 */
import { Backoff } from "./backoff.js";
import { meaningOfClose } from "./closing.js";
import { CLOSE_OTHER_WORKER, CLOSE_PAGE_LOST, PROTOCOL, protocolsShowing } from "./handshake.js";
import { Lifecycle } from "./lifecycle.js";
import { Liveness } from "./liveness.js";
import { isolate } from "./log.js";
import { NOOP } from "./wire.js";

/** Keeps a session connected, from `start` until the page is lost or left. */
export class Socket {
    #session;
    #options;
    #clock;
    #backoff;
    #liveness;
    #lifecycle = null;
    #socket = null;
    #isStopped = false;
    // Whether the next handshake shows `open`. A proxy may not let subprotocols pass, so a failed attempt is followed by
    // one of the other kind.
    #showsOpening = true;
    #openedAt = null;
    #retryTimer = null;

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
        const { clock, random = Math.random } = options;
        this.#session = session;
        this.#options = options;
        this.#clock = clock;
        this.#backoff = new Backoff(random);
        this.#liveness = new Liveness(clock, () => this.#sendProbe(), () => this.#connectionDead());
    }

    /** Connect, and stay connected. */
    start() {
        this.#lifecycle = new Lifecycle(this.#options.target, {
            left: () => this.#leave(),
            suspended: () => this.#suspend(),
            woken: () => this.#wake(),
        });
        this.#connect();
    }

    /** End the session, closing the socket with this reason. Nothing connects again. */
    close(reason) {
        this.#session.close(reason);
        this.#finish(CLOSE_PAGE_LOST, reason);
    }

    // Connecting

    /** The address of the transport of the worker that has the page: if the page has moved, `opened` has its name, or a close. */
    get #url() {
        const { url } = this.#options;
        const { worker } = this.#session;
        return worker ? url.replace(/\/at\/[^/]+(?=\/transport$)/, `/at/${worker}`) : url;
    }

    #connect() {
        this.#clock.clearTimeout(this.#retryTimer);
        this.#retryTimer = null;
        if (this.#isStopped || this.#session.reason !== null) {
            return;
        }
        const opening = this.#session.opening();
        const { WebSocket, opened } = this.#options;
        this.#options.opened = undefined;
        try {
            this.#socket = opened?.socket ?? new WebSocket(this.#url, this.#showsOpening ? protocolsShowing(opening) : []);
        } catch (error) {
            // An invalid URL, or one that the page's policy forbids: the next attempt would fail, too.
            this.#finish(CLOSE_PAGE_LOST);
            this.#session.lost(`there can be no socket: ${error.message}`);
            return;
        }
        this.#openedAt = null;
        this.#liveness.start();
        this.#attach(this.#socket, opening);
        opened?.release();
        // The events so far. Passing them on in timers would be slow: those of a hidden tab take a second each.
        for (const event of opened?.events ?? []) {
            isolate("An event of the first socket could not be handled", () => opened.socket[`on${event.type}`](event));
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
        this.#session.connect((text) => this.#send(text), (code, reason) => this.#finish(code, reason));
        if (socket.protocol !== PROTOCOL) {
            socket.send(opening);
        }
    }

    #messageReceived(data) {
        this.#liveness.messageReceived();
        this.#session.messageReceived(data);
    }

    #socketClosed(event) {
        const { lost, pause } = meaningOfClose(event);
        if (event.code === CLOSE_OTHER_WORKER) {
            this.#session.worker = event.reason;
        }
        if (lost === null) {
            this.#abandon();
            this.#retry(pause);
        } else {
            this.#finish(event.code, lost);
            this.#session.lost(lost, event.code);
        }
    }

    /** Ignore the newest socket from now on. @returns {WebSocket} it, to be closed if it is not yet */
    #abandon() {
        const socket = this.#socket;
        this.#socket = null;
        this.#liveness.stop();
        this.#session.disconnected();
        return socket;
    }

    /** Connect again, in `pause` milliseconds at the earliest. */
    #retry(pause = 0) {
        const wasOpen = this.#openedAt !== null;
        if (!wasOpen) {
            this.#showsOpening = !this.#showsOpening;
        }
        const delay = this.#backoff.next(wasOpen ? this.#clock.now() - this.#openedAt : 0, pause);
        if (delay === 0) {
            this.#connect();
        } else {
            this.#retryTimer = this.#clock.setTimeout(() => this.#connect(), delay);
        }
    }

    /** Close the socket, and open no other. */
    #finish(code, reason = "") {
        this.#isStopped = true;
        this.#lifecycle?.stop();
        this.#clock.clearTimeout(this.#retryTimer);
        this.#liveness.stop();
        closeSocket(this.#socket, code, reason);
        this.#socket = null;
    }

    #send(text) {
        // It may be closing already, with the event still to come: sending would be an error in the console. Calls are sent again.
        if (this.#socket?.readyState < 2) {
            this.#socket.send(text);
        }
    }

    // Called by the liveness

    #sendProbe() {
        if (this.#openedAt !== null) {
            this.#send(NOOP);
        }
    }

    #connectionDead() {
        closeSocket(this.#abandon(), 1000, "the connection is dead");
        this.#retry();
    }

    // Called by the lifecycle

    #wake() {
        if (this.#socket === null) {
            this.#connect();
        } else if (this.#openedAt !== null) {
            this.#liveness.probe();
        }
    }

    #suspend() {
        // An open socket would keep the page out of the back-forward cache.
        this.#clock.clearTimeout(this.#retryTimer);
        closeSocket(this.#abandon(), 1000, "the page is in the back-forward cache");
    }

    #leave() {
        if (this.#openedAt === null || this.#socket?.readyState !== 1) {
            this.#options.reportLeft(this.#url, ...this.#session.identity);
        }
        this.close("the page was closed");
    }
}

/**
 * Close a WebSocket that is not closed yet. Scripts may use 1000 and the private codes only: RFC 6455's own, which end the
 * session, become 4000, and the reason tells what happened. The reason is cut to 123 bytes (RFC 6455 section 5.5).
 */
function closeSocket(socket, code, reason) {
    if (socket !== null && socket.readyState < 2) {
        const allowed = code === 1000 || (code >= 3000 && code <= 4999);
        const { read } = new TextEncoder().encodeInto(reason, new Uint8Array(123));
        socket.close(allowed ? code : CLOSE_PAGE_LOST, reason.slice(0, read));
    }
}
