/** Parts in the document of a test, shown without a server. */

import { ShownParts } from "../../../athenalite/js/live/shown.js";

/** What a parser makes of this markup in an element of this name. */
export function parsedFresh(name, markup, namespace = "http://www.w3.org/1999/xhtml") {
    const node = document.createElementNS(namespace, name);
    node.innerHTML = markup;
    return node;
}

/** @throws {Error} unless both are the same as JSON */
export function equal(found, expected, why = "") {
    const [one, other] = [found, expected].map((value) => JSON.stringify(value));
    if (one !== other) {
        throw new Error(`${why} ${one} is not ${other}`);
    }
}

/** One part on the page, and what is in it. */
export class Stage {
    #name;
    #tag;

    /**
     * @param {string} markup what is in the part at first
     * @param {string} tag the name of its element
     * @param {(text: string) => string} around what is around it
     */
    constructor(parts, number, markup, tag = "div", around = (text) => text) {
        this.parts = parts;
        this.#name = `${number}.part`;
        this.#tag = tag;
        this.root = document.createElement("div");
        this.root.innerHTML = around(this.markupOf(markup));
        document.body.append(this.root);
    }

    markupOf(markup, attributes = "") {
        return `<${this.#tag} data-athena-part="${this.#name}"${attributes}>${markup}</${this.#tag}>`;
    }

    get node() {
        return this.root.querySelector(`[data-athena-part="${this.#name}"]`);
    }

    at(selector) {
        return this.node.querySelector(selector);
    }

    all(selector) {
        return [...this.node.querySelectorAll(selector)];
    }

    /** Show it with this content, as the server would. */
    put(markup, attributes = "") {
        this.send(this.markupOf(markup, attributes));
    }

    /** Show what the server sends. */
    send(what) {
        this.parts.show(this.#name, what);
    }

    /** Show it with this content under another name, as another worker would. */
    rename(markup, tag) {
        const name = `${this.#name}.again`;
        this.send(this.markupOf(markup).replace(this.#name, name).replaceAll(this.#tag, tag));
        this.#name = name;
    }

    /** Assert that the page has what a parser makes of this markup. */
    has(markup, why = markup) {
        const fresh = parsedFresh(this.#tag, markup, this.node.namespaceURI);
        equal(this.node.innerHTML, fresh.innerHTML, why);
    }
}

/** Makes stages, and removes them. */
export class Stages {
    #parts = new ShownParts(document);
    #made = [];
    #later = [];

    async open(...given) {
        const stage = new Stage(this.#parts, this.#made.length + 1, ...given);
        this.#made.push(stage);
        // An observer notes it, before anybody does anything with it.
        await null;
        return stage;
    }

    /** Call this function when the case is over. */
    later(f) {
        this.#later.push(f);
    }

    close() {
        this.#made.forEach(({ root }) => root.remove());
        this.#later.forEach((f) => f());
    }
}
