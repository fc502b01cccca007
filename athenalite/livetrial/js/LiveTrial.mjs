/** The page of `python -m athenalite.livetrial`: the list of the tests, and the frame for the page of each. */

import { Widget } from "athenalite";

/** The widget of the Python `TestRunner`, which runs the tests, and tells this how it goes. */
export class TestRunner extends Widget {
    loaded() {
        this.button = this.node.querySelector("button");
        this.frame = this.node.querySelector("iframe");
        this.summary = this.node.querySelector(".summary");
        this.items = [...this.node.querySelectorAll("li")];
        this.button.addEventListener("click", () => this.run());
    }

    async run() {
        this.button.disabled = true;
        this.summary.textContent = "";
        this.items.forEach((item) => this.#show(item, "", ""));
        try {
            await this.callRemote("runTests");
        } finally {
            this.button.disabled = false;
        }
    }

    /** The test number `index` runs on the page at `url`. */
    started(index, url) {
        this.#show(this.items[index], "running", "");
        this.frame.src = url;
    }

    /** The test is over; `text` is why it has failed, and is empty if it has not. */
    finished(index, text) {
        this.#show(this.items[index], text ? "failed" : "passed", text);
        const count = (className) => this.items.filter((item) => item.className === className).length;
        this.summary.textContent = `${count("passed")} passed, ${count("failed")} failed`;
    }

    #show(item, className, text) {
        item.className = className;
        item.querySelector("pre").textContent = text;
    }
}
