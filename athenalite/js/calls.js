/**
 * Calls in both directions, each responded to exactly once.
 *
 * RemoteCalls is a table of the outstanding calls of this side. LocalCalls runs the server's calls: each outcome, a value, a
 * Deferred, a Promise, or anything that JavaScript can throw, is one response.
 */
import { Deferred, Failure, follow } from "./deferred.js";
import { MessageTooLarge, NoSuchMethod, ProtocolError, RemoteError, UnsafeInteger } from "./errors.js";
import { Map, keysOf, settle } from "./natives.js";
import { applyMade, byteLength, encodeError, encodeResult } from "./wire.js";

/** The outstanding calls to the server, by number. */
export class RemoteCalls {
    #outstanding = new Map();

    get size() {
        return this.#outstanding.size;
    }

    /** The call `number`, of `methodName`, is being sent; `deferred` fires with the response to it. */
    callSent(number, deferred, methodName) {
        this.#outstanding.set(number, { deferred, methodName });
    }

    /**
     * Fire the call's Deferred; its callbacks have run when this returns.
     * @param message a decoded `respond`
     * @param findClass as {@link applyMade} needs it
     * @throws {ProtocolError} if `number` is not that of an outstanding call
     */
    responseReceived({ number, success, value, made, unsafe }, findClass) {
        const { deferred, methodName } = this.#outstanding.get(number) ?? {};
        this.#outstanding.delete(number);
        if (!deferred) {
            // Neither may the failure of a `notify` be: the client sends none.
            throw new ProtocolError("a response to no call");
        } else if (unsafe) {
            const cause = success ? undefined : remoteError(value);
            deferred.errback(new UnsafeInteger(`the ${success ? "result" : "error"} of ${methodName}`, unsafe, { cause }));
        } else if (!success) {
            deferred.errback(remoteError(value));
        } else {
            fireMade(deferred, value, made, findClass);
        }
    }

    /** The page is lost: every call fails with `reason`. */
    failAll(reason) {
        const outstanding = [...this.#outstanding.values()];
        this.#outstanding.clear();
        for (const { deferred } of outstanding) {
            deferred.errback(reason);
        }
    }
}

function fireMade(deferred, value, made, findClass) {
    let result;
    try {
        result = applyMade(value, made, findClass);
    } catch (error) {
        deferred.errback(error);
        return;
    }
    deferred.callback(result);
}

function remoteError(error) {
    const [objectID, methodName] = error.args ?? [];
    if (error.type === "NoSuchMethod" && typeof methodName === "string") {
        return new NoSuchMethod(objectID, methodName);
    }
    const made = new RemoteError(error);
    if (typeof error.traceback === "string") {
        // Of debug mode, for the overlay.
        Object.defineProperty(made, "traceback", { value: error.traceback });
    }
    return made;
}

/** Runs the server's calls, and responds to each at most once. */
export class LocalCalls {
    /**
     * @param {object} options
     * @param {function(number, string): function} options.locate finds a method by the number of its object and its
     *     name, as a function of the call's arguments alone; throws NoSuchMethod if there is none
     * @param {function(string)} options.findClass as {@link applyMade} needs it
     * @param {function(number, string)} options.respond sends the second, the response to the call of that number
     * @param {function} options.adapt as {@link encodeCall} takes it
     * @param {number} options.maxMessageSize in bytes
     */
    constructor(options) {
        this.options = options;
    }

    /**
     * Run it. Never throws: what the method returns or throws is the response, and affects no other call.
     * @param {number} number of the message
     * @param message a decoded `call` or `notify`
     */
    callReceived(number, message) {
        const answer = new Answer(number, message.kind === "call", this.options);
        try {
            answer.settle(this.#run(message));
        } catch (error) {
            answer.failed(error);
        }
    }

    #run({ objectID, methodName, args, kwargs, made, unsafe }) {
        const method = this.options.locate(objectID, methodName);
        if (unsafe) {
            throw new UnsafeInteger(`the arguments of ${methodName} (object ${objectID})`, unsafe);
        }
        const given = applyMade(args, made, this.options.findClass);
        return keysOf(kwargs).length ? method(...given, kwargs) : method(...given);
    }
}

/** The one response to one call. */
class Answer {
    #isSent = false;

    constructor(number, wanted, options) {
        this.number = number;
        this.wanted = wanted;
        this.options = options;
    }

    /** Respond with `result`, or with the outcome of a Deferred or a Promise. */
    settle(result) {
        if (result instanceof Deferred) {
            // The widget may return the same Deferred to other calls.
            follow(result, (outcome) => outcome instanceof Failure ? this.failed(outcome) : this.succeeded(outcome));
        } else if (isPromise(result)) {
            // A thenable may call back twice.
            settle(result, (value) => this.succeeded(value), (error) => this.failed(error));
        } else {
            this.succeeded(result);
        }
    }

    succeeded(value) {
        if (!this.wanted) {
            return;
        }
        try {
            this.respond(encodeResult(this.number, value, this.options.adapt));
        } catch (error) {
            this.failed(error);
        }
    }

    failed(error) {
        try {
            this.respond(encodeError(this.number, describeError(error)));
        } catch {
            const { name, message } = this.tooLarge("error");
            this.send(encodeError(this.number, { type: name, message }));
        }
    }

    respond(text) {
        if (byteLength(text) > this.options.maxMessageSize) {
            throw this.tooLarge("result");
        }
        this.send(text);
    }

    send(text) {
        // An error on the way to the socket must not become a second response: the message is kept, and sent later.
        if (!this.#isSent) {
            this.#isSent = true;
            this.options.respond(this.number, text);
        }
    }

    tooLarge(what) {
        const { maxMessageSize } = this.options;
        return new MessageTooLarge(`the ${what} is larger than the ${maxMessageSize} bytes that the server takes`);
    }
}

function isPromise(value) {
    return typeof value?.then === "function";
}

// Enough text to find the mistake, and little enough to be sent in any case.
const MAX_TEXT = { type: 100, message: 1000, stack: 4000 };

/**
 * Describe a thrown value as an `error` of the protocol. Never throws itself: not for null, not for an object whose every
 * property is a trap.
 * @returns {{type: string, message: string, stack?: string}}
 */
export function describeError(thrown) {
    const error = unwrapped(thrown);
    const described = {
        type: firstText(() => error.name, () => error.__class__.__name__, () => error.constructor.name) ?? "Error",
        message: firstText(() => error.message, () => String(error)) ?? "an error without a description",
    };
    const stack = firstText(() => error.stack);
    if (stack) {
        described.stack = stack;
    }
    for (const key of keysOf(described)) {
        described[key] = described[key].slice(0, MAX_TEXT[key]);
    }
    return described;
}

function unwrapped(thrown) {
    try {
        return thrown instanceof Failure ? thrown.error : thrown;
    } catch {
        // A revoked Proxy: even `instanceof` throws.
        return undefined;
    }
}

/** The first text that one of `sources` gives, undefined if none does. */
function firstText(...sources) {
    for (const source of sources) {
        try {
            const text = source();
            if (typeof text === "string" && text !== "") {
                return text;
            }
        } catch {
            // The next source may have one.
        }
    }
    return undefined;
}
