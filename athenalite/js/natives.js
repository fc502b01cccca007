/**
 * Functions of the language and the browser that other scripts may replace. They are taken when the client is loaded; what is not
 * here is written with statements alone. Libraries of Athena's time (Prototype, MooTools) and patches of today replace
 * `JSON`, `Promise`, `Array.from`, `Object.keys`, methods of prototypes, or add enumerable ones. A global's name that is imported
 * from here is constant in the linked script.
 */

import { apply, prototypeOf, read } from "./members.js";

const ownKeys = Reflect.ownKeys;
const getOwnPropertyDescriptor = Reflect.getOwnPropertyDescriptor;
const fromCharCode = String.fromCharCode;
const charCodeAt = String.prototype.charCodeAt;
const hasOwnProperty = Object.prototype.hasOwnProperty;
const toStringOf = Object.prototype.toString;
const propertyIsEnumerable = Object.prototype.propertyIsEnumerable;
const sourceOf = Function.prototype.toString;
const toISOString = Date.prototype.toISOString;
const realm = globalThis;

export const AbortController = realm.AbortController;
export const Map = realm.Map;
export const MutationObserver = realm.MutationObserver;
export const Set = realm.Set;
export const URL = realm.URL;
export const WeakMap = realm.WeakMap;
export const WeakSet = realm.WeakSet;
const NativePromise = realm.Promise;
const nativeJSON = realm.JSON;

/** Whether the browser's own code, or a bound function, is behind `f`: a script before this one has not replaced it. */
export function isNative(f) {
    return typeof f === "function" && /\[native code\]\s*\}\s*$/.test(apply(sourceOf, f, []));
}

/** The browser's `JSON.parse` and `JSON.stringify`, or null where a script has replaced them. */
export const nativeParse = isNative(nativeJSON?.parse) ? nativeJSON.parse : null;
/** For strings only: whatever is an object may have a `toJSON`. */
export const nativeStringify = isNative(nativeJSON?.stringify) ? nativeJSON.stringify : null;

export const isArray = Array.isArray;
export const defineProperty = Object.defineProperty;

/** The first UTF-16 code unit of a string. */
export const codeAt = (char) => apply(charCodeAt, char, [0]);
export const charOf = (code) => fromCharCode(code);

/** As `Object.hasOwn`. */
export function hasOwn(object, key) {
    return apply(hasOwnProperty, object, [key]);
}

/** What the language or the browser calls the kind of an object: "Object", "Map", "Error". */
export function tagOf(object) {
    return apply(toStringOf, object, []).slice(8, -1);
}

/** As `Object.keys`. */
export function keysOf(object) {
    const keys = [];
    for (const key of ownKeys(object)) {
        if (typeof key === "string" && apply(propertyIsEnumerable, object, [key])) {
            keys[keys.length] = key;
        }
    }
    return keys;
}

/** As `Array.from(list, f)`, for an array or what is like one. */
export function mapped(list, f) {
    const result = [];
    for (let index = 0; index < list.length; index += 1) {
        result[index] = f(list[index], index);
    }
    return result;
}

/** As `list.every(f)`. */
export function everyOf(list, f) {
    for (let index = 0; index < list.length; index += 1) {
        if (!f(list[index], index)) {
            return false;
        }
    }
    return true;
}

/** As `list.reduce(f, first)`. */
export function reduced(list, f, first) {
    let result = first;
    for (let index = 0; index < list.length; index += 1) {
        result = f(result, list[index]);
    }
    return result;
}

/** Call one of the functions with the outcome of a thenable, once. */
export async function settle(thenable, fulfilled, rejected) {
    let value;
    try {
        // By the engine, whatever has become of Promise.
        value = await thenable;
    } catch (error) {
        rejected(error);
        return;
    }
    fulfilled(value);
}

/** A Promise, and its two functions. */
export function newPromise(executor) {
    return new NativePromise(executor);
}

// Libraries put hooks for their own serializers on the prototypes of the language: Prototype's return JSON texts.
const BUILT_IN = [Object.prototype, Array.prototype, Date.prototype];

/** The first of the methods `names` that an object has by itself or by its class, and not as every object or array has it. */
export function ownHook(value, names) {
    for (const name of names) {
        const f = value[name];
        if (typeof f === "function" && everyOf(BUILT_IN, (prototype) => f !== prototype[name])) {
            return name;
        }
    }
    return undefined;
}

/** What the language's own `toJSON` returns: for a Date its text, or null for an invalid one; for anything else itself. */
export function dateText(value) {
    if (!(value instanceof Date)) {
        return value;
    }
    try {
        return apply(toISOString, value, []);
    } catch {
        return null;
    }
}

// Nodes: what libraries replace is taken now, the rest is used by {@link read} and {@link invoke}.

function memberOf(className, name) {
    // Node.js has some of these classes, and no nodes.
    const prototype = realm.Node && realm[className]?.prototype;
    return prototype && getOwnPropertyDescriptor(prototype, name);
}

/** The method as a function of the node and its arguments. */
function methodOf(className, name) {
    const method = memberOf(className, name)?.value;
    return (node, ...args) => apply(method ?? read(node, name), node, args);
}

/** The property as a function of the node. */
export function getterOf(className, name) {
    const get = memberOf(className, name)?.get;
    return (node) => (get ? apply(get, node, []) : read(node, name));
}

export const addListener = methodOf("EventTarget", "addEventListener");
export const append = methodOf("Element", "append");
export const descendantsOf = methodOf("Element", "getElementsByTagName");
export const getAttribute = methodOf("Element", "getAttribute");
export const hasAttribute = methodOf("Element", "hasAttribute");
export const nodeTypeOf = getterOf("Node", "nodeType");
export const parentOf = getterOf("Node", "parentNode");
export const removeAttribute = methodOf("Element", "removeAttribute");
const takeChild = methodOf("Node", "removeChild");
export const replaceChildren = methodOf("Element", "replaceChildren");
export const setAttribute = methodOf("Element", "setAttribute");

const SELECTING = { 1: methodOf("Element", "querySelectorAll"), 9: methodOf("Document", "querySelectorAll") };
const selectInFragment = methodOf("DocumentFragment", "querySelectorAll");

/** As `root.querySelectorAll(selector)`. */
export function selectAll(root, selector) {
    return (SELECTING[nodeTypeOf(root)] ?? selectInFragment)(root, selector);
}

/** A property that the class of `node` has, with `get()` and `set(value)`, whatever fields a form has; undefined if there is none. */
export function propertyOf(node, name) {
    // The window has its properties itself, a form only its fields.
    for (let holder = node; holder !== null; holder = prototypeOf(holder)) {
        const found = getOwnPropertyDescriptor(holder, name);
        if (found?.set) {
            return { get: () => apply(found.get, node, []), set: (value) => apply(found.set, node, [value]) };
        }
    }
    return undefined;
}

/** As `node.remove()`, which Prototype replaces by one that fails without a parent. */
export function removeNode(node) {
    const parent = parentOf(node);
    if (parent) {
        takeChild(parent, node);
    }
}

/** Whether a value is an element, of whatever window. */
export function isElement(value) {
    return isNode(value) && nodeTypeOf(value) === 1;
}

/** Whether a value is a node, of whatever window. */
export function isNode(value) {
    try {
        return typeof value === "object" && value !== null && typeof nodeTypeOf(value) === "number";
    } catch {
        // An object that the browser did not make.
        return false;
    }
}
