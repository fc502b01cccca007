/**
 * The page's lifecycle, as the browser reports it: left, kept in the back-forward cache, shown, visible, online.
 */

import { read } from "./members.js";
import { AbortController, addListener } from "./natives.js";

/** Listens to the window's and the document's events. */
export class Lifecycle {
    // As the options of a listener it has the `signal` that removes it.
    #listeners = new AbortController();
    #isCached = false;

    /**
     * @param {EventTarget} window with its `document`
     * @param {object} observer
     * @param {function()} observer.left the page is left for good
     * @param {function()} observer.suspended the browser keeps the page in its back-forward cache
     * @param {function()} observer.woken the network may be back, or the page is visible again: do not wait any longer.
     *     Not called while the page is in the cache.
     */
    constructor(window, { left, suspended, woken }) {
        const { document } = window;
        const wake = () => {
            if (!this.#isCached) {
                woken();
            }
        };
        this.#listen(window, "pagehide", ({ persisted }) => {
            this.#isCached = persisted;
            (persisted ? suspended : left)();
        });
        this.#listen(window, "pageshow", () => {
            this.#isCached = false;
            woken();
        });
        this.#listen(window, "online", wake);
        this.#listen(document, "visibilitychange", () => {
            if (read(document, "visibilityState") === "visible") {
                wake();
            }
        });
    }

    /** Call the observer no more. */
    stop() {
        this.#listeners.abort();
    }

    #listen(target, type, f) {
        addListener(target, type, f, this.#listeners);
    }
}
