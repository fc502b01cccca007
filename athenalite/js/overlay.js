/**
 * The overlay of debug mode: shows failed calls with the server's traceback, and reports to the server's log what the page's policy
 * has blocked. A script of its own, which runs before all others and is part of no page without debug mode.
 *
 * It makes nodes of text, and its rules are an adopted style sheet: the page's policy allows no other.
 */

import { invoke, read } from "./members.js";

const OVERLAY_RULES = `
[data-athena-overlay] { position: fixed; z-index: 2147483647; inset: auto 0 0 0; box-sizing: border-box; width: auto; max-height: 60vh; margin: 0;
    overflow: auto; padding: .5rem 1rem; border: 0; border-top: .3rem solid #c00; font: 14px/1.4 system-ui, sans-serif;
    color: CanvasText; background: Canvas; text-align: left }
[data-athena-overlay] pre { white-space: pre-wrap; font: 12px/1.4 ui-monospace, monospace }
[data-athena-overlay] button { float: right; font: inherit }
`;
/** The property of the page's data, an element, that has the overlay; `main.js` names it, too. */
const OVERLAY = Symbol.for("athenalite.overlay");
/** How many failures it shows, and how many reports it makes. */
const MOST_SHOWN = 20;
const LONGEST_REPORT = 500;

export class Overlay {
    #document;
    #node = null;
    #shown = new WeakSet();
    #count = 0;
    #waiting = [];
    #send = null;
    #reported = new Set();

    /**
     * @param {Document} document
     * @param {EventTarget} target receives `securitypolicyviolation`
     */
    constructor(document, target = document) {
        this.#document = document;
        invoke(target, "addEventListener", "securitypolicyviolation", (event) => this.#blocked(event));
        this.#observe(read(document, "defaultView")?.ReportingObserver);
    }

    /** What was blocked before this script has run, where the browser keeps it: not in Firefox. */
    #observe(Observer) {
        if (Observer) {
            const observer = new Observer((reports) => reports.forEach(({ body }) => {
                this.#blocked({ ...body.toJSON(), blockedURI: body.blockedURL });
            }), { types: ["csp-violation"], buffered: true });
            observer.observe();
        }
    }

    /** Reports go to `send(text)` from now on, those so far included. */
    connect(send) {
        this.#send = send;
        this.#waiting.splice(0).forEach((text) => send(text));
    }

    /** Show the error of a call, once: a RemoteError with its `traceback`, or another one. */
    callFailed(error, methodName = "") {
        if (!this.#shown.has(error)) {
            this.#shown.add(error);
            const reference = error.reference ? ` (reference ${error.reference})` : "";
            this.show(`${methodName ? `The call of ${methodName} failed: ` : "A call failed: "}${error.type ?? error.name}: ${error.message}${reference}`,
                error.traceback ?? error.stack ?? "");
        }
    }

    /** Show a text, and details in several lines. */
    show(text, details = "") {
        this.#count += 1;
        if (this.#count > MOST_SHOWN) {
            return;
        }
        if (!read(this.#document, "body")) {
            invoke(this.#document, "addEventListener", "DOMContentLoaded", () => this.#append(text, details), { once: true });
            return;
        }
        this.#append(text, details);
    }

    #append(text, details) {
        const title = invoke(this.#document, "createElement", "strong");
        title.textContent = text;
        const pre = invoke(this.#document, "createElement", "pre");
        pre.textContent = details;
        this.#node ??= this.#make();
        this.#node.append(title, pre);
    }

    #make() {
        const { CSSStyleSheet } = read(this.#document, "defaultView") ?? {};
        if (CSSStyleSheet) {
            const sheet = new CSSStyleSheet();
            sheet.replaceSync(OVERLAY_RULES);
            read(this.#document, "adoptedStyleSheets").push(sheet);
        }
        const node = invoke(this.#document, "createElement", "div");
        node.setAttribute("data-athena-overlay", "");
        node.setAttribute("role", "alert");
        const button = invoke(this.#document, "createElement", "button");
        button.setAttribute("type", "button");
        button.textContent = "Close";
        button.onclick = () => {
            node.remove();
            this.#node = null;
            this.#count = 0;
        };
        node.append(button);
        read(this.#document, "body").append(node);
        return node;
    }

    #blocked({ effectiveDirective, blockedURI, sourceFile, lineNumber, sample }) {
        const place = sourceFile ? ` at ${sourceFile}:${lineNumber}` : "";
        const what = sample ? ` (${sample})` : "";
        const text = `The page's Content-Security-Policy has blocked ${blockedURI || "something"}${what}${place} by ${effectiveDirective}`
            .slice(0, LONGEST_REPORT);
        // An event and a report are about the same.
        if (this.#reported.has(text) || this.#reported.size >= MOST_SHOWN) {
            return;
        }
        this.#reported.add(text);
        if (this.#send) {
            this.#send(text);
        } else {
            this.#waiting.push(text);
        }
    }
}

if (typeof document !== "undefined") {
    invoke(document, "getElementById", "athena-page")[OVERLAY] = new Overlay(document);
}
