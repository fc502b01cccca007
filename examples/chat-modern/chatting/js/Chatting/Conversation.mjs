/** @returns {HTMLElement} a line that shows `text` as text */
export function makeLine(text) {
    const line = document.createElement("div");
    line.dir = "auto";
    line.textContent = text;
    return line;
}

/** The lines of a conversation, the newest in view. */
export class Conversation {
    #node;

    constructor(node) {
        this.#node = node;
    }

    /** Show a line, as text. */
    add(text) {
        this.#node.append(makeLine(text));
        this.#node.scrollTop = this.#node.scrollHeight;
    }
}
