import { ConnectionLost, Widget } from "athenalite";
import { Conversation } from "./Chatting/Conversation.mjs";
import { Outbox } from "./Chatting/Outbox.mjs";

/** The server refuses a request; the message is the reason, for the person who made it. */
export class Refused extends Error {}

/**
 * One person's view of the room. Before they have chosen a username they can read; afterwards they can speak too.
 */
export class ChatterWidget extends Widget {
    #conversation = new Conversation(this.#named("scrollArea"));
    #outbox = new Outbox(this.#named("outbox"));

    async doSetUsername(node, event) {
        // After the first await it would be too late to keep the browser from sending the form itself.
        event.preventDefault();
        const username = await this.#ask("setUsername", this.#named("username").value);
        if (username !== undefined) {
            this.#named("loggedInAs").append(username);
            this.#named("chooseBox").hidden = true;
            this.#named("loggedInAs").hidden = this.#named("sendLine").hidden = false;
            this.#named("userMessage").focus();
        }
    }

    async doSay(node, event) {
        event.preventDefault();
        const field = this.#named("userMessage");
        const line = field.value;
        const pending = this.#outbox.add(line);
        // Cleared at once, for the next one.
        field.value = "";
        let answer;
        try {
            answer = await this.#ask("say", line);
        } finally {
            // What was not sent is in the field again, or visible if there is something else in it.
            if (answer === undefined && field.value) {
                pending.fail();
            } else {
                pending.remove();
                field.value ||= answer === undefined ? line : "";
            }
        }
    }

    /** Called by the server: show an announcement. */
    displayMessage(message) {
        this.#conversation.add(message);
    }

    /** Called by the server: show a person's message. */
    displayUserMessage(username, text) {
        this.#conversation.add(`${username}: ${text}`);
    }

    /** Call the server, and show its reason if it refuses. @returns {Promise} the result, undefined if the call failed */
    async #ask(methodName, ...args) {
        let refusal = "";
        try {
            return await this.callRemote(methodName, ...args);
        } catch (error) {
            // The page shows itself that it is lost.
            if (!(error instanceof Refused || error instanceof ConnectionLost)) {
                throw error;
            }
            refusal = error instanceof Refused ? error.message : "";
            return undefined;
        } finally {
            this.#named("refusal").textContent = refusal;
        }
    }

    #named(name) {
        return this.nodeByAttribute("name", name);
    }
}
