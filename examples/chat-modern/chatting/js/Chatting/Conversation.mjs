/** The lines of a conversation, the newest in view. */
export class Conversation {
    #node;

    constructor(node) {
        this.#node = node;
    }

    /** Show a line, as text. */
    add(text) {
        const line = document.createElement("div");
        line.dir = "auto";
        line.textContent = text;
        this.#node.append(line);
        this.#node.scrollTop = this.#node.scrollHeight;
    }
}
