/**
 * The overlay of debug mode: shows failed calls with the server's traceback, and errors of scripts that reach no caller. It reports to
 * the server's log what the page's policy has blocked. It is a script of its own, runs before all others, and is only in pages of debug
 * mode.
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
@media print { [data-athena-overlay] { display: none } }
`;
/** The property of the page's data, an element, that has the overlay; `main.js` names it, too. */
const OVERLAY = Symbol.for("athenalite.overlay");
/** How many failures it shows, and how many reports it makes. */
const MOST_SHOWN = 20;
const LONGEST_REPORT = 500;

/** An error and its causes, as far as they are known; a FirstError's is the failure that it names. */
function causesOf(error) {
    const causes = [];
    for (let one = error; one instanceof Error && causes.length < MOST_SHOWN; one = one.cause ?? one.err?.error) {
        causes.push(one);
    }
    return causes;
}

export class Overlay {
    #document;
    #node = null;
    #shown = new WeakSet();
    #count = 0;
    #waiting = [];
    #send = null;
    #reported = new Set();
    #told = new Set();

    /**
     * @param {Document} document
     * @param {EventTarget} target receives `securitypolicyviolation`
     * @param {EventTarget} [window] receives `error` and `unhandledrejection`
     */
    constructor(document, target = document, window = null) {
        this.#document = document;
        invoke(target, "addEventListener", "securitypolicyviolation", (event) => this.#blocked(event));
        window?.addEventListener("error", (event) => this.#uncaught(event, event.error, "Uncaught"));
        window?.addEventListener("unhandledrejection", (event) => this.#uncaught(event, event.reason, "Uncaught (in promise)"));
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

    /**
     * Reports go to `page.report(text)` from now on, those so far included.
     * @param {{report: function(string)}} page
     * @param {function(function(*, string)): function(*, string)} [observe] gives the client's errors that reach no caller to another
     *     observer, and returns the one so far: `observeErrors` of log.js
     */
    connect(page, observe = () => null) {
        this.#send = (text) => page.report(text);
        this.#waiting.splice(0).forEach(this.#send);
        const previous = observe((error, message) => {
            previous(error, message);
            this.#told.add(message);
            this.#failed(error, message);
        });
    }

    /** When all listeners had it: an application may prevent the default, and the client shows calls that failed. */
    #uncaught(event, error, message) {
        setTimeout(() => {
            if (!event.defaultPrevented && error instanceof Error) {
                this.#failed(error, message, event.filename ? `${event.filename}:${event.lineno}\n` : "");
            }
        }, 0);
    }

    /** Show the error of a script once, and where it and its causes were thrown; not that the page is lost, which has a dialog. */
    #failed(error, message, place = "") {
        const causes = causesOf(error);
        if (causes.some((one) => this.#shown.has(one) || one.name === "ConnectionLost")) {
            return;
        }
        if (error instanceof Error) {
            this.#shown.add(error);
        }
        const traces = causes.map((one) => one.stack ?? "").join("\nCaused by: ");
        this.show(`${message}: ${error?.name ?? "Error"}: ${error?.message ?? error}`, place + traces);
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

    /** Show a text, and details in several lines. A message that was shown with its error is not shown again. */
    show(text, details = "") {
        this.#count += 1;
        if (this.#count > MOST_SHOWN || this.#told.has(text)) {
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
    invoke(document, "getElementById", "athena-page")[OVERLAY] = new Overlay(document, document, window);
}
