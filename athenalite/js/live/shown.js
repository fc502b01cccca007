/** The parts of a document: what was rendered last of each, and how new renderings are shown. */

import { invoke } from "../members.js";
import {
    Map, MutationObserver, getAttribute, getterOf, hasAttribute, isElement, mapped, parentOf, removeAttribute, removeNode, selectAll,
    setAttribute,
} from "../natives.js";
import { inertDocument, parseMarkup, parseOne } from "./markup.js";
import { EMPTY, KEY, PART, childrenOf, isConnected, localNameOf, nodeNameOf, ownerOf } from "./matching.js";
import { morph } from "./morph.js";
import { withPieces } from "./pieces.js";
import { makeTwin, noteForeign, pair, pairChildren, place, removeTwin, replaceTwin, twinOf } from "./twins.js";
import { selectionOf } from "./typed.js";

/** Not all browsers have it; a browser that plays or draws without a pause calls back at the timeout only. */
const whenIdle = window.requestIdleCallback ?? setTimeout;

/** The attribute of a part that could not be rendered again. */
const STALE = "data-athena-stale";

const followingOf = getterOf("Element", "nextElementSibling");
const previousOf = getterOf("Element", "previousElementSibling");

/** One part. */
class ShownPart {
    /** The text that the pieces which come next belong to; and those of items, by their keys. */
    #text = null;
    #texts = new Map();
    #items = null;

    constructor(node) {
        this.node = node;
        this.rendered = inertDocument.importNode(node, true);
        pair(this.rendered, node);
    }

    /** Show what the server sends, see `docs/protocol.rst`. */
    show(what) {
        if (typeof what === "string" || typeof what[0] === "number") {
            this.#text = withPieces(this.#text, what);
            this.#showWhole();
        } else if (what.length) {
            this.#showItems(...what);
        }
    }

    #showWhole() {
        const rendered = parseOne(this.#text, parentOf(this.node));
        if (nodeNameOf(rendered) !== nodeNameOf(this.rendered)) {
            replaceTwin(this.rendered, rendered);
            this.node = twinOf(rendered);
            this.rendered = rendered;
        } else {
            morph(this.rendered, rendered);
        }
        this.#items = null;
    }

    /** Find the items, if there are some, before the first one changes. */
    prepare() {
        return hasAttribute(childrenOf(this.rendered)[0] ?? this.node, KEY) && this.items;
    }

    get items() {
        if (this.#items === null) {
            pairChildren(this.rendered);
            this.#items = new Map(mapped(childrenOf(this.rendered), (item) => [keyIn(item), item]));
        }
        return this.#items;
    }

    #showItems(changes, moves) {
        const { items } = this;
        const changed = [];
        for (const [key, what] of changes) {
            if (what === null) {
                this.#texts.delete(key);
                removeTwin(items.get(key));
                removeNode(items.get(key));
                items.delete(key);
            } else {
                this.#texts.set(key, withPieces(this.#texts.get(key), what));
                changed.push(key);
            }
        }
        this.#parsed(changed).forEach((rendered, index) => this.#showItem(changed[index], rendered));
        for (const [key, before] of moves) {
            this.#move(items.get(key), before === null ? null : items.get(before));
        }
    }

    /** The items of these keys. To parse them together is much faster. */
    #parsed(keys) {
        const texts = keys.map((key) => this.#texts.get(key));
        const nodes = texts.length > 1 ? parseMarkup(texts.join(""), this.node) : [];
        const areItems = nodes.length === keys.length && nodes.every((node, index) => isElement(node) && keyIn(node) === keys[index]);
        return areItems ? nodes : texts.map((text) => parseOne(text, this.node));
    }

    #showItem(key, rendered) {
        const old = this.items.get(key);
        if (old && nodeNameOf(old) === nodeNameOf(rendered)) {
            morph(old, rendered);
            return;
        }
        if (old) {
            replaceTwin(old, rendered);
            invoke(old, "replaceWith", rendered);
        } else {
            makeTwin(ownerOf(this.node), rendered);
            invoke(this.rendered, "insertBefore", rendered, null);
        }
        this.items.set(key, rendered);
    }

    #move(rendered, before) {
        invoke(this.rendered, "insertBefore", rendered, before);
        const live = before && twinOf(before);
        place(this.node, twinOf(rendered), live && parentOf(live) === this.node ? live : null);
    }
}

function keyIn(node) {
    return hasAttribute(node, EMPTY) ? null : getAttribute(node, KEY);
}

/** The parts of a document, also those that are added later. */
export class ShownParts {
    #document;
    #parts = new Map();
    #observer;

    constructor(document) {
        this.#document = document;
        this.#add(document);
        this.#observer = new MutationObserver((records) => this.#changed(records));
        this.#observer.observe(document, { childList: true, subtree: true });
    }

    /** Other scripts have changed the document. */
    #changed(records = this.#observer.takeRecords()) {
        noteForeign(records);
        this.#addIn(records);
    }

    #addIn(records) {
        for (const { addedNodes } of records) {
            mapped(addedNodes, (node) => isElement(node) && this.#add(node));
        }
    }

    #add(root) {
        for (const node of [...(isElement(root) && hasAttribute(root, PART) ? [root] : []), ...selectAll(root, `[${PART}]`)]) {
            const name = getAttribute(node, PART);
            // One that has been shown already is rendered by its part.
            if (this.#parts.get(name)?.node !== node) {
                const part = new ShownPart(node);
                this.#parts.set(name, part);
                whenIdle(() => {
                    this.#changed();
                    part.prepare();
                }, { timeout: 1000 });
            }
        }
    }

    /** @param {?string} what null if the part could not be rendered again @param {string} [why] in debug mode */
    show(name, what, why, overlay) {
        const part = this.#find(name);
        if (!part) {
            return;
        }
        if (what === null) {
            setAttribute(part.node, STALE, "");
            overlay?.show(why);
            return;
        }
        this.#changed();
        const focus = new Focus(part);
        part.show(what);
        this.#addIn(this.#observer.takeRecords());
        // Another worker may have other names.
        this.#parts.set(getAttribute(part.node, PART), part);
        removeAttribute(part.node, STALE);
        focus.restore();
        invoke(part.node, "dispatchEvent", new CustomEvent("athena:shown", { bubbles: true }));
    }

    #find(name) {
        const known = this.#parts.get(name);
        if (known && isConnected(known.node)) {
            return known;
        }
        // The observer has not seen it yet.
        this.#add(this.#document);
        return this.#parts.get(name);
    }
}

/** Give `node` the focus. @returns {boolean} whether it has it */
function hasTaken(node) {
    invoke(node, "focus", { preventScroll: true });
    return ownerOf(node).activeElement === node;
}

/** The focus, where a rendering moves or removes the node that has it. */
class Focus {
    #part;
    #node;
    #selection;
    /** By the focused element, and by each element around it in the part: its parent and its previous sibling. */
    #places = new Map();

    constructor(part) {
        const active = ownerOf(part.node).activeElement;
        this.#part = part;
        if (active && active !== part.node && invoke(part.node, "contains", active)) {
            this.#node = active;
            this.#selection = selectionOf(active);
            for (let node = active; node !== part.node; node = parentOf(node)) {
                this.#places.set(node, [parentOf(node), previousOf(node)]);
            }
        }
    }

    restore() {
        const node = this.#node;
        if (!node || ownerOf(node).activeElement === node) {
            return;
        }
        if (!isConnected(node)) {
            this.#focusNext();
        } else if (hasTaken(node) && this.#selection) {
            node.setSelectionRange(...this.#selection);
        }
    }

    /** The element at the former place of `gone`, or else the one before it; undefined if there is none, or `gone` was the part. */
    #successorOf(gone) {
        const [parent, previous] = this.#places.get(gone) ?? [];
        return previous && parentOf(previous) === parent ? followingOf(previous) ?? previous : parent && childrenOf(parent)[0];
    }

    /**
     * The same control in what is at the removed item's place; or the part; or, as both may be in a closed dialog, what is around that
     * and can be seen.
     */
    #focusNext() {
        const { node } = this.#part;
        const place = [];
        let gone = this.#node;
        for (; parentOf(gone); gone = parentOf(gone)) {
            place.unshift([...childrenOf(parentOf(gone))].indexOf(gone));
        }
        const found = place.reduce((one, index) => one && childrenOf(one)[index], this.#successorOf(gone) ?? node);
        if (found && localNameOf(found) === localNameOf(this.#node) && found.tabIndex >= 0 && hasTaken(found)) {
            return;
        }
        for (let one = node; isElement(one) && localNameOf(one) !== "body"; one = parentOf(one)) {
            const isNew = !hasAttribute(one, "tabindex");
            if (isNew) {
                setAttribute(one, "tabindex", "-1");
            }
            if (hasTaken(one)) {
                return;
            }
            if (isNew) {
                removeAttribute(one, "tabindex");
            }
        }
    }
}
