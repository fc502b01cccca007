/** The base class of widgets, the objects that live in parts of the page: {@link Widget}. */

import { nameErrors } from "./classes.js";
import {
    elementByID, firstNodeByAttribute, nodeByAttribute, nodesByAttribute, objectIDOf, translateID, widgetNodeID,
} from "./dom.js";
import { invoke } from "./members.js";
import { addChild, addChildFromInfo, detachWidget, removeChild, widgetAround, widgetsByID } from "./widgets.js";

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
     * @param {string} id
     * @returns {HTMLElement}
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
        return addChildFromInfo(this, info, Widget.page);
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
