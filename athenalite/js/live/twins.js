/** The last rendering of parts, a tree of its own, and the nodes of the page: each of its nodes has a twin there. */

import { invoke } from "../members.js";
import { Map, Set, WeakMap, getterOf, isElement, mapped, parentOf, removeNode, selectAll } from "../natives.js";
import { PART, boundaryOf, isAlike, isConnected, ownerOf } from "./matching.js";

/** The node of the page for a node of a rendering. */
const twins = new WeakMap();
/** The children that nodes of the page had before other scripts changed them. */
const originals = new WeakMap();
/** By texts of the page that other scripts have replaced, as a browser's translation does: what they have put there. */
const standIns = new WeakMap();
/** Elements that have been scrolled. */
export const scrolled = new Set();

export const firstChildOf = getterOf("Node", "firstChild");
export const nextOf = getterOf("Node", "nextSibling");
/** Not all browsers can move a node with its state. */
const MOVE = Element.prototype.moveBefore ? "moveBefore" : "insertBefore";

/** The child nodes, without an object of the browser's for the list. */
export function nodesIn(parent) {
    const nodes = [];
    for (let node = firstChildOf(parent); node; node = nextOf(node)) {
        nodes.push(node);
    }
    return nodes;
}

/** Note that `live` is the twin of `rendered`. Those of the nodes in it are found when they are needed. */
export function pair(rendered, live) {
    twins.set(rendered, live);
}

/** Find the twins of the children of `rendered`, before its or their order changes. */
export function pairChildren(rendered) {
    const parent = twinOf(rendered);
    let child = firstChildOf(rendered);
    if (!child || twins.has(child)) {
        return;
    }
    for (const live of originals.get(parent) ?? nodesIn(parent)) {
        if (child && isAlike(child, live)) {
            twins.set(child, live);
            child = nextOf(child);
        }
    }
    // The page may have been parsed otherwise. Such a node has a twin outside of the document.
    for (; child; child = nextOf(child)) {
        twins.set(child, invoke(ownerOf(parent), "importNode", child, true));
    }
}

/** The node of the page for a node of the last rendering. A text that another script has replaced is put back to its place. */
export function twinOf(rendered) {
    if (!twins.has(rendered)) {
        pairChildren(parentOf(rendered));
    }
    const live = twins.get(rendered);
    const standIn = standIns.get(live);
    if (standIn && !parentOf(live)) {
        invoke(standIn, "replaceWith", live);
    }
    return live;
}

/** Note what other scripts have changed: what they have added is foreign, and what they have moved or removed is as it was rendered. */
export function noteForeign(records) {
    const before = new Map();
    const added = new Set(records.flatMap(({ addedNodes }) => [...addedNodes]));
    for (const { target, addedNodes, removedNodes, previousSibling, nextSibling } of [...records].reverse()) {
        // Other scripts call `replaceWith`, or insert a node before or after a text and then remove the text.
        const standIn = [addedNodes[0], previousSibling, nextSibling].find((node) => added.has(node));
        mapped(removedNodes, (node) => isElement(node) || standIns.set(node, standIn));
        if (!originals.has(target) && invoke(target, "closest", `[${PART}]`)) {
            const children = before.get(target) ?? nodesIn(target);
            before.set(target, children);
            // Undo it.
            mapped(addedNodes, (node) => children.splice(children.indexOf(node), 1));
            children.splice(nextSibling ? children.indexOf(nextSibling) : children.length, 0, ...removedNodes);
        }
    }
    before.forEach((children, target) => originals.set(target, children));
}

/** Pair what was copied, before scripts see the copy. */
function pairAll(rendered, live) {
    twins.set(rendered, live);
    let other = firstChildOf(live);
    for (let child = firstChildOf(rendered); child; child = nextOf(child)) {
        pairAll(child, other);
        other = nextOf(other);
    }
}

/** Make the twin of `rendered`, in `document`. What is a stub in it is the node of the page. */
export function makeTwin(document, rendered) {
    let live = invoke(document, "importNode", rendered, true);
    pairAll(rendered, live);
    for (const stub of isElement(live) ? [live, ...selectAll(live, `[id^="athena:"],[${PART}]`)] : []) {
        const known = boundaryOf(stub) === null ? null : hooks.known?.(stub);
        if (known && stub === live) {
            twins.set(rendered, known);
            live = known;
        } else if (known) {
            invoke(parentOf(stub), "replaceChild", known, stub);
        }
    }
    hooks.made?.(live);
    return live;
}

/** Put `live` into `parent`, before the node `before`, with its state where the browser can. */
export function place(parent, live, before) {
    if (!isConnected(live) || !isConnected(parent)) {
        invoke(parent, "insertBefore", live, before);
        return;
    }
    const offsets = [];
    for (const node of scrolled) {
        if (!isConnected(node)) {
            scrolled.delete(node);
        } else if (invoke(live, "contains", node)) {
            offsets.push([node, node.scrollLeft, node.scrollTop]);
        }
    }
    invoke(parent, MOVE, live, before);
    // A browser may scroll to the start what is moved.
    for (const [node, left, top] of offsets) {
        node.scrollTo({ left, top, behavior: "instant" });
    }
}

/**
 * What `nested.js` does: `removing(live)` and `made(live)` with nodes that are removed and made; `known(stub)` finds the node of the
 * page for a stub, or null.
 */
export const hooks = {};

/** Remove the twin of `rendered` from the page. */
export function removeTwin(rendered) {
    const live = twinOf(rendered);
    hooks.removing?.(live);
    removeNode(live);
}

/** Replace the twin of `old` by that of `rendered`, which is another kind of node. */
export function replaceTwin(old, rendered) {
    const live = twinOf(old);
    hooks.removing?.(live);
    invoke(parentOf(live), "replaceChild", makeTwin(ownerOf(live), rendered), live);
}
