/**
 * Shows the connection's status to people: nothing during a short interruption, then a banner, and when the page is lost a
 * dialog. Neither takes the focus, so that typing is not interrupted.
 *
 * The rules have no specificity (`:where`): any rule of the application wins. They are an adopted style sheet, which a
 * Content-Security-Policy allows where it refuses style elements and attributes. The dialog is dark where the page is.
 */

import { createElement } from "./dom.js";

const RULES = `
:where(.athena-status) { position: fixed; z-index: 2147483646; inset: 1rem 0 auto 0; text-align: center; pointer-events: none }
:where(.athena-status > *) { display: inline-block; padding: .4rem .8rem; border-radius: .4rem;
    font: 14px/1.4 system-ui, sans-serif; color: #fff; background: #333 }
:where([data-athena-dialog]) { position: fixed; z-index: 2147483647; inset: 1rem 1rem auto 1rem; max-width: 28rem; margin: 0 auto;
    box-sizing: border-box; padding: 1rem; border: 1px solid GrayText; border-radius: .5rem; overflow: auto; max-height: 80vh;
    font: 16px/1.4 system-ui, sans-serif; color: CanvasText; background: Canvas; box-shadow: 0 .2rem 1rem #0006 }
:where([data-athena-dialog] button) { font: inherit; padding: .3rem 1rem }
`;

const styledDocuments = new WeakSet();

function adoptRules(document) {
    const { CSSStyleSheet } = document.defaultView ?? {};
    if (CSSStyleSheet && !styledDocuments.has(document)) {
        styledDocuments.add(document);
        const sheet = new CSSStyleSheet();
        sheet.replaceSync(RULES);
        document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet];
    }
}

/**
 * Show a dialog with a title, a text and one button, which calls `action(dialog)`.
 * @returns {Element} the dialog, in the document
 */
export function showDialog(document, { className, title, text, button, action }) {
    adoptRules(document);
    const heading = createElement(document, "strong", {}, title);
    const dialog = createElement(document, "div", { className, role: "alertdialog" },
        // An alertdialog is announced when it takes the focus, which this does not; an alert always is.
        createElement(document, "div", { role: "alert" }, heading, createElement(document, "p", {}, text)),
        createElement(document, "button", { type: "button", onclick: () => action(dialog) }, button));
    dialog.setAttribute("aria-label", title);
    dialog.setAttribute("data-athena-dialog", "");
    document.body.append(dialog);
    return dialog;
}

/**
 * The status of one page's connection, shown in its document.
 *
 * To style it, write rules for `.athena-status > *` and `[data-athena-dialog]` (or for the class of one dialog) in the
 * application's own style sheet. To replace it, give the page another object with these three methods, from the module
 * of a widget for instance: `Widget.page.status = new MyStatus()`; legacy widgets reach the page through their page
 * widget. The methods may do nothing; what happens to calls and to the connection does not depend on them.
 */
export class ConnectionStatus {
    /** @param {number} delay for how many milliseconds an interruption is not shown */
    constructor(document, delay = 500) {
        this.document = document;
        this.delay = delay;
        this.region = null;
        this.timer = null;
    }

    /** The connection is interrupted: show so until `resumed` or `lost`, after the delay. */
    disconnected() {
        if (this.timer === null) {
            // A live region is announced only if it was there, empty, before its text.
            this.region ??= this._makeRegion();
            this.timer = setTimeout(() => this.region.replaceChildren(
                createElement(this.document, "span", {}, "Connection interrupted. Reconnecting…")), this.delay);
        }
    }

    /** The connection is back, and nothing was lost. */
    resumed() {
        clearTimeout(this.timer);
        this.timer = null;
        this.region?.replaceChildren();
    }

    /** The page is lost. @param {string} reason why */
    lost(reason, className = "athena-connection-lost") {
        this.resumed();
        showDialog(this.document, {
            className,
            title: "The connection to the server is lost.",
            text: `${reason ? `The reason: ${reason}. ` : ""}Reload the page to go on; what you typed here is kept until then.`,
            button: "Reload",
            action: () => this.document.location.reload(),
        });
    }

    _makeRegion() {
        adoptRules(this.document);
        const region = createElement(this.document, "div", { className: "athena-status", role: "status" });
        this.document.body.append(region);
        return region;
    }
}
