/**
 * Events that call methods of the server: a handler whose name begins with "@" (`_templates/rewriting.py`). The client finds the
 * handler, and keeps events until there are widgets; here they become calls.
 */

import { LEAVING } from "../early.js";
import { invoke } from "../members.js";
import { WeakMap, getAttribute, isElement, parentOf, removeAttribute, setAttribute } from "../natives.js";
import { clearErrors, contentsOf, fieldsOf, filesOf, resetFields, showErrors } from "./fields.js";
import { demanded } from "../live/demanded.js";
import { KEY, attributesOf, isConnected, widgetOf } from "../live/matching.js";
import { groupOf, isToggle } from "../live/typed.js";

const ARGUMENT = "data-arg-";
const BUSY = "aria-busy";
/** Controls that may be used again before they are answered; the last state is sent then. */
const LATEST = ["input", "change"];

/** Errors whose texts are for the author of the template. */
const MISTAKES = ["ArgumentError", "NoSuchMethod"];

/** What is known of a node while its call waits: `isAgain` if it was used again. */
const states = new WeakMap();

function argumentsOf(node) {
    return [...attributesOf(node)].filter(({ name }) => name.startsWith(ARGUMENT)).map(({ name, value }) => [name.slice(ARGUMENT.length), value]);
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

async function sendLater(AthenaError, ...given) {
    const { sendFiles } = await demanded(import("../parts/uploads.js"), "../parts/uploads.js", AthenaError);
    return sendFiles(...given);
}

/** Calls the server for the events of one page. */
export class RemoteEvents {
    #page;
    #client;

    /** @param {{AthenaError: Function, RemoteError: Function, ConnectionLost: Function, succeed: Function}} client what it has for applications */
    constructor(page, client) {
        this.#page = page;
        this.#client = client;
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
        const leaves = event.type === "submit" || (event.type === "click" && invoke(node, "matches", LEAVING));
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
        const sent = event.type === "submit" ? contentsOf(node) : null;
        state.isBusy = true;
        if (!isLatest) {
            setAttribute(node, BUSY, "true");
        }
        const over = (result) => {
            state.isBusy = false;
            this.#free(node, result);
            if (state.isAgain) {
                state.isAgain = false;
                this.#send(node, methodName, event, state, isLatest, mayRepeat);
            } else if (isToggle(node)) {
                // The server has said what it is, by rendering it or not.
                groupOf(node).forEach((one) => { one.checked = one.defaultChecked; });
            }
            return result;
        };
        this.#call(node, event, objectID, [methodName, pairs, key])
            .addBoth(over)
            .addCallbacks((result) => this.#answered(node, sent, result), (failure) => this.#failed(node, event, methodName, failure));
    }

    /** Call the method; if the form has files, when these are sent. */
    #call(node, event, objectID, args) {
        const files = event.type === "submit" ? filesOf(node) : [];
        const call = (name, ...rest) => this.#page.callRemote(objectID, name, rest);
        return files.length ? this.#client.succeed(sendLater(this.#client.AthenaError, call, node, files, args)) : call("_athenaEvent", ...args);
    }

    #free(node, result) {
        if (result?.error instanceof this.#client.ConnectionLost) {
            // Not while the person leaves the page: what was sent is not kept as typed.
            setTimeout(() => removeAttribute(node, BUSY));
        } else {
            removeAttribute(node, BUSY);
        }
    }

    /** @param {?Map} sent what was in the fields of a form that was submitted */
    #answered(node, sent, result) {
        clearErrors(node);
        if (result?.errors) {
            showErrors(node, result.errors, sent !== null);
        } else if (sent) {
            resetFields(node, sent);
        }
    }

    #failed(node, event, method, failure) {
        const { error } = failure;
        // They were about what was sent before.
        clearErrors(node);
        const failed = new CustomEvent("athena:failed", { bubbles: true, cancelable: true, detail: { error, method } });
        if (!invoke(node, "dispatchEvent", failed)) {
            return null;
        }
        const isForPerson = error instanceof this.#client.RemoteError && !error.reference && !MISTAKES.includes(error.type);
        if (!isForPerson || !isConnected(node)) {
            // The page shows it, as it does each failure that nothing handles.
            return failure;
        }
        showErrors(node, [["", error.message]], event.type === "submit");
        return null;
    }
}
