/**
 * Shows the connection's status to people: nothing during a short interruption, then a line; a line, too, if no connection
 * comes at first; and when the page is lost a dialog, which takes the focus and gives it back. Each can be put aside.
 *
 * The rules have no specificity (`:where`): any rule of the application wins. They are an adopted style sheet, which a
 * Content-Security-Policy allows where it refuses style elements and attributes. The dialog is dark where the page is.
 */

import { createElement } from "./dom.js";
import { invoke, read } from "./members.js";
import { WeakMap, WeakSet, append, parentOf, removeNode, replaceChildren, setAttribute } from "./natives.js";
import { keyOfReason, textOf } from "./texts.js";
import { TopLayer } from "./toplayer.js";

const RULES = `
:where(.athena-status, [data-athena-dialog]) { position: fixed; z-index: 2147483647; inset: var(--athena-top, 1rem) .5rem auto;
    height: auto; margin: 0 auto }
:where(.athena-status) { padding: 0; width: fit-content; max-width: calc(100% - 1rem); border: 0; background: none; text-align: center;
    pointer-events: none; overflow: visible }
:where(.athena-status > *) { display: inline-block; box-sizing: border-box; padding: .4rem .8rem; border: 1px solid #888;
    border-radius: .4rem; max-width: 36rem; font: 14px/1.4 system-ui, sans-serif; color: #fff; background: #333 }
:where(.athena-status button) { font: inherit; color: inherit; background: none; border: 1px solid; border-radius: .3rem;
    margin-inline-start: .6rem; min-width: 2rem; pointer-events: auto; cursor: pointer }
:where(.athena-status > button) { margin: 0; color: #fff; background: #333; border-color: #888 }
:where([data-athena-dialog]) { width: auto; max-width: 28rem; box-sizing: border-box; padding: 1rem; border: 1px solid GrayText;
    border-radius: .5rem; overflow: auto; max-height: 80vh; font: 16px/1.4 system-ui, sans-serif; text-align: start; overflow-wrap: anywhere;
    color: CanvasText; background: Canvas; box-shadow: 0 .2rem 1rem #0006 }
:where([data-athena-dialog] p) { margin: .5rem 0 1rem }
:where([data-athena-dialog] button) { font: inherit; padding: .3rem 1rem; margin-inline-end: .5rem; min-height: 2.25rem }
@media print { :where(.athena-status, [data-athena-dialog]) { display: none } }
`;

/** For how many milliseconds the line says that the connection is back. */
const GOOD_NEWS = 3000;

const RELOADABLE = ["", "expired", "forgotten", "closed", "away", "shutdown", "busy", "slow", "outdated"];

const styledDocuments = new WeakSet();
/** How each dialog is closed. */
const closers = new WeakMap();

function adoptRules(document) {
    const { CSSStyleSheet } = read(document, "defaultView") ?? {};
    if (CSSStyleSheet && !styledDocuments.has(document)) {
        styledDocuments.add(document);
        const sheet = new CSSStyleSheet();
        sheet.replaceSync(RULES);
        read(document, "adoptedStyleSheets").push(sheet);
    }
}

function isUnfocused(document) {
    return [null, read(document, "body")].includes(read(document, "activeElement"));
}

/**
 * Show a dialog with a title, a text and one button, which calls `action(dialog)`. It is above everything else, and takes the focus
 * itself, and none of its buttons does: who is typing presses none. When it is removed, by Escape for instance, the focus returns.
 * @param {Document} document
 * @param {object} options
 * @param {string} options.className
 * @param {string} options.title
 * @param {string} options.text
 * @param {string} options.button
 * @param {function(Element)} options.action
 * @param {string} [options.later] the text of a second button, which only removes the dialog
 * @param {function()} [options.dismissed] called when the dialog was removed by that button or by Escape
 * @returns {Element} the dialog, in the document
 */
export function showDialog(document, { className, title, text, button, action, later, dismissed = () => {} }) {
    adoptRules(document);
    const before = read(document, "activeElement");
    const dialog = createElement(document, "div", { className, role: "alertdialog", dir: "auto", tabIndex: -1 });
    const layer = new TopLayer(dialog);
    const settleFocus = () => {
        if (!parentOf(dialog)) {
            layer.release();
            if (before && read(before, "isConnected") && isUnfocused(document)) {
                invoke(before, "focus", { preventScroll: true });
            }
        }
    };
    const close = () => {
        removeNode(dialog);
        settleFocus();
    };
    closers.set(dialog, close);
    const dismiss = () => {
        close();
        dismissed();
    };
    const makeButton = (label, onclick) => createElement(document, "button", { type: "button", onclick }, label);
    append(dialog,
        // Some screen readers say no more of a dialog than its name.
        createElement(document, "div", { role: "alert" },
            createElement(document, "strong", {}, title), createElement(document, "p", {}, text)),
        makeButton(button, () => {
            action(dialog);
            settleFocus();
        }),
        ...later ? [makeButton(later, dismiss)] : []);
    dialog.onkeydown = (event) => {
        if (event.key === "Escape") {
            // It would close the application's own dialog as well.
            event.preventDefault();
            event.stopPropagation();
            dismiss();
        }
    };
    setAttribute(dialog, "aria-label", title);
    setAttribute(dialog, "data-athena-dialog", "");
    layer.show();
    dialog.focus?.({ preventScroll: true });
    return dialog;
}

/** Remove a dialog that {@link showDialog} has made, if it is still there. It would be put back on top otherwise. */
export function closeDialog(dialog) {
    if (parentOf(dialog)) {
        closers.get(dialog)();
    }
}

/**
 * The status of one page's connection, shown in its document.
 *
 * To style it, write rules for `.athena-status > *` and `[data-athena-dialog]` (or for the class of one dialog) in the
 * application's own style sheet. To word it, change its `texts`. To replace it, give the page another object with the methods
 * `disconnected`, `resumed` and `lost`, from the module of a widget for instance: `Widget.page.status = new MyStatus()`; legacy widgets
 * reach the page through their page widget. The methods may do nothing; what happens to calls and to the connection does not
 * depend on them.
 */
export class ConnectionStatus {
    /** @param {number} delay for how many milliseconds an interruption is not shown */
    constructor(document, delay = 500) {
        this.document = document;
        this.delay = delay;
        /** The application's texts, by the keys of `texts.js`. */
        this.texts = {};
        /** Reloads a lost page by itself if it is not null: an object with `hasInput()`, `start(abandoned)` and `cancel()`. */
        this.reloading = null;
        this.region = null;
        this.timer = null;
        this._layer = null;
        // What the line is about: "interrupted", "unreachable", "connected", "aside"; null if there is none.
        this._line = null;
    }

    /** The connection is interrupted: show so until `resumed` or `lost`, after the delay. */
    disconnected() {
        if (this._line === "connected") {
            this.clear();
        }
        if (this.timer === null && this._line === null) {
            this._showRegion();
            this.timer = setTimeout(() => this._showLine("interrupted", this._text("interrupted")), this.delay);
        }
    }

    /**
     * No connection has come up to now: show so until `resumed` or `lost`.
     * @param {"offline" | "blocked" | "silent"} why
     */
    unreachable(why) {
        this._showRegion();
        this._showLine("unreachable", `${this._text("unreachable")} ${this._text(why)}`);
    }

    /** The connection is back, or there for the first time, and nothing was lost. */
    resumed() {
        const wasShown = this._line !== null && this._line !== "connected";
        this.clear();
        if (wasShown) {
            this._showLine("connected", this._text("connected"));
            this.timer = setTimeout(() => this.clear(), GOOD_NEWS);
        }
    }

    /** Show no line any more. */
    clear() {
        clearTimeout(this.timer);
        this.timer = this._line = null;
        this._layer?.release();
        if (this.region !== null) {
            replaceChildren(this.region);
        }
    }

    /**
     * The page is lost.
     * @param {string} reason why
     * @param {string} className of the dialog
     * @param {number} [code] the close code, if there was one
     */
    lost(reason, className = "athena-connection-lost", code = undefined) {
        this.clear();
        const key = keyOfReason(reason, code);
        const reloads = this.reloading !== null && RELOADABLE.includes(key) && !this.reloading.hasInput();
        this._showLost({ reason, className, key, reloads });
        if (reloads) {
            this.reloading.start(() => {
                closeDialog(this.dialog);
                this._showLost({ reason, className, key });
            });
        }
    }

    _showLost({ reason, className, key, reloads = false }) {
        this.clear();
        const why = key === null ? this._text("reason", { reason: reason.replace(/\.$/, "") }) : this._text(key);
        this.dialog = showDialog(this.document, {
            className,
            title: this._text("lost"),
            text: [why, this._text(reloads ? "soon" : "goOn")].filter(Boolean).join(" "),
            button: this._text("reload"),
            action: () => this.document.location.reload(),
            later: this._text("later"),
            dismissed: () => {
                this.reloading?.cancel();
                this._showRegion();
                this._putAside(() => this._showLost({ reason, className, key }));
            },
        });
        // For whom it is reported to.
        setAttribute(this.dialog, "data-reason", reason);
    }

    _text(key, values) {
        return textOf(this.document, this.texts, key, values);
    }

    _showLine(kind, text) {
        this.timer = null;
        this._line = kind;
        const hide = createElement(this.document, "button", {
            type: "button", title: this._text("hide"), onclick: () => this._putAside(() => this._showLine(kind, text)),
        }, "×");
        setAttribute(hide, "aria-label", this._text("hide"));
        const buttons = kind === "connected" ? [] : [hide];
        this._fill(createElement(this.document, "span", { dir: "auto" }, text, ...buttons));
    }

    _putAside(restore) {
        this._line = "aside";
        const back = createElement(this.document, "button", { type: "button", onclick: restore }, this._text("aside"));
        this._fill(back);
        if (isUnfocused(this.document)) {
            back.focus?.({ preventScroll: true });
        }
    }

    _fill(node) {
        this._layer.show();
        replaceChildren(this.region, node);
        this._layer.place();
    }

    /** A live region is announced only if it was there, empty, before its text. */
    _showRegion() {
        if (this.region === null) {
            adoptRules(this.document);
            this.region = createElement(this.document, "div", { className: "athena-status", role: "status" });
            this._layer = new TopLayer(this.region);
        }
        this._layer.show();
    }
}
