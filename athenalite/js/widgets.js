/**
 * The living widgets: one for each element object of the server, with the same number, in a tree as in the document.
 *
 * The functions do their work for any object that has the attributes and methods of `Widget` in `widget.js`, so that other
 * kinds of widget classes can live in the same tree and registry.
 */

import { findClass } from "./classes.js";
import {
    classNameOf, elementByID, initialArgumentsOf, nearestWidgetNode, nodeOfMarkup, objectIDOf, widgetNodeAround, widgetNodeID,
} from "./dom.js";
import { NoSuchChild } from "./errors.js";
import { isolate } from "./log.js";
import { Set, parentOf } from "./natives.js";

/** Every living widget by its number, */
export const widgetsByID = {};
/** and the numbers of those that have been detached. */
export const endedWidgets = new Set();

/** Make the widget of `node`. @throws whatever its class throws; then there is no such widget */
export function makeWidget(node, initArguments = initialArgumentsOf(node)) {
    const objectID = objectIDOf(node);
    if (widgetsByID[objectID]) {
        throw new Error(`There is a widget ${objectID} already: a node becomes a widget once.`);
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
 * Make the widgets of a document, parents before children: each is constructed, added to its parent, `loaded()` and
 * `nodeInserted()`, before the next. One that fails is reported and stops no other.
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
 * Make a widget, and those in it, of what the server sent for an element, a `WidgetInfo`.
 *
 * All are constructed, then `loaded()` is called top-down. The widget's node is not in the document, but in the element that
 * was around its markup, as in Athena: the caller must put it into the document.
 * @returns {Deferred} the widget, a child of `parent`; or a failure, and then none of them exists
 */
export function addChildFromInfo(parent, info, page) {
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
