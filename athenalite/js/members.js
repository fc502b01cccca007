/**
 * Properties and methods of nodes, as the nodes' classes have them. A named element hides what its document has of the same
 * name, and a field what its form has: with `<img name="readyState">` in a page, `document.readyState` is that image. So the
 * client's scripts use these functions for `document`, and for nodes that may be forms.
 */

export const apply = Reflect.apply;
export const prototypeOf = Reflect.getPrototypeOf;
const get = Reflect.get;

/** As `node[name]`. */
export function read(node, name) {
    const members = prototypeOf(node);
    // All browsers' nodes have a baseURI by their class. The objects of tests, and a mock browser's nodes, have none.
    return get("baseURI" in members ? members : node, name, node);
}

/** As `node[name](...args)`. */
export function invoke(node, name, ...args) {
    return apply(read(node, name), node, args);
}
