/**
 * Finding nodes: by attribute, by the ids that the server rewrites, and from a node to its widget.
 *
 * A widget's node has the id `athena:N`, where N is the number of the widget; an id that an author wrote in the widget's
 * template became `athenaid:N-id`, so that two widgets can use the same one. Everything works in trees that are not (yet)
 * in the document.
 */

import { UnsafeInteger } from "./errors.js";
import { unsafeIntegerIn } from "./integers.js";
import { parseJSON } from "./jsontext.js";
import { invoke, read } from "./members.js";
import {
    append, descendantsOf, getAttribute, hasAttribute, isElement, nodeTypeOf, parentOf, setAttribute,
} from "./natives.js";

const FRAGMENT_NODE = 11;

/** No node is where one was looked for. */
export class NodeNotFound extends Error {
    name = "NodeNotFound";
}

/** No node below `root` has the attribute `attribute` with the value `value`. */
export class NodeAttributeError extends NodeNotFound {
    name = "NodeAttributeError";

    /**
     * @param {Element} root
     * @param {string} attribute
     * @param {string} value
     */
    constructor(root, attribute, value) {
        super(`Failed to discover node with ${attribute} value ${value} beneath ${root} (programmer error).`);
        this.root = root;
        this.attribute = attribute;
        this.value = value;
    }
}

/** The id of the node of widget `objectID`. */
export function widgetNodeID(objectID) {
    return `athena:${objectID}`;
}

/** The id in the document for the author's `id` in the template of widget `objectID`. */
export function translateID(objectID, id) {
    return `athenaid:${objectID}-${id}`;
}

/** The number of the widget whose node `node` is, or null. */
export function objectIDOf(node) {
    // Not node.id: that of a form is its field named "id", if it has one.
    const match = /^athena:(\d+)$/.exec((isElement(node) && getAttribute(node, "id")) || "");
    return match && Number(match[1]);
}

/** The dotted name of the class of the widget whose node `node` is, or null. */
export function classNameOf(node) {
    return getAttribute(node, "athena:class");
}

/** The initial arguments that a node of the document has for its widget. @throws {UnsafeInteger} */
export function initialArgumentsOf(node) {
    const text = getAttribute(node, "data-athena-arguments") || "[]";
    const unsafe = unsafeIntegerIn(text);
    if (unsafe !== null) {
        throw new UnsafeInteger(`the initial arguments of ${classNameOf(node)} (object ${objectIDOf(node)})`, unsafe);
    }
    return parseJSON(text);
}

/** `node`, or the nearest around it, that is some widget's; null when there is none. Around a shadow tree is its host. */
export function nearestWidgetNode(node) {
    while (node && objectIDOf(node) === null) {
        node = parentOf(node) ?? (nodeTypeOf(node) === FRAGMENT_NODE ? node.host : null);
    }
    return node || null;
}

/** The node of the widget that `node` is in. @throws {Error} when it is in none */
export function widgetNodeAround(node) {
    const widgetNode = nearestWidgetNode(node);
    if (!widgetNode) {
        throw new Error("nodeByDOM passed node with no containing Athena Ref ID");
    }
    return widgetNode;
}

/** `root` and all elements below it, in document order. */
export function elementsOf(root) {
    return [root, ...descendantsOf(root, "*")];
}

/**
 * All elements, `root` included, whose attribute `name` is `value`, in document order. The whole attribute counts: a
 * `class` is not taken apart.
 */
export function nodesByAttribute(root, name, value) {
    // Numbers are compared with attributes too, hence not strictly.
    return elementsOf(root).filter((node) => isElement(node) && hasAttribute(node, name) && getAttribute(node, name) == value);
}

/** The first of {@link nodesByAttribute}. @throws {NodeAttributeError} when there is none */
export function firstNodeByAttribute(root, name, value) {
    const [node] = nodesByAttribute(root, name, value);
    if (!node) {
        throw new NodeAttributeError(root, name, value);
    }
    return node;
}

/**
 * The one element, `root` included, whose attribute `name` is `value`; `defaultNode`, be it null, when there is none.
 * @throws {NodeAttributeError} when there is none, and no default
 * @throws {Error} when there are several
 */
export function nodeByAttribute(root, name, value, defaultNode) {
    const nodes = nodesByAttribute(root, name, value);
    if (nodes.length > 1) {
        throw new Error(`Found too many ${name} = ${value}`);
    }
    if (nodes.length === 0 && defaultNode === undefined) {
        throw new NodeAttributeError(root, name, value);
    }
    return nodes.length ? nodes[0] : defaultNode;
}

/** The element with this `id` in the tree that `node` is part of. @throws {NodeNotFound} */
export function elementByID(node, id) {
    const top = invoke(node, "getRootNode");
    // An <svg> on top has a getElementById, too, which does not find the <svg>.
    const found = isElement(top)
        ? elementsOf(top).find((element) => getAttribute(element, "id") === id)
        : invoke(top, "getElementById", id);
    if (!found) {
        throw new NodeNotFound(`Node with id "${id}" not found`);
    }
    return found;
}

/** A document of its own of well-formed XHTML, which must name its namespaces. @throws {Error} when it is not well-formed */
export function parseXHTML(window, markup) {
    const parsed = new window.DOMParser().parseFromString(markup, "application/xhtml+xml");
    const [mistake] = invoke(parsed, "getElementsByTagName", "parsererror");
    if (mistake) {
        throw new Error(`Not well-formed XHTML: ${mistake.textContent}`);
    }
    return parsed;
}

/** Elements that an HTML parser makes only in another one. */
const AROUND = {
    tr: "tbody", td: "tr", th: "tr", tbody: "table", thead: "table", tfoot: "table", caption: "table", colgroup: "table",
    col: "colgroup",
};
/** The element that the server puts around markup, which declares the namespaces for an XML parser. */
const WRAPPED = /^<div xmlns="[^"]*" xmlns:athena="[^"]*">([^]*)<\/div>$/;

/**
 * The node of widget `objectID` in the server's `markup`, which is parsed as the document was: by HTML's rules, or as XHTML.
 * @returns {Element} a node of `document`, which is not in it
 */
export function nodeOfMarkup(document, markup, objectID) {
    const id = widgetNodeID(objectID);
    const [, html] = (read(document, "contentType") === "text/html" && WRAPPED.exec(markup)) || [];
    if (html === undefined) {
        const parsed = parseXHTML(read(document, "defaultView"), markup);
        return elementByID(invoke(document, "importNode", read(parsed, "documentElement"), true), id);
    }
    const [, tagName] = new RegExp(`<([^\\s/>]+)(?=(?:\\s[^>]*)?\\sid="${id}")`).exec(html) ?? [];
    const around = createElement(document, AROUND[tagName] ?? "div");
    const range = invoke(document, "createRange");
    range.selectNodeContents(around);
    append(around, range.createContextualFragment(html));
    return elementByID(around, id);
}

/** Make an element with properties, a role and children: `createElement(document, "p", { className: "x" }, "text")`. */
export function createElement(document, tagName, { role, ...properties } = {}, ...children) {
    const node = Object.assign(invoke(document, "createElement", tagName), properties);
    if (role) {
        setAttribute(node, "role", role);
    }
    append(node, ...children);
    return node;
}
