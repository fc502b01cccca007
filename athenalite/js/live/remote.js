/**
 * Events that call methods of the server: a handler whose name begins with "@" (`_templates/rewriting.py`). The client finds the
 * handler, and keeps events until there are widgets; here they become calls.
 */

import { LEAVING } from "../early.js";
import { WeakMap, getAttribute, hasAttribute, isElement, mapped, matches, parentOf, removeAttribute, setAttribute } from "../natives.js";
import { KEY, widgetOf } from "./matching.js";

const ARGUMENT = "data-arg-";
const BUSY = "aria-busy";
/** Controls that may be used again before they are answered; the last state is sent then. */
const LATEST = ["input", "change"];

/** What is known of a node while its call waits: `isAgain` if it was used again. */
const states = new WeakMap();

/** The fields of a form, or one control, as pairs of names and values. */
export function fieldsOf(node, submitter) {
    if (node instanceof HTMLFormElement) {
        const pairs = mapped([...new FormData(node, submitter ?? undefined)], ([name, value]) => [name, typeof value === "string" ? value : ""]);
        const checkboxes = [...controlsOf(node)].filter(isLonely);
        return [
            ...pairs.filter(([name]) => !checkboxes.some((one) => getAttribute(one, "name") === name)),
            ...checkboxes.map((one) => [getAttribute(one, "name"), one.checked]),
        ];
    }
    const name = getAttribute(node, "name");
    if (!name || !("value" in node) || node.localName === "button") {
        return [];
    }
    if (node.localName === "select" && node.multiple) {
        return mapped(node.selectedOptions, (option) => [name, option.value]);
    }
    return [[name, isLonely(node) ? node.checked : node.value]];
}

/** A form's field named "elements" hides them. */
const elementsProperty = Object.getOwnPropertyDescriptor(HTMLFormElement.prototype, "elements");
const controlsOf = (form) => elementsProperty.get.call(form);

/** Whether a control is a checkbox without a value of its own, which is true or false. */
function isLonely(node) {
    return node.localName === "input" && node.type === "checkbox" && hasAttribute(node, "name") && !hasAttribute(node, "value");
}

function argumentsOf(node) {
    return [...node.attributes].filter(({ name }) => name.startsWith(ARGUMENT)).map(({ name, value }) => [name.slice(ARGUMENT.length), value]);
}

/** The number of the widget that `node` is in, and the key of the item of its that it is in, or null. */
function whereIs(node) {
    let key = null;
    let one = node;
    while (one && widgetOf(one) === null) {
        key ??= isElement(one) ? getAttribute(one, KEY) : null;
        one = parentOf(one) ?? one.host;
    }
    return [widgetOf(one), key];
}

/** Calls the server for the events of one page. */
export class RemoteEvents {
    #page;

    constructor(page) {
        this.#page = page;
    }

    /** @param {string} binding "toggle", "toggle:repeat", "search:300" @returns {boolean | undefined} false to prevent the default */
    handle(node, binding, event) {
        const [methodName, ...options] = binding.split(":");
        const isLatest = LATEST.includes(event.type);
        const state = states.get(node) ?? { isBusy: false, isAgain: false, timer: null };
        states.set(node, state);
        const send = () => this.#send(node, methodName, event, state, isLatest, options.includes("repeat"));
        const delay = options.find((one) => one !== "repeat");
        if (delay !== undefined) {
            clearTimeout(state.timer);
            state.timer = setTimeout(send, Number(delay));
        } else {
            send();
        }
        const leaves = event.type === "submit" || (event.type === "click" && matches(node, LEAVING));
        return leaves ? false : undefined;
    }

    #send(node, methodName, event, state, isLatest, mayRepeat) {
        if (state.isBusy && !mayRepeat) {
            state.isAgain = isLatest;
            return;
        }
        const [objectID, key] = whereIs(node);
        const isValue = event.type === "submit" || isLatest || isToggle(node);
        const pairs = [...(isValue ? fieldsOf(node, event.submitter) : []), ...argumentsOf(node)];
        state.isBusy = true;
        if (!isLatest) {
            setAttribute(node, BUSY, "true");
        }
        const over = (result) => {
            state.isBusy = false;
            removeAttribute(node, BUSY);
            if (state.isAgain) {
                state.isAgain = false;
                this.#send(node, methodName, event, state, isLatest, mayRepeat);
            } else if (isToggle(node)) {
                // The server has said what it is, by rendering it or not.
                node.checked = node.defaultChecked;
            }
            return result;
        };
        this.#page.callRemote(objectID, "_athenaEvent", [methodName, pairs, key])
            .addBoth(over)
            .addErrback((failure) => {
                const detail = { error: failure.error, method: methodName };
                const failed = new CustomEvent("athena:failed", { bubbles: true, cancelable: true, detail });
                // Otherwise the page shows it, as it does each failure that nothing handles.
                return node.dispatchEvent(failed) ? failure : null;
            });
    }
}

function isToggle(node) {
    return node.localName === "input" && (node.type === "checkbox" || node.type === "radio");
}
