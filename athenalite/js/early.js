/**
 * Events that happen before there are widgets: docs/templates.rst, "Event handlers". {@link keeping.js} keeps them, as part of the
 * opener, while the client is loading.
 */

import { invoke, read } from "./members.js";

/** The attribute with the bindings of a node: `onsubmit=doSay onclick=pick`. */
export const HANDLERS = "data-athena-handlers";
/** What a click on leaves the page, or submits or resets a form. A link of SVG may have an xlink:href. */
export const LEAVING = "[*|href],button,[type=submit],[type=image],[type=reset]";
/** The property of the page's data, an element, that has what {@link keepEarly} returned. */
export const KEPT = Symbol.for("athenalite.kept");

/** Whether one of the nodes of an event's path matches. */
export function pathMatches(path, selector) {
    // In it are a document, a window and shadow roots, too.
    return path.some((node) => read(node, "nodeType") === 1 && invoke(node, "matches", selector));
}
