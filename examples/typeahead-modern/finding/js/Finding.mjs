import { Widget } from "athenalite";

/** How long the field is unchanged before the server is called, in milliseconds. */
const PAUSE = 150;

/**
 * A field, and below it the suggestions: arrow keys go through them, Enter or a click chooses, Escape closes them.
 */
export class FinderWidget extends Widget {
    #words = this.nodeById("words");
    #status = this.nodeById("status");
    #matches = this.nodeById("matches");
    #chosen = this.nodeById("chosen");
    // The number of the latest call; results of others are out of date.
    #question = 0;

    loaded() {
        // The field may have text already: typed before the widget existed, or filled in by the browser after a reload.
        if (this.#words.value) {
            this.typed();
        }
    }

    async typed() {
        const question = ++this.#question;
        await new Promise((resolve) => setTimeout(resolve, PAUSE));
        if (question === this.#question) {
            const found = await this.callRemote("find", this.#words.value);
            // Since the call the text may have been changed, or a suggestion chosen.
            if (question === this.#question) {
                this.#show(found);
            }
        }
    }

    pressed(field, event) {
        const options = [...this.#matches.children];
        const at = options.indexOf(this.#active);
        const actions = {
            ArrowDown: () => this.#activate(options[(at + 1) % options.length]),
            ArrowUp: () => this.#activate(options.at(Math.max(at, 0) - 1)),
            Enter: () => this.#choose(this.#active ?? options[0]),
            Escape: () => this.#close(),
        };
        // An input method for Chinese or Japanese ends a word with Enter.
        if (options.length && event.key in actions && !event.isComposing) {
            event.preventDefault();
            actions[event.key]();
        }
    }

    clicked(list, event) {
        const option = event.target.closest("[role=option]");
        if (option) {
            this.#choose(option);
            this.#words.focus();
        }
    }

    #show({ count, first }) {
        this.#matches.replaceChildren(...first.map((match, index) => this.#makeOption(match, index)));
        this.#words.setAttribute("aria-expanded", first.length > 0);
        this.#activate(null);
        const some = count > first.length ? `, ${first.length} of them here` : "";
        this.#status.textContent = this.#words.value.trim() && `${count} found${some}`;
    }

    #close() {
        this.#question++;
        this.#show({ count: 0, first: [] });
        this.#status.textContent = "";
    }

    #choose(option) {
        const [character, name] = [...option.children].map((node) => node.textContent);
        const code = character.codePointAt(0).toString(16).toUpperCase().padStart(4, "0");
        this.#words.value = name;
        this.#chosen.replaceChildren(makeNode("bdi", character), makeNode("span", `U+${code} ${name}`));
        this.#close();
    }

    get #active() {
        return this.#matches.querySelector("[aria-selected=true]");
    }

    /** Mark an option; the focus stays in the field, which names the option for screen readers. */
    #activate(option) {
        this.#active?.setAttribute("aria-selected", false);
        option?.setAttribute("aria-selected", true);
        option?.scrollIntoView({ block: "nearest" });
        this.#words.setAttribute("aria-activedescendant", option?.id ?? "");
    }

    #makeOption([name, character], index) {
        const option = makeNode("li");
        option.append(makeNode("bdi", character), makeNode("span", name));
        option.id = `${this.#matches.id}-${index}`;
        option.setAttribute("role", "option");
        option.setAttribute("aria-selected", false);
        return option;
    }
}

function makeNode(tagName, text = "") {
    const node = document.createElement(tagName);
    node.textContent = text;
    return node;
}
