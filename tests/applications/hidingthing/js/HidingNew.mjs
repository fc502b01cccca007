import { Widget } from "athenalite";

export class Form extends Widget {
    async say() {
        this.nodeById("answer").textContent = await this.callRemote("echo", this.nodeById("said").value);
    }

    /** Add another form; what its answer is once it has been submitted. */
    async more() {
        const child = await this.addChildWidgetFromWidgetInfo(await this.callRemote("later"));
        // Properties of the document are hidden.
        Reflect.get(Document.prototype, "documentElement", document).append(child.node);
        child.nodeById("said").value = "later";
        child.nodeById("button").click();
        return child;
    }

    fails() {
        return this.callRemote("fail");
    }
}
