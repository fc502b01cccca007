import { Widget } from "athenalite";

/** A note that cannot be pinned to the board; the message is the reason. */
export class Refused extends Error {}

/** The notes on the board, and a field to pin more. */
export class Notices extends Widget {
    async pin(form, event) {
        event.preventDefault();
        const refusal = this.nodeById("refusal");
        try {
            await this.callRemote("pin", form.notice.value);
            form.notice.value = refusal.textContent = "";
        } catch (error) {
            if (!(error instanceof Refused)) {
                throw error;
            }
            refusal.textContent = error.message;
        }
    }

    /** Called by the server. */
    show(notices) {
        this.nodeById("notices").replaceChildren(...notices.map(([person, text]) => {
            const notice = makeNode("li", text);
            notice.append(makeNode("small", person));
            return notice;
        }));
    }
}

/** The people who have the board open. */
export class Readers extends Widget {
    /** Called by the server. */
    show(people) {
        this.nodeById("readers").replaceChildren(...[...new Set(people)].map((person) => makeNode("li", person)));
    }
}

/** A dish, and the people who want it. */
export class Dish extends Widget {
    #person;

    constructor(node, person) {
        super(node);
        this.#person = person;
    }

    async want(box) {
        await this.callRemote("want", box.checked);
    }

    /** Called by the server. */
    show(people) {
        const box = this.nodeById("want");
        box.checked = people.includes(this.#person);
        // Until the server has sent the choice it cannot be changed.
        box.disabled = false;
        this.nodeById("people").textContent = people.join(", ") || "nobody yet";
    }
}

function makeNode(tagName, text) {
    const node = document.createElement(tagName);
    node.dir = "auto";
    node.textContent = text;
    return node;
}
