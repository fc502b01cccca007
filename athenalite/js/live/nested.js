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

/** Makes and ends the widgets of one page. */
export class NestedWidgets {
    #Widget;
    #made = [];
    #removed = [];

    constructor(Widget) {
        this.#Widget = Widget;
        hooks.made = (live) => this.#made.push(live);
        hooks.removing = (live) => this.#removed.push(live);
        hooks.known = (stub) => this.#known(stub);
    }

    /** A stub has no class, and is the node of a widget that there is. */
    #known(stub) {
        return widgetOf(stub) === null || hasAttribute(stub, CLASS) ? null : this.#Widget.fromAthenaID(widgetOf(stub)).node;
    }

    /** Make the widgets of what was made, and end those of what was removed and is nowhere else. */
    settle() {
        const made = this.#made.splice(0);
        const removed = this.#removed.splice(0);
        for (const node of removed.flatMap(widgetNodesIn)) {
            if (!isConnected(node)) {
                isolate("A widget could not be detached", () => this.#Widget.fromAthenaID(widgetOf(node))._athenaDetachClient());
            }
        }
        for (const node of made.flatMap(widgetNodesIn)) {
            if (hasAttribute(node, CLASS) && isConnected(node)) {
                isolate(`Widget ${getAttribute(node, CLASS)} could not be set up`, () => this.#make(node));
            }
        }
    }

    #make(node) {
        const widget = this.#Widget.get(node);
        // One that is known already was moved.
        if (!widget.widgetParent) {
            this.#Widget.get(parentOf(node)).addChildWidget(widget);
            widget.loaded();
            widget.nodeInserted();
        }
    }
}
