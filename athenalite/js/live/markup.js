/** Parses the markup of parts in a document of its own, in which nothing runs or loads. */

import { METHOD, restoreMethod } from "../formmethods.js";
import { isElement, mapped, selectAll } from "../natives.js";
import { localNameOf, namespaceOf, ownerOf } from "./matching.js";

/** The elements whose content an HTML parser reads otherwise than elsewhere, each with the one that it must be in itself. */
const CONTEXTS = {
    __proto__: null, table: "", tbody: "table", thead: "table", tfoot: "table", tr: "tbody", colgroup: "table", select: "", optgroup: "select",
};
const XHTML = '<div xmlns="http://www.w3.org/1999/xhtml" xmlns:athena="http://divmod.org/ns/athena/0.7">';
const NativeParser = DOMParser;
/** For pages whose policy takes no text for markup (`require-trusted-types-for`). */
const policy = window.trustedTypes?.createPolicy("athenalite", { createHTML: (text) => text });

function parseInertly(text, type) {
    return new NativeParser().parseFromString(policy?.createHTML(text) ?? text, type);
}

/** A document in which nothing runs or loads. */
export const inertDocument = parseInertly("", "text/html");

/**
 * The nodes of `markup`, parsed as those in the page's element `parent` were. Forms have their methods, because there are handlers.
 * @returns {Node[]} of another document
 */
export function parseMarkup(markup, parent) {
    const holder = holderOf(markup, parent);
    mapped(selectAll(holder, `[${METHOD}]`), restoreMethod);
    return [...holder.childNodes];
}

function holderOf(markup, parent) {
    if (ownerOf(parent).contentType !== "text/html") {
        return parseInertly(`${XHTML}${markup}</div>`, "application/xhtml+xml").documentElement;
    }
    const name = localNameOf(parent);
    // http://www.w3.org/2000/svg, http://www.w3.org/1998/Math/MathML
    const context = name === "foreignObject" ? [] : [...namespaceOf(parent).match(/svg|math/i) ?? []];
    for (let around = name; around in CONTEXTS; around = CONTEXTS[around]) {
        context.unshift(around);
    }
    let holder = parseInertly(`<body>${context.map((name) => `<${name}>`).join("")}${markup}`, "text/html").body;
    for (let depth = 0; depth < context.length; depth += 1) {
        holder = holder.firstElementChild;
    }
    return holder;
}

/** The one element of `markup`. @throws {Error} when the parser makes none or several of it */
export function parseOne(markup, parent) {
    const nodes = parseMarkup(markup, parent);
    if (nodes.length !== 1 || !isElement(nodes[0])) {
        throw new Error(`A part must be one element, and this is ${nodes.length} nodes: ${markup.slice(0, 200)}`);
    }
    return nodes[0];
}
