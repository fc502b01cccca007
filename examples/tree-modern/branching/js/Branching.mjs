import { Widget } from "athenalite";

/** A change of the tree that the server refuses; the message is the reason. */
export class Refused extends Error {}

/** The tree, and how large it is. */
export class TreeWidget extends Widget {
    constructor(node, size) {
        super(node);
        this.showSize(size);
    }

    /** Called by the server whenever it has changed. */
    showSize(size) {
        this.nodeById("size").textContent = size === 1 ? "1 branch" : `${size} branches`;
    }
}

/**
 * A branch, with the widgets of other branches in it: some came with the page, others come later.
 *
 * It finds its nodes by their ids, which are rewritten for each widget, so that those in it may have the same.
 */
export class BranchWidget extends Widget {
    #pruning = false;

    toggleForm() {
        this.#showForm(this.nodeById("form").hidden);
    }

    async grow(form, event) {
        event.preventDefault();
        await this.#try(async () => {
            const info = await this.callRemote("grow", this.nodeById("label").value);
            const branch = await this.addChildWidgetFromWidgetInfo(info);
            this.nodeById("branches").append(branch.node);
            this.#showForm(false);
            branch.focus();
        });
    }

    async prune() {
        // A second click, before the first call has a result, would prune a branch that does not exist any more.
        if (!this.#pruning) {
            this.#pruning = true;
            await this.#try(() => this.callRemote("prune"));
            this.#pruning = false;
        }
    }

    /** Called by the server, which waits for the answer: whether this branch may go, though others are on it. */
    async confirm(others) {
        const dialog = this.nodeById("dialog");
        const those = others === 1 ? "the branch" : `the ${others} branches`;
        this.nodeById("question").textContent = `Prune ${this.nodeById("name").textContent} and ${those} on it?`;
        dialog.returnValue = "";
        dialog.showModal();
        await new Promise((resolve) => dialog.addEventListener("close", resolve, { once: true }));
        return dialog.returnValue === "prune";
    }

    /** Called when this branch has been detached on both sides; for those on it first. */
    detached() {
        const focused = this.node.contains(document.activeElement);
        const around = this.node.parentNode.closest(".branch");
        this.node.remove();
        if (focused) {
            Widget.get(around).focus();
        }
    }

    focus() {
        this.nodeById("grow").focus();
    }

    #showForm(shown) {
        this.nodeById("form").hidden = !shown;
        this.nodeById("grow").setAttribute("aria-expanded", shown);
        this.nodeById("label").value = this.nodeById("refusal").textContent = "";
        this.nodeById(shown ? "label" : "grow").focus();
    }

    /** Run a function, and show the server's refusal. */
    async #try(action) {
        this.nodeById("refusal").textContent = "";
        try {
            await action();
        } catch (error) {
            if (!(error instanceof Refused)) {
                throw error;
            }
            this.nodeById("refusal").textContent = error.message;
        }
    }
}
