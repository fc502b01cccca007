/**
 * Reloads a page without its user: what is shown of it, and when; and why there is no connection. The rest, {@link parts/remaking.js}
 * with {@link reach.js}, is loaded when such a page is lost or cannot connect, or at its start if it reloads whenever it is lost: then
 * there may be no server to load it from.
 */

import { MADE, forget } from "./storage.js";
import { LANGUAGES } from "./texts.js";

/** Has one page reloaded. */
export class Remaking {
    #window;
    #clock;
    #connectedAt = null;

    /**
     * @param {Window} window
     * @param {{setTimeout, clearTimeout, now}} clock
     */
    constructor(window, clock) {
        this.#window = window;
        this.#clock = clock;
    }

    async #load() {
        const { Remaker } = await import("./parts/remaking.js");
        return new Remaker(this.#window, this.#clock);
    }

    /** Why there is no socket at `url`: see {@link reach.js}. If that cannot be loaded, the server does not answer. */
    async whyUnreachable(url) {
        try {
            const reach = await import("./parts/remaking.js");
            Object.assign(LANGUAGES.en, reach.ENGLISH);
            return await reach.whyUnreachable(url, this.#window);
        } catch {
            return this.#window.navigator.onLine === false ? "offline" : "silent";
        }
    }

    /** The page is connected. */
    connected() {
        this.#connectedAt = this.#clock.now();
        forget(this.#window, MADE);
    }

    /** @returns {Promise<boolean>} of whether the page, which was never connected, is reloaded */
    async makeAgain() {
        return (await this.#load()).makeAgain();
    }

    /**
     * What reloads a page that is lost.
     * @param {function(): Promise<boolean>} isReachable
     * @returns {Promise<{hasInput: function(): boolean, start: function(function()), cancel: function()}>} `start(abandoned)` reloads
     *     soon, or calls `abandoned()` if something is typed in the meantime
     */
    async whenLost(isReachable) {
        const remaker = await this.#load();
        const lived = () => (this.#connectedAt === null ? 0 : this.#clock.now() - this.#connectedAt);
        return {
            hasInput: () => remaker.hasInput(),
            start: (abandoned) => remaker.reloadSoon(lived(), isReachable, abandoned),
            cancel: () => remaker.cancel(),
        };
    }
}
