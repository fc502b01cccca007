/**
 * Opens the page's first socket while the client, which is twenty times as long, is still loading, and keeps the socket's events
 * until `main.js` takes the socket over, and the events that wait for handlers until they can be called. A script of its own, beside
 * the linked one, and short.
 */

import { KEPT } from "./early.js";
import { CLOSE_PAGE_LOST, OPENED, encodeOpen, protocolsShowing, reportLeft, transportURL, whenShown } from "./handshake.js";
import { keepEarly } from "./keeping.js";
import { invoke } from "./members.js";

/** If the client has not taken the socket over by then, the page shows it. In milliseconds. */
const PATIENCE = 4000;

/** @returns {{socket: WebSocket, events: Event[], release: function()}} call `release` when no event is to be kept any more */
function openSocket(settings) {
    const { token, transport } = JSON.parse(settings);
    const url = transportURL(transport, location);
    const socket = new WebSocket(url, protocolsShowing(encodeOpen(token, 0, 1)));
    const events = [];
    // As the options of a listener it has the `signal` that removes it.
    const listeners = new AbortController();
    for (const type of ["open", "message", "close"]) {
        socket.addEventListener(type, (event) => events.push(event), listeners);
    }
    const timer = setTimeout(() => import("./parts/unstarted.js").then(({ tellUnstarted }) => tellUnstarted(data, socket)), PATIENCE);
    addEventListener("pagehide", ({ persisted }) => {
        if (!persisted) {
            socket.close(CLOSE_PAGE_LOST, "the page was closed");
            // The socket may not be open yet, or may be closed already: Firefox closes it when a navigation begins.
            reportLeft(url, token, 1);
        }
    }, listeners);
    const release = () => {
        listeners.abort();
        clearTimeout(timer);
    };
    return { socket, events, release };
}

// The client may run first, from the browser's cache. Then it opens the socket; if no socket is possible, it reports that.
const data = invoke(document, "getElementById", "athena-page");
data[KEPT] ??= keepEarly();
whenShown(() => {
    if (!(OPENED in data)) {
        try {
            data[OPENED] = openSocket(data.textContent);
        } catch {
            // See above.
        }
    }
});
// The rest of the client, over the connection that this script has left: requested earlier, it would delay the socket on a slow line.
const later = invoke(document, "querySelector", "link[rel=athena-later]");
if (later) {
    // It is beside this script, whatever a <base> says that has come since.
    later.href = new URL(later.getAttribute("href").replace(/.*(?=\/.*\/)/, ".."), import.meta.url);
    later.rel = "modulepreload";
}
