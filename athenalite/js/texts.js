/**
 * The texts about the connection that people read, in the languages that the client knows, and the sentence for each reason for
 * which a page can be lost. `docs/appearance.rst` has the keys: applications replace texts by them.
 */

import { read } from "./members.js";
import { hasOwn } from "./natives.js";

const EN = {
    interrupted: "Connection interrupted. Reconnecting…",
    connected: "Connected again.",
    unreachable: "This page could not connect to the server. It tries again by itself; what you do here waits until then.",
    offline: "Your device seems to be offline.",
    silent: "The server does not answer.",
    lost: "The connection to the server is lost.",
    reason: "The reason: {reason}.",
    goOn: "Reload the page to go on; what you typed here is kept until then.",
    soon: "The page reloads by itself in a moment.",
    reload: "Reload",
    later: "Not now",
    hide: "Hide",
    aside: "Not connected",
    expired: "The page was opened too long ago.",
    forgotten: "The server does not know this page any more: it was restarted, or the page was without a connection for too long.",
    closed: "The page was closed.",
    away: "The page was without a connection for too long.",
    shutdown: "The server is being shut down or restarted.",
    busy: "Too many pages are open at present.",
    slow: "The connection is too slow for what this page receives.",
    elsewhere: "The page has been opened in another tab or window.",
    refused: "The server does not allow this page any more. You may have to log in again.",
    outdated: "The server has been updated.",
    mistake: "The page and the server did not understand each other.",
    error: "Error",
    failed: "Your action could not be completed because an error occurred. {error} (when calling {method})",
    close: "Click here to close.",
    unhandled: "This did not work.",
    large: "It is too long to be sent.",
    reference: "The server had an error. Reference: {reference}",
};

/** Further languages, by their codes: scripts of their own, so that only documents in them load them. */
const PARTS = {
    __proto__: null,
    de: async () => (await import("./parts/de.js")).GERMAN,
    fr: async () => (await import("./parts/fr.js")).FRENCH,
};
/** The texts of the languages that are loaded. */
export const LANGUAGES = { __proto__: null, en: EN };

function languageOf(document) {
    const [code] = (read(document, "documentElement")?.getAttribute("lang") ?? "").toLowerCase().split("-");
    return code;
}

/**
 * Load the texts in the language of the document. Until they are loaded, texts are English; if they cannot be loaded, too.
 * @returns {Promise<void>} never rejected
 */
export async function loadTexts(document) {
    const code = languageOf(document);
    if (code in PARTS && !(code in LANGUAGES)) {
        // So that they are requested once.
        LANGUAGES[code] = EN;
        try {
            LANGUAGES[code] = await PARTS[code]();
        } catch {
            delete LANGUAGES[code];
        }
    }
}

// What athenalite itself gives as a reason, on either side. Another reason is the application's, which wrote it for people.
const REASONS = [
    [/^the page never connected$/, "expired"],
    [/^too many pages were opened and not connected$/, "busy"],
    [/^unknown page$/, "forgotten"],
    [/^the page was closed$/, "closed"],
    [/^the page was away for more than /, "away"],
    [/^the server is shutting down$/, "shutdown"],
    [/^the page has fallen too far behind$/, "slow"],
    [/^this page is open elsewhere$|^a newer socket of the same page/, "elsewhere"],
    [/^not authorized$|^refused by the server$/, "refused"],
    [/^a protocol version that this server does not/, "outdated"],
    [/^there can be no socket/, "silent"],
    [/^the page is lost$/, ""],
];

// Close codes that are sent for errors of the protocol only, whose reason is for developers.
const PROTOCOL_ERRORS = [1002, 1003, 1007, 1008, 1009, 1011];

/**
 * The key of the sentence that explains why a page is lost.
 * @param {string} reason
 * @param {number} [code] the close code, if it is known
 * @returns {string | null} an empty one if there is nothing to explain; null if the reason is the application's
 */
export function keyOfReason(reason, code) {
    const [, key] = REASONS.find(([pattern]) => pattern.test(reason)) ?? [null, PROTOCOL_ERRORS.includes(code) ? "mistake" : null];
    return reason ? key : "";
}

// The keys of reasons for which a page that was never connected is lost only because it is old, or a copy.
const REMEDIED = ["expired", "forgotten", "closed", "busy", "elsewhere", "outdated"];

/** Whether a reload remedies that a page which was never connected is lost for `reason`. */
export function isRemedied(reason) {
    return REMEDIED.includes(keyOfReason(reason));
}

/**
 * A text in the language of the document, English if that is not known or not loaded.
 * @param {Document} document
 * @param {Record<string, string>} own the application's texts, which are preferred
 * @param {string} key
 * @param {Record<string, unknown>} [values] what is put in for `{name}`
 */
export function textOf(document, own, key, values = {}) {
    const texts = LANGUAGES[languageOf(document)] ?? EN;
    const text = hasOwn(own, key) ? own[key] : texts[key] ?? "";
    return String(text).replace(/\{(\w+)\}/g, (whole, name) => (hasOwn(values, name) ? String(values[name]) : whole));
}
