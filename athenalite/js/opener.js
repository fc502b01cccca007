/**
 * Opens the page's first socket while the client, which is thirty times as long, is still on its way, and keeps what happens to
 * it until `main.js` takes it over. A script of its own, beside the linked one.
 */

import { CLOSE_PAGE_LOST, OPENED, encodeLeft, encodeOpen, protocolsShowing, sendBeacon, transportURL } from "./handshake.js";

/** If nobody has taken it over by then, nobody will: the page's own script has failed. In milliseconds. */
const PATIENCE = 60_000;
const EVENTS = ["open", "message", "close"];

/** @returns {{socket: WebSocket, events: Event[], release: function()}} call `release` when no event is to be kept any more */
function openSocket(settings) {
    const { token, transport } = JSON.parse(settings);
    const url = transportURL(transport, document.baseURI);
    const socket = new WebSocket(url, protocolsShowing(encodeOpen(token, 0, 1)));
    const events = [];
    const keep = (event) => events.push(event);
    EVENTS.forEach((type) => socket.addEventListener(type, keep));
    const timer = setTimeout(() => socket.close(), PATIENCE);
    const left = ({ persisted }) => {
        if (!persisted) {
            socket.close(CLOSE_PAGE_LOST, "the page was closed");
            // The socket may not be open yet, or not any more: Firefox closes it when a navigation begins.
            sendBeacon(url, encodeLeft(token, 1));
        }
    };
    addEventListener("pagehide", left);
    const release = () => {
        EVENTS.forEach((type) => socket.removeEventListener(type, keep));
        removeEventListener("pagehide", left);
        clearTimeout(timer);
    };
    return { socket, events, release };
}

// The client may have been faster, from the browser's cache. It opens a socket itself then; and where there can be none, it says so.
const data = document.getElementById("athena-page");
if (!(OPENED in data)) {
    try {
        data[OPENED] = openSocket(data.textContent);
    } catch {
        // See above.
    }
}
