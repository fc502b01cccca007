import { Widget } from "athenalite";

customElements.define("x-item", class extends HTMLElement {});

export class Box extends Widget {
    noted = [];

    note(node, event) {
        // A form's field may be called getAttribute.
        const attribute = (name) => Element.prototype.getAttribute.call(node, name);
        this.noted.push(`${event.type} ${attribute("class") ?? attribute("name") ?? node.localName}`);
        return event.type === "submit" ? false : undefined;
    }

    async noteLater(node, event) {
        this.note(node, event);
        await this.callRemote("nothing");
    }

    deferred(node, event) {
        this.note(node, event);
        return this.callRemote("nothing");
    }

    refuse(node, event) {
        this.note(node, event);
        return false;
    }

    /** What has been noted since the last time. */
    take() {
        return this.noted.splice(0);
    }

    async addForm() {
        const form = await this.addChildWidgetFromWidgetInfo(await this.callRemote("form"));
        this.nodeById("place").append(form.node);
    }
}
