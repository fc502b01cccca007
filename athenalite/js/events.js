/**
 * Event handlers of templates: an attribute `data-athena-handlers="onsubmit=doSay onclick=pick"` has the named methods of the widget
 * around the node called. It is copied with the node, as Athena's handlers were.
 *
 * A node's handler is its DOM property (`node.onsubmit`), which a Content-Security-Policy allows, other code can call or replace, and
 * the browser calls in its order. It is set when the node is found: in the document, in what is added to it, or on the way of an
 * event that a listener on the document sees first. So copies, templates' content and open shadow trees have theirs in time.
 */

import { isThenable } from "./deferred.js";
import { HANDLERS, LEAVING, pathMatches } from "./early.js";
import { METHOD, restoreMethod } from "./formmethods.js";
import { advise, isolate, logWarning } from "./log.js";
import { invoke, read } from "./members.js";
import {
    MutationObserver, Set, WeakMap, WeakSet, addListener, getAttribute, hasAttribute, isElement, mapped, nodeTypeOf,
    propertyOf, selectAll,
} from "./natives.js";

const FRAGMENT = 11;

// An event that is composed comes before any other of a shadow tree that a person uses.
const COMPOSED = ["focusin", "pointerdown", "keydown", "click"];

/** The methods for a node's events, by the events' names ("onclick"). */
function bindingsOf(node) {
    const bindings = { __proto__: null };
    for (const binding of (getAttribute(node, HANDLERS) ?? "").split(/\s+/)) {
        const end = binding.indexOf("=");
        if (end > 0) {
            bindings[binding.slice(0, end)] = binding.slice(end + 1);
        }
    }
    return bindings;
}

/** The handlers of events that have no property, by node and event. */
const listened = new WeakMap();

/** The handler of a node for "onclick", say, as a property with `get` and `set`; undefined if it has none. */
function handlerProperty(node, eventName) {
    return propertyOf(node, eventName.toLowerCase());
}

/**
 * Have `f(event)` called for the event `eventName`, "onclick" or "oncompositionend" or that of a custom element, of the node, instead of
 * what was called before, or nothing if there is no `f`. If it returns false, the default action is prevented.
 */
export function setHandler(node, eventName, f) {
    const property = handlerProperty(node, eventName);
    if (property) {
        property.set(f);
        return;
    }
    if (!node.addEventListener) {
        // A test's.
        node[eventName] = f;
        return;
    }
    const handlers = listened.get(node) ?? { __proto__: null };
    listened.set(node, handlers);
    if (!(eventName in handlers)) {
        addListener(node, eventName.slice(2), (event) => {
            if (handlers[eventName]?.(event) === false) {
                event.preventDefault();
            }
        });
    }
    handlers[eventName] = f;
}

/** Whether the default action of an event leaves the page, or takes away what was typed. */
function leaves(event) {
    const type = event?.type;
    return type === "submit" || type === "reset" || type === "drop"
        || ((type === "click" || type === "auxclick") && pathMatches(event.composedPath?.() ?? [], LEAVING));
}

/** Finds the handlers of a document's nodes. */
export class EventHandlers {
    #dispatch;
    #document;
    #isReady = false;
    #bound = new WeakMap();
    #types = new Set();
    #roots = new WeakSet();
    #warned = new Set();

    /**
     * @param {Document} document
     * @param {function(Element, string, string, Event): *} dispatch called with the node, the event's name ("onclick"), the
     *     method's name and the event; its result is the DOM's: false prevents the default action. So does a Promise or a Deferred,
     *     where the default action leaves the page.
     */
    constructor(document, dispatch) {
        this.#document = document;
        this.#dispatch = dispatch;
    }

    /** Find the handlers of the document's nodes, also of those that it will have. */
    start() {
        mapped(COMPOSED, (type) => this.#listen(type));
        this.#observe(this.#document);
    }

    /** There are widgets to call. Until now, handlers do nothing: {@link keepEarly} has kept their events, which are now handled. */
    ready(kept = []) {
        this.#isReady = true;
        for (const one of kept) {
            isolate(`An early ${one.event.type} could not be handled`, () => this.#replay(one));
        }
    }

    /** Find the handlers of `root` and of the nodes in it, be it in the document or not. */
    bind(root) {
        if (isElement(root)) {
            this.#bindNode(root);
        }
        mapped(selectAll(root, `[${HANDLERS}]`), (node) => this.#bindNode(node));
        mapped(selectAll(root, "template"), (template) => this.#listenFor(template));
    }

    /** The nodes of a template are copied: listen for what the copies will handle. */
    #listenFor({ content }) {
        // One of SVG has none.
        if (!content) {
            return;
        }
        mapped(selectAll(content, `[${HANDLERS}]`), (node) => {
            for (const eventName in bindingsOf(node)) {
                this.#listen(typeOf(node, eventName));
            }
        });
        mapped(selectAll(content, "template"), (template) => this.#listenFor(template));
    }

    #observe(root) {
        if (this.#roots.has(root)) {
            return;
        }
        this.#roots.add(root);
        this.bind(root);
        if (MutationObserver) {
            const observer = new MutationObserver((records) => {
                for (const { type, target, addedNodes } of records) {
                    mapped(type === "attributes" ? [target] : addedNodes, (node) => isElement(node) && this.bind(node));
                }
            });
            observer.observe(root, { childList: true, subtree: true, attributeFilter: [HANDLERS] });
        }
    }

    #listen(type) {
        if (!this.#types.has(type)) {
            this.#types.add(type);
            addListener(this.#document, type, (event) => this.#find(event), { capture: true, passive: true });
        }
    }

    /** Find the handlers on the way of an event, before it is there. */
    #find(event) {
        mapped(event.composedPath(), (node) => {
            if (isElement(node)) {
                this.#bindNode(node);
            } else if (read(node, "nodeType") === FRAGMENT) {
                this.#observe(node);
            }
        });
    }

    #bindNode(node) {
        if (!hasAttribute(node, HANDLERS)) {
            return;
        }
        const bindings = bindingsOf(node);
        const bound = this.#bound.get(node) ?? new Set();
        this.#bound.set(node, bound);
        for (const eventName in bindings) {
            if (!bound.has(eventName)) {
                bound.add(eventName);
                this.#bindEvent(node, eventName, bindings[eventName]);
            }
        }
        if (hasAttribute(node, METHOD)) {
            restoreMethod(node);
        }
    }

    #bindEvent(node, eventName, methodName) {
        const property = handlerProperty(node, eventName);
        if (!property) {
            this.#warn(node, eventName, methodName);
        }
        // An application's own handler of a copy, for instance, is in the place of the attribute's.
        if (eventName.startsWith("on") && !property?.get()) {
            this.#listen(typeOf(node, eventName));
            setHandler(node, eventName, (event) => this.#handle(node, eventName, event));
        }
    }

    #handle(node, eventName, event) {
        const methodName = bindingsOf(node)[eventName];
        if (!this.#isReady || !methodName) {
            return undefined;
        }
        const result = this.#dispatch(node, eventName, methodName, event);
        // What will be returned cannot be known in time.
        return !isThenable(result) ? result : leaves(event) ? false : undefined;
    }

    #replay({ event, path, isHeld }) {
        const [target] = path;
        if (isHeld && event.type === "submit") {
            invoke(target, "requestSubmit", event.submitter?.form === target ? event.submitter : null);
        } else if (isHeld) {
            invoke(target, "dispatchEvent", new event.constructor(event.type, event));
        } else {
            for (const node of path) {
                for (const eventName in isElement(node) && !event.cancelBubble ? bindingsOf(node) : {}) {
                    if (typeOf(node, eventName) === event.type) {
                        this.#handle(node, eventName, event);
                    }
                }
            }
        }
    }

    #warn(node, eventName, methodName) {
        // A custom element's events may have any name, and other custom ones do well with a dash.
        const isCustom = eventName.startsWith("on") && (/[^a-z]/.test(eventName.slice(2)) || /-/.test(read(node, "localName")));
        if (!isCustom && !this.#warned.has(eventName)) {
            this.#warned.add(eventName);
            advise(logWarning, "aboutEvent", eventName, methodName);
        }
    }
}

function typeOf(node, eventName) {
    return (handlerProperty(node, eventName) ? eventName.toLowerCase() : eventName).slice(2);
}