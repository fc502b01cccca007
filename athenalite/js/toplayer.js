/**
 * Keeps a box above everything else in the window, where it can be used: in the top layer, above modal dialogs and fullscreen
 * elements, and at a place where it covers neither fields nor headings.
 *
 * A modal dialog makes everything outside it inert, and so does a fullscreen element in Chromium. So the box is put into it while it
 * is that, and back when it is not.
 */

import { invoke, read } from "./members.js";
import { addListener, append, parentOf, removeNode, selectAll, setAttribute } from "./natives.js";

const PRECIOUS = [
    ["input, textarea, select, [contenteditable='true'], [contenteditable='']", 10],
    ["header, h1, nav, [role=banner], [role=navigation], button, [role=button]", 2],
];
/** Between the box and the window's edges, or what it is not to cover. In CSS pixels. */
const GAP = 8;

/**
 * The best top of a box.
 * @param {{ top: number, bottom: number }} view the part of the window that is visible
 * @param {{ left: number, right: number, height: number }} box
 * @param {{ top: number, bottom: number, left: number, right: number, weight: number }[]} obstacles
 * @returns {number} where least is covered, and of such places the topmost
 */
export function bestTop(view, box, obstacles) {
    const inWay = obstacles.filter(({ left, right }) => left < box.right && right > box.left);
    const first = view.top + GAP;
    const last = Math.max(first, view.bottom - GAP - box.height);
    const candidates = [first, last, ...inWay.flatMap(({ top, bottom }) => [bottom + GAP, top - GAP - box.height])];
    const costOf = (candidate) => inWay.reduce((sum, { top, bottom, weight }) =>
        sum + weight * Math.max(0, Math.min(bottom, candidate + box.height) - Math.max(top, candidate)), 0);
    return candidates
        .filter((candidate) => candidate >= first && candidate <= last)
        .sort((one, other) => costOf(one) - costOf(other) || one - other)[0];
}

// What is in elements of the latter kind is not shown.
const MODAL = ":is(dialog:modal, :fullscreen):not(video, audio, iframe, object, embed, canvas, img)";

/** The element in which things can be used at present: a modal one, or the body. */
function hostIn(document) {
    const focused = read(document, "activeElement");
    return (focused && invoke(focused, "closest", MODAL))
        ?? [...selectAll(document, MODAL)].at(-1) ?? read(document, "body") ?? read(document, "documentElement");
}

/** One box in the top layer of its document. */
export class TopLayer {
    #box;
    #document;
    #observer = null;
    #listeners = null;

    /** @param {HTMLElement} box not in the document yet, or from an earlier `show` */
    constructor(box) {
        this.#box = box;
        this.#document = box.ownerDocument;
    }

    /** Put the box on top of everything, and keep it there until it is released. */
    show() {
        this.#raise();
        if (this.#listeners === null) {
            this.#watch();
        }
    }

    /** Leave the box where it is, and watch the document no more. */
    release() {
        this.#observer?.disconnect();
        this.#listeners?.abort();
        this.#observer = this.#listeners = null;
    }

    /** Take it out of the document. */
    remove() {
        this.release();
        removeNode(this.#box);
    }

    /** Choose the place again, because the box or the window has changed. */
    place() {
        const box = this.#box.getBoundingClientRect?.();
        if (box && box.height > 0) {
            const { offsetTop, height } = read(this.#document, "defaultView").visualViewport;
            const view = { top: offsetTop, bottom: offsetTop + height };
            // A rule of the application may place it otherwise.
            this.#box.style.setProperty("--athena-top", `${bestTop(view, box, this.#obstacles(view))}px`);
        }
    }

    #obstacles(view) {
        const own = "[data-athena-dialog], .athena-status";
        return PRECIOUS.flatMap(([selector, weight]) =>
            [...selectAll(this.#document, selector)].filter((node) => !invoke(node, "closest", own)).map((node) => {
                const { top, bottom, left, right } = invoke(node, "getBoundingClientRect");
                return { top, bottom, left, right, weight };
            })).filter(({ top, bottom, left, right }) => bottom > view.top && top < view.bottom && right > left && bottom > top);
    }

    #raise() {
        const box = this.#box;
        const host = hostIn(this.#document);
        if (parentOf(box) !== host) {
            append(host, box);
        }
        if (typeof box.showPopover === "function") {
            setAttribute(box, "popover", "manual");
            if (box.matches(":popover-open")) {
                box.hidePopover();
            }
            box.showPopover();
        }
        this.place();
    }

    #watch() {
        const view = read(this.#document, "defaultView");
        if (!view?.MutationObserver) {
            return;
        }
        // A dialog that is opened or closed, or taken out of the document together with the box.
        this.#observer = new view.MutationObserver(() => {
            if (parentOf(this.#box) !== hostIn(this.#document) || !this.#box.isConnected) {
                this.#raiseKeepingFocus();
            }
        });
        this.#observer.observe(this.#document, { subtree: true, childList: true, attributeFilter: ["open"] });
        this.#listeners = new view.AbortController();
        addListener(this.#document, "fullscreenchange", () => this.#raiseKeepingFocus(), this.#listeners);
        for (const target of [view, view.visualViewport]) {
            target.addEventListener("resize", () => this.place(), this.#listeners);
        }
    }

    #raiseKeepingFocus() {
        const focused = read(this.#document, "activeElement");
        const had = this.#box.contains(focused);
        this.#raise();
        if (had) {
            invoke(focused, "focus", { preventScroll: true });
        }
    }
}
