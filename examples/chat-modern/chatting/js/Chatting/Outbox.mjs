import { makeLine } from "./Conversation.mjs";

/** Lines that the server has not confirmed yet. One that is confirmed soon is never shown. */
export class Outbox {
    #node;

    constructor(node) {
        this.#node = node;
    }

    /** @returns {{remove: function(), fail: function()}} to be called when the line is confirmed, or will never be */
    add(text) {
        const line = makeLine(text);
        const timer = setTimeout(() => this.#node.append(line), 300);
        const remove = () => {
            clearTimeout(timer);
            line.remove();
        };
        const fail = () => {
            clearTimeout(timer);
            line.className = "failed";
            this.#node.append(line);
        };
        return { remove, fail };
    }
}
