/** Finds out why a page has no socket. */

/** How long the server may take to answer, in milliseconds. */
const REACH_TIMEOUT = 5000;
// A proxy gives these when the server behind it does not answer.
const GATEWAY_ERRORS = [502, 503, 504];

/**
 * @param {string} url the socket's, ws: or wss:
 * @param {Window} window
 * @returns {Promise<"offline" | "silent" | "blocked">} the device is offline; no answer comes; or there is an answer over HTTP, so that
 *     what is missing is the socket only. The names are those of texts.
 */
export async function whyUnreachable(url, window) {
    if (window.navigator.onLine === false) {
        return "offline";
    }
    try {
        // Another origin's answer cannot be read, but whether there is one.
        const response = await window.fetch(url.replace("ws", "http"), {
            cache: "no-store",
            credentials: "omit",
            mode: "no-cors",
            signal: AbortSignal.timeout(REACH_TIMEOUT),
        });
        return GATEWAY_ERRORS.includes(response.status) ? "silent" : "blocked";
    } catch {
        return "silent";
    }
}
