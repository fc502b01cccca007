/**
 * What opens a page's socket: docs/protocol.rst, "A socket". It is little, for {@link opener.js} brings its own copy.
 */

/** Of the protocol; server and page are from the same release. */
export const VERSION = 1;
/**
 * The subprotocol. One that is offered besides says whose the socket is, in base64url, as `open` does that comes later:
 * so the server can answer with its handshake, which saves a round trip.
 */
export const PROTOCOL = "athenalite";
/** The page is closed, or lost: docs/protocol.rst, "The end of a page". */
export const CLOSE_PAGE_LOST = 4000;
/** The property of the page's data, an element, that has what the opener has opened; undefined once the client is there. */
export const OPENED = Symbol.for("athenalite.opened");

/**
 * Where the WebSocket is.
 * @param {string} path the transport's URL, relative or not
 * @param {string} base the page's own URL, whose host, port and security it takes
 * @returns {string} a ws: or wss: URL
 */
export function transportURL(path, base) {
    const url = new URL(path, base);
    url.protocol = url.protocol.replace("http", "ws");
    return url.href;
}

/**
 * The body of the request by which a page that is left without an open socket reports its end: docs/protocol.rst, "Leaving a
 * page". `socket` is the number of its newest socket.
 */
export const encodeLeft = (token, socket) => JSON.stringify(["left", VERSION, token, socket]);

/**
 * Send `body` to the server of the socket at `url` by a POST that outlives the page.
 * @param {string} url a ws: or wss: URL
 */
export function sendBeacon(url, body) {
    // Firefox has none where `beacon.enabled` is false.
    navigator.sendBeacon?.(url.replace("ws", "http"), body);
}

/** What is said first on each socket; `socket` counts those of the page. */
export const encodeOpen = (token, received, socket) => JSON.stringify(["open", VERSION, token, received, socket]);

/** The subprotocols to be offered, so that the handshake shows this `opening`. */
export function protocolsShowing(opening) {
    const base64 = btoa(opening).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
    return [PROTOCOL, `open.${base64}`];
}
