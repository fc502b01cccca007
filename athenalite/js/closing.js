/**
 * Decides what the close of the page's newest WebSocket means, by the server or by a proxy: docs/protocol.rst, "Close codes".
 */

import { Map } from "./natives.js";

/**
 * How many milliseconds a page whose socket was closed in order waits before it opens another. Firefox closes a page's sockets
 * (1001) when a navigation begins, before it is known whether the page is left: it stays for a download or `window.stop()`.
 */
export const LEAVING_PAUSE = 250;

// After these codes a page is lost. The texts are for a server that gave no reason.
const TERMINAL = new Map([
    [4000, "the page is lost"],
    [4001, "a newer socket of the same page has taken over"],
    [1002, "protocol error"],
    [1003, "a binary message"],
    [1007, "text that is not UTF-8"],
    [1008, "refused by the server"],
    [1009, "a message larger than the server takes"],
]);

/**
 * @param {{code: number, reason: string, wasClean: boolean}} event of a WebSocket that is closed
 * @returns {{lost: string | null, pause: number}} the reason for which the page is lost; null if only the socket is, and then the
 *     least delay before the next one, in milliseconds
 */
export function meaningOfClose({ code, reason, wasClean }) {
    return TERMINAL.has(code)
        ? { lost: reason || TERMINAL.get(code), pause: 0 }
        : { lost: null, pause: wasClean ? LEAVING_PAUSE : 0 };
}
