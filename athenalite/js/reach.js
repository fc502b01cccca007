/** Finds out why a page has no socket. */

/** How long the server may take to answer, in milliseconds. */
const REACH_TIMEOUT = 5000;
// A proxy gives these when the server behind it does not answer.
const GATEWAY_ERRORS = [502, 503, 504];
// By the status with which the handshake was refused. The names are those of texts.
const REFUSALS = { __proto__: null, 403: "denied", 421: "denied", 503: "busy" };
/** The longest text of the server that is written to the console. */
const LONGEST = 2000;

/** The texts of `texts.js` that only a page without a connection needs. */
export const ENGLISH = {
    blocked: "The server answers, but the network in between lets no live connection pass.",
    denied: "The server does not accept a connection from a page at this address. Its operator finds the reason in its log.",
};

/**
 * Browsers show scripts neither the status nor the body of a refused handshake, so the server is asked by another request. Its text
 * is for the author, and goes to the console.
 * @param {string} url the socket's, ws: or wss:
 * @param {Window} window
 * @returns {Promise<"offline" | "silent" | "blocked" | "denied" | "busy">} the device is offline; no answer comes; there is an answer
 *     over HTTP, so that what is missing is the socket only; or the server has refused that. The names are those of texts.
 */
export async function whyUnreachable(url, window) {
    if (window.navigator.onLine === false) {
        return "offline";
    }
    try {
        const address = url.replace("ws", "http");
        // Another origin's answer cannot be read, but whether there is one.
        const isOwn = new URL(address).origin === window.location.origin;
        const response = await window.fetch(address, {
            cache: "no-store",
            // A proxy that asks for a login would answer itself.
            credentials: "same-origin",
            headers: isOwn ? { "Athenalite-Page": window.origin } : {},
            mode: isOwn ? "same-origin" : "no-cors",
            redirect: "manual",
            signal: AbortSignal.timeout(REACH_TIMEOUT),
        });
        const refused = response.headers.get("Athenalite-Refused");
        if (refused === null) {
            return GATEWAY_ERRORS.includes(response.status) ? "silent" : REFUSALS[response.status] ?? "blocked";
        }
        await showReason(response);
        return REFUSALS[refused] ?? "blocked";
    } catch {
        return "silent";
    }
}

async function showReason(response) {
    try {
        const text = await response.text();
        console.warn(`There is no connection to the server. It gives the reason: ${text.slice(0, LONGEST).trim()}`);
    } catch {
        // Nothing depends on it.
    }
}
