/**
 * Properties and methods of nodes, as the nodes' classes have them. A named element hides what its document has of the same
 * name, and a field what its form has: with `<img name="readyState">` in a page, `document.readyState` is that image. So the
 * client's scripts use these functions for `document`, and for nodes that may be forms.
 */

export const apply = Reflect.apply;
export const prototypeOf = Reflect.getPrototypeOf;
const getFrom = Reflect.get;

/** As `node[name]`. */
export function read(node, name) {
    // Node.js has no nodes, and its tests have objects.
    return getFrom(typeof Node === "undefined" ? node : prototypeOf(node), name, node);
}

/** As `node[name](...args)`. */
export function invoke(node, name, ...args) {
    return apply(read(node, name), node, args);
}
