import { RemoteError, Widget } from "athenalite";

/** Two numbers that have no result; the message is the reason. */
export class Impossible extends Error {}

/**
 * Fields for two numbers and an operator, and above them a list of results.
 */
export class CalculatorWidget extends Widget {
    #tape = this.nodeByAttribute("name", "tape");
    #refusal = this.nodeByAttribute("name", "refusal");

    async calculate(form, event) {
        event.preventDefault();
        // The fields are called what the method's arguments are. They hold text, and checking it is left to the server:
        // it has to do so anyway, for anybody can send it anything.
        const sum = Object.fromEntries(new FormData(form));
        this.#refuse(form, null, "");
        try {
            const result = await this.callRemoteKw("calculate", sum);
            this.#print(`${sum.left} ${sum.operator} ${sum.right} = ${result}`);
            form.left.value = result;
            form.right.value = "";
            form.right.focus();
        } catch (error) {
            this.#explain(form, error);
        }
    }

    #explain(form, error) {
        if (error instanceof Impossible) {
            this.#refuse(form, "right", error.message);
        } else if (error instanceof RemoteError && error.argument) {
            // Its message is for programmers. The argument's name is enough to mark the field.
            this.#refuse(form, error.argument, "Please write a number, such as 12.5.");
        } else {
            throw error;
        }
    }

    /** Show what is wrong with a field, and focus it; without a name, remove the message. */
    #refuse(form, name, text) {
        for (const field of [form.left, form.right]) {
            field.setAttribute("aria-invalid", field.name === name);
        }
        this.#refusal.textContent = text;
        form.elements[name]?.focus?.();
    }

    #print(text) {
        const line = document.createElement("div");
        line.textContent = text;
        this.#tape.append(line);
        this.#tape.scrollTop = this.#tape.scrollHeight;
    }
}
