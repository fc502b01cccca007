/**
 * Tells people that the client, the page's main script, has not run, and the server's log why: what the opener loads in that case.
 * It relies on nothing of the client, and has its own texts.
 */

import { OPENED } from "../handshake.js";
import { invoke, read } from "../members.js";

const UNSTARTED_TEXTS = {
    __proto__: null,
    en: ["A part of this page has not been loaded yet, so it does not work. If this lasts, reload the page, or allow its scripts in your browser.",
        "Reload"],
    de: ["Ein Teil dieser Seite ist noch nicht geladen, deshalb funktioniert sie nicht. Wenn das so bleibt, laden Sie die Seite neu "
        + "oder erlauben Sie ihre Skripte im Browser.", "Neu laden"],
    fr: ["Une partie de cette page n’est pas encore chargée, elle ne fonctionne donc pas. Si cela dure, rechargez la page "
        + "ou autorisez ses scripts dans votre navigateur.", "Recharger"],
};
// As that of status.js, which is part of the client.
const UNSTARTED_RULES = `
:where([data-athena-unstarted]) { position: fixed; z-index: 2147483647; inset: 1rem .5rem auto; max-width: 28rem; margin: 0 auto;
    box-sizing: border-box; padding: .5rem 1rem; border: 1px solid #888; border-radius: .4rem; font: 14px/1.4 system-ui, sans-serif;
    color: #fff; background: #333 }
:where([data-athena-unstarted] button) { font: inherit; color: inherit; background: none; border: 1px solid; border-radius: .3rem;
    margin-inline-start: .6rem }
`;
/** The client's script, and those that it imports. An application's modules end in `.mjs`. */
const SCRIPTS = "script[src$='/athenalite.js'], link[rel=modulepreload][href$='.js'][href*='/athenalite-']";
/** In milliseconds: how often to look whether the client runs, how long it may take if nothing is wrong with its file, and in any case. */
const LOOK_EVERY = 250;
const SLOW = 6000;
const GIVE_UP = 60_000;

function showUnstarted(document, [text, reload]) {
    const { CSSStyleSheet, location } = read(document, "defaultView");
    if (CSSStyleSheet) {
        const sheet = new CSSStyleSheet();
        sheet.replaceSync(UNSTARTED_RULES);
        read(document, "adoptedStyleSheets").push(sheet);
    }
    const line = invoke(document, "createElement", "div");
    line.setAttribute("data-athena-unstarted", "");
    line.setAttribute("role", "alert");
    line.append(text);
    const button = invoke(document, "createElement", "button");
    button.type = "button";
    button.onclick = () => location.reload();
    button.append(reload);
    line.append(button);
    read(document, "body").append(line);
    return line;
}

function unstartedTexts(document, { texts = {} }) {
    const [text, reload] = UNSTARTED_TEXTS[read(document, "documentElement").lang.toLowerCase().split("-")[0]] ?? UNSTARTED_TEXTS.en;
    return [texts.unstarted ?? text, texts.reload ?? reload];
}

/** @returns {Promise<string>} why the script at `url` has not run: a status, or "type", "blocked", "failed" */
async function whyNot(url, fetch) {
    try {
        const response = await fetch(url, { method: "HEAD" });
        const isScript = /\bjavascript\b/.test(response.headers.get("content-type"));
        return response.ok ? isScript ? "failed" : "type" : String(response.status);
    } catch {
        return "blocked";
    }
}

/** @returns {Promise<[string, string]>} the first of the scripts that is not as it should be, and why; else the first, and "failed" */
async function firstWhyNot(urls, fetch) {
    for (const url of urls) {
        const why = await whyNot(url, fetch);
        if (why !== "failed") {
            return [url, why];
        }
    }
    return [urls[0], "failed"];
}

/**
 * Show the line until the client runs, and report it, once.
 * @param {Element} data the page's
 * @param {WebSocket} socket the opener's, closed if the client does not come
 */
async function tellUnstarted(data, socket) {
    // The client takes the socket over when it runs.
    const isRunning = () => data[OPENED] === undefined;
    if (isRunning()) {
        return;
    }
    const document = data.ownerDocument;
    const window = read(document, "defaultView");
    const began = Date.now();
    const settings = JSON.parse(data.textContent);
    const line = showUnstarted(document, unstartedTexts(document, settings));
    const timer = window.setInterval(() => {
        if (isRunning() || Date.now() - began > GIVE_UP) {
            window.clearInterval(timer);
            if (isRunning()) {
                line.remove();
            } else {
                socket.close();
            }
        }
    }, LOOK_EVERY);
    const urls = [...invoke(document, "querySelectorAll", SCRIPTS)].map(({ src, href }) => src ?? href);
    const [url, why] = await firstWhyNot(urls, (...given) => window.fetch(...given));
    window.setTimeout(() => {
        if (!isRunning()) {
            console.error(`The client of this page, ${url}, does not run: ${why}`);
            const transport = new URL(settings.transport, window.location);
            // The response does not matter.
            window.fetch(`${transport}?unconnected=script&why=${why}`, { mode: "no-cors" }).catch(() => null);
        }
    }, why === "failed" ? SLOW : 0);
}

export { tellUnstarted };
