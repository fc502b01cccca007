import { Widget as Base } from "athenalite";

export class Widget extends Base {
    loaded() {
        this.node.textContent = "loaded later";
    }
}
