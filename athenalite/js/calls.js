/**
 * Calls in both directions, each answered exactly once.
 *
 * RemoteCalls is a table of the calls whose answers this side awaits; LocalCalls runs what the server asks for, and
 * whatever comes of it, a value, a Deferred, a Promise, or anything that JavaScript can throw, is one answer.
 */
import { Deferred, Failure } from "./deferred.js";
import { MessageTooLarge, NoSuchMethod, ProtocolError, RemoteError } from "./errors.js";
import { applyMade, byteLength, encodeError, encodeResult } from "./wire.js";

/** The calls that the server has been asked to answer, by number. */
export class RemoteCalls {
    #outstanding = new Map();

    /** @param {function(Error, string)} log told of failures that no call waits for */
    constructor(log) {
        this.log = log;
    }

    get size() {
        return this.#outstanding.size;
    }

    /** The call `number` is on its way; `deferred` is to be fired with its answer. */
    callSent(number, deferred) {
        this.#outstanding.set(number, deferred);
    }

    /**
     * Fire the call's Deferred; its callbacks have run when this returns.
     * @param message a decoded `respond`
     * @param findClass as {@link applyMade} needs it
     * @throws {ProtocolError} for an answer that nobody asked for
     */
    responseReceived({ number, success, value, made }, findClass) {
        const deferred = this.#outstanding.get(number);
        this.#outstanding.delete(number);
        if (!deferred && success) {
            throw new ProtocolError("a response to no call");
        } else if (!deferred) {
            this.log(remoteError(value), "A call that nobody waits for failed on the server");
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
        for (const deferred of outstanding) {
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
    return new RemoteError(error);
}

/** Runs the server's calls, and says one answer to each. */
export class LocalCalls {
    /**
     * @param {object} options
     * @param {function(number, string): function} options.locate finds a method by the number of its object and its
     *     name, as a function of the call's arguments alone; throws NoSuchMethod if there is none
     * @param {function(string)} options.findClass as {@link applyMade} needs it
     * @param {function(number, string)} options.respond takes the number of a call and the message that answers it
     * @param {function} options.adapt as {@link encodeCall} takes it
     * @param {number} options.maxMessageSize in bytes
     */
    constructor(options) {
        this.options = options;
    }

    /**
     * Run it. Never throws: whatever the method does becomes its answer, and costs no other call anything.
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

    #run({ objectID, methodName, args, kwargs, made }) {
        const method = this.options.locate(objectID, methodName);
        const given = applyMade(args, made, this.options.findClass);
        return Object.keys(kwargs).length ? method(...given, kwargs) : method(...given);
    }
}

/** The one answer to one call. */
class Answer {
    constructor(number, wanted, options) {
        this.number = number;
        this.wanted = wanted;
        this.options = options;
    }

    /** Answer with `result`, or with what a Deferred or a Promise comes to. */
    settle(result) {
        if (result instanceof Deferred) {
            result.addCallbacks((value) => this.succeeded(value), (failure) => this.failed(failure));
        } else if (isPromise(result)) {
            // Whatever a thenable does, a Promise made of it settles once.
            Promise.resolve(result).then((value) => this.succeeded(value), (error) => this.failed(error));
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
            this.options.respond(this.number, encodeError(this.number, { type: name, message }));
        }
    }

    respond(text) {
        if (byteLength(text) > this.options.maxMessageSize) {
            throw this.tooLarge("result");
        }
        this.options.respond(this.number, text);
    }

    tooLarge(what) {
        const { maxMessageSize } = this.options;
        return new MessageTooLarge(`the ${what} is larger than the ${maxMessageSize} bytes that the server takes`);
    }
}

function isPromise(value) {
    return typeof value?.then === "function";
}

// Enough to find the mistake, and little enough to always be sent.
const MAX_TEXT = { type: 100, message: 1000, stack: 4000 };

/**
 * Whatever was thrown, as an `error` of the protocol. Never throws itself: not for null, not for an object whose every
 * property is a trap.
 * @returns {{type: string, message: string, stack?: string}}
 */
export function describeError(thrown) {
    const error = unwrapped(thrown);
    const described = {
        type: firstText(() => error.name, () => error.__class__.__name__, () => error.constructor.name) ?? "Error",
        message: firstText(() => error.message, () => String(error)) ?? "an error that cannot say what it is",
    };
    const stack = firstText(() => error.stack);
    if (stack) {
        described.stack = stack;
    }
    for (const key of Object.keys(described)) {
        described[key] = described[key].slice(0, MAX_TEXT[key]);
    }
    return described;
}

function unwrapped(thrown) {
    try {
        return thrown instanceof Failure ? thrown.error : thrown;
    } catch {
        // Not even its class can be asked for: a Proxy that was revoked.
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
            // The next one may know.
        }
    }
    return undefined;
}
