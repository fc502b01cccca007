import { Widget } from "athenalite";

/**
 * A field, and below each other the messages that have been to the server and back.
 */
export class EchoWidget extends Widget {
    #scrollArea = this.nodeByAttribute("name", "scrollArea");
    #message = this.nodeByAttribute("name", "message");

    async doSay(node, event) {
        // Keeps the browser from submitting the form. After the first await it would be too late.
        event.preventDefault();
        const text = this.#message.value;
        this.#message.value = "";
        this.#show(await this.callRemote("echo", text));
    }

    #show(text) {
        const line = document.createElement("div");
        line.dir = "auto";
        line.textContent = text;
        this.#scrollArea.append(line);
        this.#scrollArea.scrollTop = this.#scrollArea.scrollHeight;
    }
}
