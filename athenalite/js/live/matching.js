/** Finds which node of the last rendering each node of a new one is. */

import { Map, Set, getAttribute, getterOf, isElement, nodeTypeOf } from "../natives.js";

export const KEY = "data-athena-key";
export const EMPTY = "data-athena-empty";
export const PART = "data-athena-part";

// The fields of a form hide its properties.
export const attributesOf = getterOf("Element", "attributes");
export const childrenOf = getterOf("Element", "children");
export const isConnected = getterOf("Node", "isConnected");
export const localNameOf = getterOf("Element", "localName");
export const nodeNameOf = getterOf("Node", "nodeName");
export const ownerOf = getterOf("Node", "ownerDocument");
export const namespaceOf = getterOf("Element", "namespaceURI");

const isEqualNode = Node.prototype.isEqualNode;

/** The number of the widget whose node this is, or null. */
export function widgetOf(node) {
    const id = (isElement(node) && getAttribute(node, "id")) || "";
    const found = /^athena:(\d+)$/.exec(id);
    return found && Number(found[1]);
}

/** What identifies an element whose content is another widget's or part's; null for others. */
export function boundaryOf(node) {
    return widgetOf(node) === null ? getAttribute(node, PART) : getAttribute(node, "id");
}

/** Whether one node can become another. Fields with different names cannot: the typed text would move to another field. */
export function isAlike(one, other) {
    return nodeTypeOf(one) === nodeTypeOf(other) && nodeNameOf(one) === nodeNameOf(other)
        && (!isElement(one) || namespaceOf(one) === namespaceOf(other) && getAttribute(one, "name") === getAttribute(other, "name"));
}

export const isEqual = (one, other) => isEqualNode.call(one, other);

/** Whether a node of the last rendering and one at its place in a new one are the same node. */
export function isPair(one, other) {
    return isAlike(one, other) && keyOf(one) === keyOf(other);
}

/** What identifies a node among its siblings; undefined for most. */
function keyOf(node) {
    if (!isElement(node)) {
        return undefined;
    }
    const key = getAttribute(node, KEY);
    if (key !== null) {
        return `k${key}`;
    }
    const name = boundaryOf(node) ?? getAttribute(node, "id");
    return name ? `i${name}` : undefined;
}

/** The nodes of `old` by those of `rendered` that they become. */
export function matched(old, rendered) {
    const found = new Map();
    const keyed = new Map();
    const plain = [];
    for (const node of old) {
        const key = keyOf(node);
        if (key === undefined) {
            plain.push(node);
        } else {
            (keyed.get(key) ?? keyed.set(key, []).get(key)).push(node);
        }
    }
    const left = [];
    for (const node of rendered) {
        const key = keyOf(node);
        if (key === undefined) {
            left.push(node);
        } else if (keyed.get(key)?.length && isAlike(keyed.get(key)[0], node)) {
            found.set(node, keyed.get(key).shift());
        }
    }
    matchPlain(plain, left, found);
    return found;
}

function matchPlain(old, rendered, found) {
    let start = 0;
    let end = old.length;
    let last = rendered.length;
    while (start < end && start < last && isEqual(old[start], rendered[start])) {
        found.set(rendered[start], old[start]);
        start += 1;
    }
    while (start < end && start < last && isEqual(old[end - 1], rendered[last - 1])) {
        end -= 1;
        last -= 1;
        found.set(rendered[last], old[end]);
    }
    for (let at = start; at < last && start < end; at += 1) {
        for (let index = start; index < end; index += 1) {
            if (isAlike(old[index], rendered[at])) {
                found.set(rendered[at], old[index]);
                start = index + 1;
                break;
            }
        }
    }
}

/** The indices of a longest rising run of these numbers, without negative ones. */
export function longestRun(numbers) {
    const ends = [];
    const previous = [];
    numbers.forEach((number, index) => {
        if (number < 0) {
            return;
        }
        let low = 0;
        for (let high = ends.length; low < high;) {
            const middle = (low + high) >> 1;
            if (numbers[ends[middle]] < number) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        previous[index] = ends[low - 1];
        ends[low] = index;
    });
    const run = new Set();
    for (let index = ends.at(-1); index !== undefined; index = previous[index]) {
        run.add(index);
    }
    return run;
}
