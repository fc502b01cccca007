/** Events that call methods of the server, which answers when a case wants it. */

import { Deferred } from "../../../athenalite/js/deferred.js";
import { RemoteEvents } from "../../../athenalite/js/remote/remoteevents.js";
import { equal } from "./stage.js";

class RemoteError extends Error {}
class ConnectionLost extends Error {}

/** A form or control whose events call the server. */
class Remote {
    /** What was called, and the Deferreds of what is not answered. */
    calls = [];
    waiting = [];
    failures = [];
    errors = new RemoteEvents({
        callRemote: (objectID, name, [method, pairs, key]) => {
            this.calls.push([objectID, method, pairs, key]);
            const result = new Deferred();
            this.waiting.push(result);
            // What is still one is shown by the page.
            queueMicrotask(() => result.addErrback((failure) => { this.failures.push(failure.error.message); }));
            return result;
        },
    }, { RemoteError, ConnectionLost });

    constructor(stages, markup) {
        this.root = document.createElement("div");
        this.root.innerHTML = `<main id="athena:5">${markup}</main>`;
        document.body.append(this.root);
        stages.later(() => this.root.remove());
    }

    at(selector) {
        return this.root.querySelector(selector);
    }

    handle(selector, type, binding, more = {}) {
        const event = Object.assign(new Event(type, { bubbles: true, cancelable: true }), more);
        return this.errors.handle(this.at(selector), binding, event);
    }

    /** Answer the first call that waits. */
    async answer(result = null) {
        this.waiting.shift().callback(result);
        await null;
    }

    async fail(error) {
        this.waiting.shift().errback(error);
        await null;
    }
}

const FORM = `<form><input name="what" value="1" aria-describedby="help" /><input name="elements" value="2" />
    <input type="checkbox" name="sure" /><input type="checkbox" name="kind" value="a" checked="" /><select name="size" multiple="">
    <option selected="">s</option><option selected="">l</option></select><fieldset disabled=""><input name="off" value="3" />
    <input type="checkbox" name="offer" /></fieldset><input type="file" name="file" /><button name="how" value="fast">Go</button></form>`;

export const eventCases = {
    /** A click is sent once until it is answered, whatever the answer is; with `repeat`, each. */
    async exclusive(stages) {
        const remote = new Remote(stages, "<p data-athena-key=\"k\"><button data-arg-by=\"1\" data-arg-toX=\"2\">x</button></p>");
        equal([remote.handle("button", "click", "add"), remote.handle("button", "click", "add")], [false, false]);
        equal(remote.calls, [[5, "add", [["by", "1"], ["tox", "2"]], "k"]]);
        equal(remote.at("button").getAttribute("aria-busy"), "true");
        await remote.fail(new RemoteError("no"));
        equal([remote.at("button").hasAttribute("aria-busy"), remote.at("[role=alert]").textContent], [false, "no"]);
        remote.handle("button", "click", "add");
        await remote.answer();
        equal([remote.calls.length, remote.at("[role=alert]"), remote.at("button").hasAttribute("aria-busy")], [2, null, false]);
        for (let count = 0; count < 3; count += 1) {
            remote.handle("button", "click", "add:repeat");
        }
        equal([remote.calls.length, remote.waiting.length], [5, 3]);
    },

    /** While a value is sent, the last one waits. */
    async latest(stages) {
        const remote = new Remote(stages, "<input name=\"word\" />");
        for (const value of "abc") {
            remote.at("input").value = value;
            remote.handle("input", "input", "search");
        }
        equal(remote.calls.map(([, , [pair]]) => pair), [["word", "a"]]);
        equal(remote.at("input").hasAttribute("aria-busy"), false);
        await remote.answer();
        equal(remote.calls.map(([, , [pair]]) => pair[1]), ["a", "c"]);
        await remote.answer();
        equal(remote.calls.length, 2);
    },

    /** What is typed is sent when there is a pause. */
    async debounced(stages) {
        const remote = new Remote(stages, "<input name=\"word\" />");
        for (const value of "abc") {
            remote.at("input").value = value;
            remote.handle("input", "input", "search:1");
        }
        equal(remote.calls, []);
        while (!remote.calls.length) {
            await new Promise((resolve) => { setTimeout(resolve); });
        }
        await new Promise((resolve) => { setTimeout(resolve, 2); });
        await remote.answer();
        equal(remote.calls, [[5, "search", [["word", "c"]], null]]);
    },

    /** A box with a handler is what the server has rendered, once its call is answered; also when it fails. */
    async toggled(stages) {
        const remote = new Remote(stages, "<input type=\"checkbox\" name=\"done\" />");
        const box = remote.at("input");
        for (const answer of [() => remote.answer(), () => remote.fail(new RemoteError("no"))]) {
            box.checked = true;
            remote.handle("input", "change", "toggle");
            equal([box.checked, remote.calls.at(-1)[2]], [true, [["done", true]]]);
            await answer();
            equal(box.checked, false);
        }
        box.checked = true;
        remote.handle("input", "change", "toggle");
        box.setAttribute("checked", "");
        await remote.answer();
        equal(box.checked, true);
    },

    /** So is a group of radio buttons. */
    async group(stages) {
        const remote = new Remote(stages, "<input type=\"radio\" name=\"one\" checked=\"\" /><input type=\"radio\" name=\"one\" id=\"other\" value=\"2\" />");
        const chosen = () => [...remote.root.querySelectorAll("input")].map((one) => one.checked);
        remote.at("#other").checked = true;
        remote.handle("#other", "change", "choose");
        equal([chosen(), remote.calls[0][2]], [[false, true], [["one", "2"]]]);
        await remote.answer();
        equal(chosen(), [true, false]);
    },

    /** A form sends all that a browser would but files, and boxes without a value as true or false. */
    async fields(stages) {
        const remote = new Remote(stages, FORM);
        equal(remote.handle("form", "submit", "order", { submitter: remote.at("button") }), false);
        equal(remote.calls[0][2], [["what", "1"], ["elements", "2"], ["kind", "a"], ["size", "s"], ["size", "l"], ["how", "fast"], ["sure", false]]);
    },

    /** A form is emptied when it is taken, and not when there are errors: these are at their fields until it is sent again. */
    async errors(stages) {
        const remote = new Remote(stages, FORM);
        const [what, other] = ["what", "elements"].map((name) => remote.at(`[name=${name}]`));
        const submit = () => remote.handle("form", "submit", "order");
        what.value = "typed";
        submit();
        await remote.answer({ errors: [["elements", "No."], ["what", "Not so."], ["", "Sorry."], ["gone", "What?"]] });
        equal([what.value, remote.at("form").getAttribute("aria-busy")], ["typed", null]);
        equal([what, other].map((node) => [node.getAttribute("aria-invalid"), node.nextSibling.textContent]), [["true", "Not so."], ["true", "No."]]);
        equal(what.getAttribute("aria-describedby"), `help ${what.nextSibling.id}`);
        equal(document.activeElement === other, true);
        equal(remote.at("form").lastChild.textContent, "Sorry. gone: What?");
        submit();
        await remote.answer({ errors: [["what", "Again."]] });
        equal([...remote.root.querySelectorAll("[role=alert]")].map((node) => node.textContent), ["Again."]);
        what.focus();
        remote.handle("[name=elements]", "input", "check");
        await remote.answer({ errors: [["elements", "Bad."]] });
        equal([document.activeElement === what, other.nextSibling.textContent], [true, "Bad."]);
        submit();
        await remote.answer();
        equal([what.value, remote.root.querySelectorAll("[role=alert], [aria-invalid]").length], ["1", 0]);
        equal([what.getAttribute("aria-describedby"), other.hasAttribute("aria-describedby")], ["help", false]);
    },

    /** An error for the author of the template, or one with a reference, is shown by the page; so is that of a node that is gone. */
    async failed(stages) {
        const remote = new Remote(stages, "<button>x</button>");
        const heard = [];
        remote.root.addEventListener("athena:failed", (event) => {
            heard.push(event.detail.method);
            if (event.detail.error.message === "handled") {
                event.preventDefault();
            }
        });
        for (const error of [Object.assign(new RemoteError("a"), { reference: "x" }), Object.assign(new RemoteError("b"), { type: "NoSuchMethod" }),
            new Error("c"), new RemoteError("handled")]) {
            remote.handle("button", "click", "add");
            await remote.fail(error);
        }
        await null;
        equal([remote.failures, heard.length, remote.at("[role=alert]")], [["a", "b", "c"], 4, null]);
        const button = remote.at("button");
        remote.handle("button", "click", "add");
        button.remove();
        await remote.fail(new RemoteError("d"));
        await null;
        equal(remote.failures.at(-1), "d");
    },

    /** The key is that of the item of the widget's own. */
    async places(stages) {
        const remote = new Remote(stages, "<ul data-athena-key=\"outer\"><li id=\"athena:6\"><b><i>x</i></b></li></ul>"
            + "<p data-athena-key=\"a\"><u data-athena-key=\"b\"><s>x</s></u></p>");
        remote.handle("i", "click", "one");
        remote.handle("s", "click", "two");
        equal(remote.calls, [[6, "one", [], null], [5, "two", [], "b"]]);
    },

    /** A form whose fields hide its properties is sent, shows errors, and is emptied. */
    async hiding(stages) {
        const names = ["attributes", "children", "elements", "reset", "localName", "ownerDocument", "dispatchEvent", "isConnected", "parentNode",
            "append", "insertBefore", "type", "submit", "form", "checked", "setAttribute", "removeAttribute", "matches", "querySelectorAll"];
        const remote = new Remote(stages, `<form data-arg-one="1">${names.map((name) => `<input name="${name}" />`).join("")}</form>`);
        const attribute = (name) => Element.prototype.getAttribute.call(remote.at("form"), name);
        remote.at("input").value = "typed";
        remote.handle("form", "submit", "order");
        equal([remote.calls[0][2].length, remote.calls[0][2].at(-1), attribute("aria-busy")], [names.length + 1, ["one", "1"], "true"]);
        await remote.answer({ errors: [["", "No."], ["type", "Not so."]] });
        equal([attribute("aria-busy"), remote.root.querySelectorAll("[role=alert]").length], [null, 2]);
        remote.handle("form", "submit", "order");
        await remote.fail(new RemoteError("no"));
        equal(remote.root.querySelectorAll("[role=alert]").length, 1);
        remote.handle("form", "submit", "order");
        await remote.answer();
        equal([remote.root.querySelectorAll("[role=alert]").length, remote.at("input").value], [0, ""]);
    },
};
