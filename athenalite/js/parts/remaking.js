/**
 * Reloading a page by itself: one that was lost before it was ever connected, once; and any lost page, if the application wants
 * that. Nothing that was typed is lost by it. A script of its own: see `remaking.js` one directory above.
 */

import { FIELDS, isChanged, putBack, typedIn } from "../live/typed.js";
import { invoke, read } from "../members.js";
import { ENGLISH, whyUnreachable } from "../reach.js";
import { MADE, forget, storageKey } from "../storage.js";

/** A page that is made again is not made again within this time if that did not help. All times are in milliseconds. */
const AGAIN = 600_000;
/** The first reload comes within this time, at random, so that a thousand pages do not return to a restarted server at once. */
const RELOAD_SPREAD = 10_000;
const MAX_RELOAD_DELAY = 60_000;
/** A page that was connected for so long starts with the first delay again. */
const STABLE = 60_000;

/** Under which name it is remembered what was typed. */
const TYPED = "typed";

/** Whether there is something in a visible field of `document` that did not come with it. */
function hasInput(document) {
    const isVisible = (node) => node.checkVisibility?.() ?? true;
    const all = (selector) => [...invoke(document, "querySelectorAll", selector)];
    return all(FIELDS).some((field) => isVisible(field) && isChanged(field))
        || all("[contenteditable]").some((node) => read(node, "isContentEditable") && read(node, "textContent").trim() !== "");
}

/** Whether what is in a field may be stored, and put into the field of the next page. */
const isKept = (field) => !["password", "file"].includes(field.type) && isChanged(field);

/** What tells a field from others, in two versions of a page. */
const nameOf = (field) => [field.tagName, field.type, field.name, field.id].join(" ");

/** Reloads one page. It remembers in the tab's session storage that it did, for the page that comes next. */
class Remaker {
    #window;
    #clock;
    #random;
    #timer = null;
    // The time within which an application that is being developed reloads, if the server names one.
    #hurry = null;

    /**
     * @param {Window} window
     * @param {{setTimeout, clearTimeout, now}} clock
     * @param {function(): number} random as Math.random
     */
    constructor(window, clock, random = Math.random) {
        this.#window = window;
        this.#clock = clock;
        this.#random = random;
        const meta = invoke(window.document, "querySelector", "meta[name=athena-reload]");
        if (meta) {
            this.#hurry = Number(meta.content);
            this.#whenParsed(() => this.#putBackTyped());
        }
    }

    /** Call `f` when all fields are there: scripts from the browser's cache may run before. */
    #whenParsed(f) {
        const { document } = this.#window;
        if (read(document, "readyState") === "loading") {
            invoke(document, "addEventListener", "DOMContentLoaded", f, { once: true });
        } else {
            f();
        }
    }

    /** Whether something was typed in the page, and would be lost. */
    hasInput() {
        return this.#hurry === null && hasInput(this.#window.document);
    }

    /**
     * Reload a page that was never connected, if that is new and nothing was typed.
     * @returns {boolean} whether it is reloaded
     */
    makeAgain() {
        if (this.hasInput() || Date.now() - Number(this.#recall(MADE)) < AGAIN || !this.#remember(MADE, Date.now())) {
            return false;
        }
        this.#window.location.reload();
        return true;
    }

    /**
     * Reload a lost page after a random delay, which doubles each time, and not before the server answers.
     * @param {number} lived for how long the page was connected
     * @param {function(): Promise<boolean>} isReachable
     * @param {function()} abandoned called if something is typed in the meantime
     */
    reloadSoon(lived, isReachable, abandoned) {
        const count = lived > STABLE ? 0 : Number(this.#recall("reloads"));
        this.#remember("reloads", count + 1);
        this.#reloadWithin(this.#hurry ?? Math.min(RELOAD_SPREAD * 2 ** count, MAX_RELOAD_DELAY), isReachable, abandoned);
    }

    /** Do not reload. */
    cancel() {
        this.#clock.clearTimeout(this.#timer);
        this.#timer = null;
    }

    #reloadWithin(spread, isReachable, abandoned) {
        // Never at once: the person sees why, and a server that is restarted needs a moment.
        const timer = this.#clock.setTimeout(async () => {
            const reachable = await isReachable();
            if (this.#timer !== timer) {
                return;
            } else if (this.hasInput()) {
                abandoned();
            } else if (reachable) {
                this.#keepTyped();
                this.#window.location.reload();
            } else {
                this.#reloadWithin(this.#hurry ?? RELOAD_SPREAD, isReachable, abandoned);
            }
        }, spread * (0.1 + 0.9 * this.#random()));
        this.#timer = timer;
    }

    /** Remember what was typed, for the page that comes next: only an application that is being developed reloads in spite of it. */
    #keepTyped() {
        if (this.#hurry !== null) {
            const fields = [...invoke(this.#window.document, "querySelectorAll", FIELDS)];
            this.#remember(TYPED, JSON.stringify(fields.filter(isKept).map((field) => [nameOf(field), typedIn(field)])));
        }
    }

    #putBackTyped() {
        const kept = new Map(JSON.parse(this.#recall(TYPED) ?? "[]"));
        forget(this.#window, TYPED);
        for (const field of invoke(this.#window.document, "querySelectorAll", FIELDS)) {
            if (kept.has(nameOf(field))) {
                putBack(field, kept.get(nameOf(field)));
            }
        }
    }

    /** @returns {boolean} whether that was possible: the storage may be forbidden */
    #remember(name, value) {
        try {
            this.#window.sessionStorage.setItem(storageKey(this.#window, name), value);
            return true;
        } catch {
            return false;
        }
    }

    #recall(name) {
        try {
            return this.#window.sessionStorage.getItem(storageKey(this.#window, name));
        } catch {
            return null;
        }
    }
}

export { ENGLISH, RELOAD_SPREAD, Remaker, hasInput, whyUnreachable };
