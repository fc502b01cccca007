/**
 * Records the messages on the page's sockets, and cuts these for a test. A script of its own, which runs before all others, so that it
 * has the first message; it is part of no page without the panel. The client knows nothing of it.
 */

import { isolate } from "../log.js";
import { classNameOf, widgetNodeID } from "../dom.js";
import { apply, invoke, read } from "../members.js";
import { URL, WeakSet, defineProperty } from "../natives.js";
import { Recording, parsed } from "./recording.js";

/** The property of the page's data, an element, that has the recorder; `debug.js` names it, too. */
const RECORDER = Symbol.for("athenalite.recorder");
/** What the browser reports for a connection that is cut: RFC 6455 section 7.1.5. */
const ABNORMAL = 1006;
const SHOWN = "open.";

/** A socket while the connection is cut: nothing answers, until it fails. */
class DeafSocket extends EventTarget {
    readyState = 0;
    protocol = "";
    onopen = null;
    onmessage = null;
    onclose = null;

    send() {}

    close() {
        this.fail();
    }

    fail() {
        if (this.readyState === 0) {
            this.readyState = 3;
            const event = new CloseEvent("close", { code: ABNORMAL });
            this.onclose?.(event);
            this.dispatchEvent(event);
        }
    }
}

/** Whether `url` is that of the page's sockets: they end alike, whatever the base. */
function isTransport(url, transport) {
    const end = transport.split("/").slice(-2).join("/");
    return URL.canParse(url) && new URL(url).pathname.endsWith(`/${end}`);
}

/** The `open` that a handshake shows, or null. */
function openingIn(protocols) {
    const [shown] = [protocols ?? []].flat().filter((one) => one.startsWith(SHOWN));
    return shown ? atob(shown.slice(SHOWN.length).replace(/-/g, "+").replace(/_/g, "/")) : null;
}

export class Recorder {
    /** @type {Recording} */
    recording;
    #clock;
    #transport;
    #socket = null;
    #lost = new WeakSet();
    // The attempts to connect while the connection is cut; null while it is not.
    #waiting = null;

    /**
     * @param {string} transport the address of the page's sockets
     * @param {function(number): string} nameOf names the object of this number
     * @param {{setTimeout, now}} clock
     */
    constructor(transport, nameOf, clock) {
        this.#transport = transport;
        this.#clock = clock;
        this.recording = new Recording(nameOf, clock.now);
    }

    /** Record all sockets that `target`, a window, opens from now on. */
    watch(target) {
        const watched = new Proxy(target.WebSocket, {
            construct: (Native, given, newTarget) => (isTransport(given[0], this.#transport)
                ? this.#opened(given[1], () => Reflect.construct(Native, given, newTarget)) : Reflect.construct(Native, given, newTarget)),
        });
        defineProperty(target, "WebSocket", { value: watched, writable: true, configurable: true });
    }

    /** Whether the connection is cut at present. */
    get isCut() {
        return this.#waiting !== null;
    }

    /** Cut the connection, and let none be opened for so many milliseconds. */
    cut(milliseconds) {
        if (this.isCut) {
            return;
        }
        this.#waiting = [];
        const socket = this.#socket;
        if (socket !== null) {
            // As the browser would report it; what the server sends until it knows is lost.
            socket.dispatchEvent(new CloseEvent("close", { code: ABNORMAL, reason: "the connection is cut" }));
            socket.close();
        }
        this.#clock.setTimeout(() => {
            const waiting = this.#waiting;
            this.#waiting = null;
            this.recording.changed();
            waiting.forEach((one) => one.fail());
        }, milliseconds);
        this.recording.changed();
    }

    #opened(protocols, open) {
        if (this.isCut) {
            const deaf = new DeafSocket();
            this.#waiting.push(deaf);
            return deaf;
        }
        const socket = open();
        isolate("The debug panel does not see a socket", () => this.#record(socket, openingIn(protocols)));
        return socket;
    }

    #record(socket, opening) {
        const { recording } = this;
        const { send } = socket;
        let wasOpen = false;
        const whileOpen = (f) => (event) => this.#lost.has(socket) || f(event);
        this.#socket = socket;
        if (opening) {
            recording.message("sent", opening);
        }
        socket.addEventListener("open", () => {
            wasOpen = true;
        });
        socket.addEventListener("message", whileOpen(({ data }) => recording.message("received", `${data}`)));
        socket.addEventListener("close", whileOpen((event) => {
            this.#lost.add(socket);
            this.#socket = this.#socket === socket ? null : this.#socket;
            recording.closed(event, wasOpen);
        }));
        defineProperty(socket, "send", {
            value: (text) => {
                isolate("The debug panel does not see a message", () => recording.message("sent", text));
                apply(send, socket, [text]);
            },
        });
    }
}

/** What an author calls the object of this number: the class of its widget, without the module, and the number. */
function nameIn(document, number) {
    const node = invoke(document, "getElementById", widgetNodeID(number));
    return `${(node && classNameOf(node)?.split(".").at(-1)) ?? ""}#${number}`;
}

if (typeof document !== "undefined") {
    const data = invoke(document, "getElementById", "athena-page");
    const { setTimeout, performance } = read(document, "defaultView");
    const clock = { setTimeout: (f, milliseconds) => setTimeout(f, milliseconds), now: () => performance.now() };
    isolate("There is no debug panel", () => {
        const recorder = data[RECORDER] = new Recorder(parsed(data.textContent).transport, (number) => nameIn(document, number), clock);
        recorder.watch(window);
    });
}
