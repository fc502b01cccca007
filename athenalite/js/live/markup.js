/** Parses the markup of parts in a document of its own, in which nothing runs or loads. */

import { METHOD, restoreMethod } from "../formmethods.js";
import { isElement, mapped, propertyOf, selectAll } from "../natives.js";
import { ownerOf } from "./matching.js";
import { nodesIn } from "./twins.js";

const XHTML = '<div xmlns="http://www.w3.org/1999/xhtml" xmlns:athena="http://divmod.org/ns/athena/0.7">';
const NativeParser = DOMParser;
/** For pages whose policy takes no text for markup (`require-trusted-types-for`). */
const policy = window.trustedTypes?.createPolicy("athenalite", { createHTML: (text) => text });
const trusted = (text) => policy?.createHTML(text) ?? text;
const parseInertly = (text, type) => new NativeParser().parseFromString(trusted(text), type);

/** A document in which nothing runs or loads. */
export const inertDocument = parseInertly("", "text/html");

/**
 * The nodes of `markup`, parsed as those in the page's element `parent` were. Forms have their methods, because there are handlers.
 * @returns {Node[]} of another document
 */
export function parseMarkup(markup, parent) {
    const holder = holderOf(markup, parent);
    mapped(selectAll(holder, `[${METHOD}]`), restoreMethod);
    return nodesIn(holder);
}

function holderOf(markup, parent) {
    if (ownerOf(parent).contentType !== "text/html") {
        return parseInertly(`${XHTML}${markup}</div>`, "application/xhtml+xml").documentElement;
    }
    // The parser's context: it reads rows of a table and shapes of an SVG by it. A new document for each text takes as long as the rest.
    const holder = inertDocument.importNode(isElement(parent) ? parent : inertDocument.body, false);
    propertyOf(holder, "innerHTML").set(trusted(markup));
    return holder;
}

/** The one element of `markup`. @throws {Error} when the parser makes none or several of it */
export function parseOne(markup, parent) {
    const nodes = parseMarkup(markup, parent);
    if (nodes.length !== 1 || !isElement(nodes[0])) {
        throw new Error(`A part must be one element alone: ${markup.slice(0, 200)}`);
    }
    return nodes[0];
}
