/** The address of a page, which the server and the person change. */

/** Shows addresses in one window, and reports those to which the person goes. */
export class AddressBar {
    #window;
    #page;
    /** The path of the document; behind a proxy the server's may be shorter. */
    #start;
    /** How often the person has gone elsewhere. */
    #moves = 0;
    #isBusy = false;
    #isAgain = false;
    #isLost = false;

    /**
     * @param {Window} window
     * @param {Page} page
     */
    constructor(window, page) {
        this.#window = window;
        this.#page = page;
        this.#start = window.location.pathname;
        window.addEventListener("popstate", () => this.#moved());
        page.notifyOnDisconnect(() => { this.#isLost = true; });
    }

    /**
     * Show an address of the server, unless the person has gone elsewhere since: then the server has a report to come.
     * @param {string} url a path with its query and fragment
     * @param {boolean} isNew whether the person can go back to the one before
     * @param {number} moves how often the person has gone elsewhere, as far as the server knows
     * @param {string} path of the document, as the server has it
     */
    show(url, isNew, moves, path) {
        if (moves !== this.#moves) {
            return;
        }
        const { history } = this.#window;
        const address = this.#prefix(path) + url;
        if (isNew) {
            history.pushState(null, "", address);
        } else {
            history.replaceState(null, "", address);
        }
    }

    /** What a proxy removes from the path. */
    #prefix(path) {
        return this.#start.endsWith(path) ? this.#start.slice(0, this.#start.length - path.length) : "";
    }

    #moved() {
        this.#moves += 1;
        if (this.#isLost) {
            // Only a new page can show what is there.
            this.#window.location.reload();
        } else if (this.#isBusy) {
            this.#isAgain = true;
        } else {
            this.#report();
        }
    }

    /** Report where the person is: one report at a time, and the last place after it. */
    #report() {
        const { pathname, search, hash } = this.#window.location;
        this.#isBusy = true;
        this.#isAgain = false;
        this.#page.callRemote(0, "_athenaMoved", [pathname + search + hash, this.#start, this.#moves]).addBoth((result) => {
            this.#isBusy = false;
            if (this.#isAgain && !this.#isLost) {
                this.#report();
            }
            return result;
        });
    }
}
