import { Widget } from "athenalite";
import { ModernWidget } from "./ModernThing.mjs";
import { count } from "./ModernThing/Counter.mjs";

export class LaterWidget extends Widget {
    constructor(node, text) {
        super(node);
        node.textContent = text;
    }

    loaded() {
        count();
        this.node.title = this.widgetParent instanceof ModernWidget ? "a child of its parent" : "a stranger";
    }
}
