import { Widget as Base } from "athenalite";
import { text } from "./Thé #2.mjs";

export class Widget extends Base {
    nodeInserted() {
        this.node.textContent = text;
    }
}
