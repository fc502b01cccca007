/** Widgets in parts: those that come with a rendering are made, and those that are not rendered any more end. */

import { getAttribute, hasAttribute, isElement, parentOf, selectAll } from "../natives.js";
import { isolate } from "../log.js";
import { isConnected, widgetOf } from "./matching.js";
import { hooks } from "./twins.js";

const CLASS = "athena:class";

/** The nodes of widgets in a tree, in document order. */
function widgetNodesIn(root) {
    return isElement(root) ? [root, ...selectAll(root, "[id^='athena:']")].filter((node) => widgetOf(node) !== null) : [];
}

function setUp(Widget, node) {
    const widget = Widget.get(node);
    // One that is known already was moved.
    if (!widget.widgetParent) {
        Widget.get(parentOf(node)).addChildWidget(widget);
        widget.loaded();
        widget.nodeInserted();
    }
}

/**
 * Note which nodes are made and removed from now on.
 * @param {Function} Widget the client's class
 * @returns {Function} makes the widgets of what was made, and ends those of what was removed and is nowhere else
 */
export function nestedWidgets(Widget) {
    const made = [];
    const removed = [];
    hooks.made = (live) => made.push(live);
    hooks.removing = (live) => removed.push(live);
    // A stub has no class, and is the node of a widget that there is.
    hooks.known = (stub) => (widgetOf(stub) === null || hasAttribute(stub, CLASS) ? null : Widget.fromAthenaID(widgetOf(stub)).node);
    return () => {
        const nodes = made.splice(0);
        for (const node of removed.splice(0).flatMap(widgetNodesIn)) {
            if (!isConnected(node)) {
                isolate("A widget could not be detached", () => Widget.fromAthenaID(widgetOf(node))._athenaDetachClient());
            }
        }
        for (const node of nodes.flatMap(widgetNodesIn)) {
            if (hasAttribute(node, CLASS) && isConnected(node)) {
                isolate(`Widget ${getAttribute(node, CLASS)} could not be set up`, () => setUp(Widget, node));
            }
        }
    };
}
