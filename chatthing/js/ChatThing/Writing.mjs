import { Unreachable, makeNode } from "../ChatThing.mjs";

/** For how many milliseconds a message may be on its way before that is shown. */
const PATIENCE = 300;

/** A message of one's own that the server has not confirmed. */
class Pending {
    #outbox;
    #state = makeNode("small");
    #buttons = makeNode("span", [], { className: "buttons" });
    #node;
    #timer;

    /** @param {function()} send called to send it again */
    constructor(outbox, text, send) {
        this.text = text;
        this.#outbox = outbox;
        this.#node = makeNode("div", [makeNode("bdi", text), this.#state, this.#buttons]);
        this.#buttons.append(
            makeNode("button", "Send again", { type: "button", onclick: send }),
            makeNode("button", "Discard", { type: "button", onclick: () => this.remove() }));
    }

    /** It is being sent: show so, if that takes long enough to be noticed. */
    wait() {
        this.#set("", "Sending…", null);
        this.#timer = setTimeout(() => this.#show(), PATIENCE);
    }

    /** It was not sent: show so, why, and what can be done. */
    fail(reason) {
        this.#set("failed", `Not sent. ${reason}`, "alert");
        this.#show();
    }

    remove() {
        clearTimeout(this.#timer);
        this.#node.parentNode?.removeChild(this.#node);
        this.#outbox.hidden = !this.#outbox.firstChild;
    }

    #set(className, text, role) {
        this.#node.className = className;
        this.#state.role = role;
        this.#state.textContent = text;
        this.#buttons.hidden = !className;
    }

    #show() {
        clearTimeout(this.#timer);
        this.#outbox.hidden = false;
        this.#outbox.append(this.#node);
        this.#outbox.scrollTop = this.#outbox.scrollHeight;
    }
}

/** The field for messages, and those that are not sent yet. */
export class Writing {
    #widget;
    #field;
    #outbox = makeNode("div", [], { role: "group", ariaLabel: "Not sent yet", hidden: true });

    constructor(widget) {
        this.#widget = widget;
        this.#field = widget.named("userMessage");
        this.#outbox.setAttribute("name", "outbox");
        widget.named("sendLine").before(this.#outbox);
    }

    /** Send the message in the field, which is cleared at once, for the next one. */
    say() {
        const pending = new Pending(this.#outbox, this.#field.value, () => this.#send(pending));
        this.#field.value = "";
        this.#send(pending);
    }

    /**
     * A message that is not sent is in the field again, to be corrected. If there is another one by then, or it needs no
     * correction, it stays visible, and can be sent again.
     */
    async #send(pending) {
        // The button that was pressed is hidden now.
        this.#field.focus();
        pending.wait();
        try {
            await this.#widget.callRemote("say", pending.text);
            pending.remove();
            this.#widget.showRefusal(this.#field, "");
        } catch (error) {
            const reason = this.#widget.reasonOf(error);
            if (this.#field.value || error instanceof Unreachable) {
                pending.fail(reason);
            } else {
                pending.remove();
                this.#field.value = pending.text;
                this.#widget.showRefusal(this.#field, reason);
            }
        }
    }
}
