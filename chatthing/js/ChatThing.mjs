import { ConnectionLost, Widget } from "athenalite";

/** The server's refusal of a request; its message is a reason for people to read. */
export class Refused extends Error {}

/** The room cannot be reached at the moment; the message is for people to read. */
export class Unreachable extends Error {}

/** @returns {HTMLElement} an element with text, which is not interpreted as markup, and nodes */
export function makeNode(tagName, content = [], properties = {}) {
    const node = Object.assign(document.createElement(tagName), properties);
    node.append(...[content].flat());
    return node;
}

/** Call `load`, which imports a module, until it succeeds: the line may be cut meanwhile. */
async function insist(load) {
    for (;;) {
        try {
            return await load();
        } catch (error) {
            // What browsers throw for a script that has not come.
            if (!(error instanceof TypeError)) {
                throw error;
            }
            await new Promise((resolve) => setTimeout(resolve, 1000));
        }
    }
}

/**
 * One person's view of the room. Before they have chosen a username they can read; afterwards they can write, too.
 */
export class ChatterWidget extends Widget {
    username = null;
    #room = null;
    #writing = null;

    constructor(...given) {
        super(...given);
        this.named("username").focus();
    }

    /** The node of this name. */
    named(name) {
        return this.nodeByAttribute("name", name);
    }

    /** Request the username in the field; then show the field for messages. */
    async doSetUsername(node, event) {
        event.preventDefault();
        const field = this.named("username");
        // Pressing Enter twice must not call twice.
        this.named("GO").disabled = true;
        try {
            // Who only reads does not need it.
            const { Writing } = await import("./ChatThing/Writing.mjs");
            this.username = await this.callRemote("setUsername", field.value);
            this.#writing = new Writing(this);
            this.named("loggedInAs").append(makeNode("bdi", this.username));
            this.named("chooseBox").hidden = true;
            this.named("loggedInAs").hidden = this.named("sendLine").hidden = false;
            this.showRefusal(field, "");
            this.named("userMessage").focus();
        } catch (error) {
            this.named("GO").disabled = false;
            this.showRefusal(field, this.reasonOf(error));
        }
    }

    doSay(node, event) {
        event.preventDefault();
        this.#writing.say();
    }

    /** Called by the server: who is here, and what was said last, or null if that is shown already. */
    async displayRoom(people, messages) {
        if (people.length || messages?.length) {
            (await this.#loadRoom()).show(people, messages);
        }
    }

    /** Called by the server: somebody has joined. */
    async addPerson(name) {
        (await this.#loadRoom()).addPerson(name);
    }

    /** Called by the server: somebody has left. */
    async removePerson(name) {
        (await this.#loadRoom()).removePerson(name);
    }

    /** Called by the server: show an announcement. */
    async displayMessage(message, when) {
        (await this.#loadRoom()).addAnnouncement(message, when);
    }

    /** Called by the server: show a person's message. */
    async displayUserMessage(name, text, when) {
        (await this.#loadRoom()).addMessage(name, text, when);
    }

    /** @returns {string} what people are to read about a failed call. That the page is lost is shown by the page. */
    reasonOf(error) {
        return error instanceof ConnectionLost ? ""
            : error instanceof Refused || error instanceof Unreachable ? error.message : "That did not work. Please try again.";
    }

    /** Show what is wrong with a field, also to screen readers, and focus it; an empty reason clears it. */
    showRefusal(field, reason) {
        const refusal = this.named("refusal");
        refusal.textContent = reason;
        field.ariaInvalid = reason !== "";
        field.setAttribute("aria-describedby", reason && refusal.id);
        if (reason) {
            field.focus();
        }
    }

    /** An empty room can be shown without it. */
    #loadRoom() {
        return this.#room ??= insist(() => import("./ChatThing/Room.mjs")).then(({ Room }) => new Room(this));
    }
}
