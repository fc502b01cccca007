/**
 * Widgets: the objects that live in parts of the page, one for each element object of the server, with the same number.
 *
 * The functions here are for all that has the attributes and methods of {@link Widget}, so that others can live in the same tree.
 */

import { findClass, nameErrors } from "./classes.js";
import {
    classNameOf, elementByID, firstNodeByAttribute, initialArgumentsOf, nearestWidgetNode, nodeByAttribute, nodeOfMarkup,
    nodesByAttribute, objectIDOf, translateID, widgetNodeAround, widgetNodeID,
} from "./dom.js";
import { NoSuchChild } from "./errors.js";
import { isolate } from "./log.js";
import { invoke } from "./members.js";
import { Set, parentOf } from "./natives.js";

/** Every living widget by its number, */
export const widgetsByID = {};
/** and the numbers of those that have been detached. */
export const endedWidgets = new Set();

/** Make the widget of `node`. @throws whatever its class throws; then there is no such widget */
export function makeWidget(node, initArguments = initialArgumentsOf(node)) {
    const objectID = objectIDOf(node);
    if (widgetsByID[objectID]) {
        throw new Error(`There is a widget ${objectID} already. You blew it.`);
    }
    const name = classNameOf(node);
    const widget = new (findClass(name))(node, ...initArguments);
    if (!widget.node) {
        throw new TypeError(`${name} must extend Widget and call super(node)`);
    }
    widgetsByID[objectID] = widget;
    return widget;
}

/** The widget that `node` is in, which is made if need be. @throws {Error} when it is in none */
export function widgetAround(node) {
    const widgetNode = widgetNodeAround(node);
    return widgetsByID[objectIDOf(widgetNode)] ?? makeWidget(widgetNode);
}

/**
 * Make the widgets of a document, parents first: each is constructed, added to its parent, `loaded()` and `nodeInserted()`, before
 * the next. One that fails is reported and stops no other.
 */
export function makeWidgets(elements) {
    for (const node of elements) {
        const objectID = objectIDOf(node);
        if (objectID !== null) {
            isolate(`Widget ${classNameOf(node)} (athena:${objectID}) could not be set up`, () => {
                const widget = widgetAround(node);
                addToParent(widget);
                widget.loaded();
                widget.nodeInserted();
            });
        }
    }
}

function addToParent(widget) {
    const parentNode = nearestWidgetNode(parentOf(widget.node));
    const parent = parentNode && widgetsByID[objectIDOf(parentNode)];
    if (parent && !widget.widgetParent) {
        parent.addChildWidget(widget);
    }
}

/** The implementation of `addChildWidget`. */
export function addChild(parent, child) {
    parent.childWidgets.push(child);
    child.setWidgetParent(parent);
}

/** The implementation of `removeChildWidget`. @throws {NoSuchChild} */
export function removeChild(parent, child) {
    const index = parent.childWidgets.indexOf(child);
    if (index < 0) {
        throw new NoSuchChild(`${child} is not a child of ${parent}`);
    }
    parent.childWidgets.splice(index, 1);
    child.setWidgetParent(null);
}

/** Forget `widget` and those in it, children first; the nodes stay, for `detached()` to remove. */
export function detachWidget(widget) {
    if (endedWidgets.has(widget.objectID) && widgetsByID[widget.objectID] !== widget) {
        // Both sides have detached it at once.
        return;
    }
    for (const child of [...widget.childWidgets]) {
        child._athenaDetachClient();
    }
    if (widget.widgetParent) {
        widget.widgetParent.removeChildWidget(widget);
    }
    delete widgetsByID[widget.objectID];
    endedWidgets.add(widget.objectID);
    isolate(`detached() of ${widget} failed`, () => widget.detached());
}

/**
 * @typedef {object} WidgetInfo What the server sends for an element.
 * @property {number} id
 * @property {string} class
 * @property {unknown[]} initArguments
 * @property {string} markup
 * @property {{ id: number, class: string, initArguments: unknown[] }[]} [children]
 * @property {[name: string, url: string][]} [requiredModules]
 * @property {string[]} [requiredCSSModules]
 */

/**
 * Make a widget, and those in it, of what the server sent for an element, a {@link WidgetInfo}.
 *
 * All are constructed, then `loaded()` is called top-down. The widget's node is not in the document, but in the element that
 * was around its markup, as in Athena: the caller must put it into the document.
 * @returns {Deferred} the widget, a child of `parent`; or a failure, and then none of them exists
 */
export function addChildFromInfo(parent, info, page = Widget.page) {
    page.modules.loadStylesheets(info.requiredCSSModules ?? []);
    return page.modules.loadModules(info.requiredModules ?? []).addCallback(() => {
        const node = nodeOfMarkup(page.document, info.markup, info.id);
        const widget = makeTree(node, [info, ...(info.children ?? [])]);
        page.events.bind(node);
        parent.addChildWidget(widget);
        loadTree(widget);
        return widget;
    });
}

function makeTree(node, infos) {
    const made = [];
    try {
        for (const { id, initArguments } of infos) {
            made.push(makeWidget(elementByID(node, widgetNodeID(id)), initArguments));
            addToParent(made.at(-1));
        }
    } catch (error) {
        for (const widget of made) {
            delete widgetsByID[widget.objectID];
        }
        throw error;
    }
    return made[0];
}

function loadTree(widget) {
    widget.loaded();
    widget.childWidgets.forEach(loadTree);
}

/**
 * The base class of widgets. The server names a subclass in an element's `jsClass`; its constructor is called with the
 * element's node and `getInitialArguments()`, and must pass the node on. Its methods, `async` ones too, can be called by the
 * server.
 * @template {{ [Method in keyof Remote]: (...args: any[]) => any }} [Remote=any] the methods that its element exposes, as an
 *     interface: `class Chatter extends Widget<ChatterElement>`, or in JavaScript `@extends {Widget<ChatterElement>}`. The
 *     names, arguments and results of calls are checked by it, and not without it.
 */
export class Widget {
    /** The page that widgets are on; there is one. @internal */
    static page = null;

    /**
     * @param {Element} node
     * @param {any[]} initArguments
     */
    constructor(node, ...initArguments) {
        /**
         * The element's node.
         * @readonly
         * @type {HTMLElement}
         */
        this.node = node;
        /** @readonly @type {number} */
        this.objectID = objectIDOf(node);
        /** @readonly @type {Widget[]} */
        this.childWidgets = [];
        /** @readonly @type {Widget | null} */
        this.widgetParent = null;
    }

    /**
     * The widget that `node` is in, which is made if need be.
     * @param {Node} node
     * @returns {Widget}
     * @throws {Error} when it is in none
     */
    static get(node) {
        return widgetAround(node);
    }

    /**
     * The widget with this number, which is made if its node is in the document.
     * @param {number} objectID
     * @returns {Widget}
     * @throws {Error} when there is none
     */
    static fromAthenaID(objectID) {
        return widgetsByID[objectID] ?? widgetAround(invoke(Widget.page.document, "getElementById", widgetNodeID(objectID)));
    }

    /**
     * Call an exposed method of this widget's element on the server. While there is no connection, the call waits.
     * @template [T=never]
     * @template {keyof Remote & string} [Name=keyof Remote & string]
     * @param {Name} methodName
     * @param {Parameters<Remote[Name]>} args
     * @returns {import("./deferred.js").Deferred<{ 0: Awaited<ReturnType<Remote[Name]>>, 1: T }[[T] extends [never] ? 0 : 1]>} the result, which can be awaited;
     *     fails with the error that the server's method raised, as an instance of its `jsClass` or else a {@link RemoteError}, or
     *     with a {@link ConnectionLost}
     */
    callRemote(methodName, ...args) {
        return nameErrors(Widget.page.callRemote(this.objectID, methodName, args));
    }

    /**
     * {@link callRemote} with keyword arguments, and positional ones after them.
     * @template [T=never]
     * @template {keyof Remote & string} [Name=keyof Remote & string]
     * @param {Name} methodName
     * @param {Record<string, unknown>} kwargs
     * @param {unknown[]} args
     * @returns {import("./deferred.js").Deferred<{ 0: Awaited<ReturnType<Remote[Name]>>, 1: T }[[T] extends [never] ? 0 : 1]>}
     */
    callRemoteKw(methodName, kwargs, ...args) {
        return nameErrors(Widget.page.callRemote(this.objectID, methodName, args, kwargs));
    }

    /**
     * This widget's own element whose id in the template is `id`.
     * @template {Element} [E=HTMLElement]
     * @param {string} id
     * @returns {E}
     * @throws {NodeNotFound}
     */
    nodeById(id) {
        return elementByID(this.node, translateID(this.objectID, id));
    }

    /**
     * The one node in this widget's with this attribute; `defaultNode`, be it null, when there is none.
     * @template {Element} [E=HTMLElement]
     * @template [D=E]
     * @param {string} name
     * @param {string} value
     * @param {D} [defaultNode]
     * @returns {E | D}
     * @throws {NodeAttributeError} when there is none, and no default
     * @throws {Error} when there are several
     */
    nodeByAttribute(name, value, defaultNode) {
        return nodeByAttribute(this.node, name, value, defaultNode);
    }

    /**
     * The first of {@link nodesByAttribute}.
     * @template {Element} [E=HTMLElement]
     * @param {string} name
     * @param {string} value
     * @returns {E}
     * @throws {NodeAttributeError} when there is none
     */
    firstNodeByAttribute(name, value) {
        return firstNodeByAttribute(this.node, name, value);
    }

    /**
     * All nodes in this widget's with this attribute, in document order.
     * @template {Element} [E=HTMLElement]
     * @param {string} name @param {string} value @returns {E[]}
     */
    nodesByAttribute(name, value) {
        return nodesByAttribute(this.node, name, value);
    }

    /**
     * Make a widget of an element that the server sent. Its node is not in the document: the caller must put it there.
     * @template {Widget} [W=Widget]
     * @param {WidgetInfo} info
     * @returns {import("./deferred.js").Deferred<W>} the widget, a child of this
     */
    addChildWidgetFromWidgetInfo(info) {
        return addChildFromInfo(this, info);
    }

    /** @param {Widget} child */
    addChildWidget(child) {
        addChild(this, child);
    }

    /** @param {Widget} child @throws {NoSuchChild} */
    removeChildWidget(child) {
        removeChild(this, child);
    }

    removeAllChildWidgets() {
        while (this.childWidgets.length) {
            this.removeChildWidget(this.childWidgets[0]);
        }
    }

    /** @param {Widget | null} parent */
    setWidgetParent(parent) {
        this.widgetParent = parent;
    }

    /**
     * End this widget and those in it, here and on the server.
     * @returns {import("./deferred.js").Deferred<void>} fires when both have done so
     */
    detach() {
        return this.callRemote("_athenaDetachServer").addCallback(() => this._athenaDetachClient());
    }

    /** Called by the server to end this widget. @internal */
    _athenaDetachClient() {
        detachWidget(this);
    }

    /** Called when this widget has ended. Its node is where it was; override this to remove it. */
    detached() {}

    /** Called when this widget has been made and has its parent; in a widget that came later, its children, too. */
    loaded() {}

    /** Called when the node is in the document, of widgets that came with the document only. */
    nodeInserted() {}
}
