/**
 * How a page's socket is opened: docs/protocol.rst, "Opening and resuming a socket". It is short, because {@link opener.js}
 * contains a copy of it.
 */

import { invoke, read } from "./members.js";

/** The protocol's version; server and page are from the same release. */
export const VERSION = 1;
/**
 * The subprotocol. Another one that is offered contains `open` in base64url, so that the server can answer it with its
 * handshake, which saves a round trip.
 */
export const PROTOCOL = "athenalite";
/** The page is closed, or lost: docs/protocol.rst, "Close codes". */
export const CLOSE_PAGE_LOST = 4000;
/** The page is in another worker, whose name is the reason. */
export const CLOSE_OTHER_WORKER = 4002;
/** The property of the page's data, an element, that has the opener's socket; undefined once the client runs. */
export const OPENED = Symbol.for("athenalite.opened");

/**
 * The URL of the page's WebSocket.
 * @param {string} path the transport's URL, relative or not
 * @param {string} base the page's own URL, whose host, port and security it takes
 * @returns {string} a ws: or wss: URL
 */
export function transportURL(path, base) {
    const url = new URL(path, base);
    url.protocol = url.protocol.replace("http", "ws");
    return url.href;
}

/** Call `f` when people see the page: a browser may render a page in advance, which is no visit, and throw it away. */
export function whenShown(f) {
    if (read(document, "prerendering")) {
        invoke(document, "addEventListener", "prerenderingchange", f, { once: true });
    } else {
        f();
    }
}

/**
 * Report to the server that the page is left without an open socket, by a POST that outlives the page: docs/protocol.rst,
 * "Leaving a page".
 * @param {string} url a ws: or wss: URL
 * @param {string} token the page's
 * @param {number} socket the number of the page's newest socket
 */
export function reportLeft(url, token, socket) {
    // Firefox has no sendBeacon where `beacon.enabled` is false.
    navigator.sendBeacon?.(url.replace("ws", "http"), `["left",${VERSION},"${token}",${socket}]`);
}

// JSON.stringify would ask a `toJSON` of other scripts; a token has no character that JSON escapes.

/** The first message on each socket; `socket` counts those of the page. */
export const encodeOpen = (token, received, socket) => `["open",${VERSION},"${token}",${received},${socket}]`;

/** The subprotocols to offer, so that the handshake shows this `opening`. */
export function protocolsShowing(opening) {
    const base64 = btoa(opening).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
    return [PROTOCOL, `open.${base64}`];
}
