/**
 * Deferred: a result that is available later, as in Twisted.
 *
 * Unlike a Promise it is synchronous: a callback runs the moment the result is there, in the task of the event loop that
 * brought it. The protocol's rule that a response's callbacks run before the next message depends on it, and so do
 * widgets written for Athena. It can be awaited, too, and a callback may return a Promise.
 *
 * Everything here can be called with or without `new`, and subclassed with either kind of class.
 */

import { mapped, newPromise, settle } from "./natives.js";

/** The result of a Deferred was given twice. */
export class AlreadyCalledError extends Error {
    name = "AlreadyCalledError";
}

/** The first error of a DeferredList: `err`, a {@link Failure}, of the Deferred at `index` of the list. */
export class FirstError extends Error {
    name = "FirstError";

    constructor(err, index) {
        super(`Deferred ${index} of the list failed: ${err.error}`);
        this.err = err;
        this.index = index;
    }
}

/**
 * A thrown value on its way through a chain of errbacks; `error` is that value.
 * @param {*} error anything; a JavaScript error may be anything
 */
export function Failure(error) {
    const self = this instanceof Failure ? this : Object.create(Failure.prototype);
    self.error = error;
    return self;
}

/** The error when it is an instance of `errorType`, otherwise null. */
Failure.prototype.check = function check(errorType) {
    return this.error instanceof errorType ? this.error : null;
};

Failure.prototype.toString = function toString() {
    return `Failure: ${this.error}`;
};

/** Call `report` when errbacks of this task are added, and an `await` of it, which calls `then` in a microtask, has done that. */
export function afterAwait(report) {
    queueMicrotask(() => queueMicrotask(report));
}

let failureObserver = (failure, deferred) => afterAwait(() => {
    if (isUnhandled(failure, deferred)) {
        console.error(failure.error);
    }
});

/** Whether the chain of `deferred` still ends in `failure`, and nothing waits for it. */
export function isUnhandled(failure, deferred) {
    return deferred.result === failure && deferred._followed !== failure;
}

/**
 * Have `observer(failure, deferred)` called each time a chain ends in a failure that no errback has handled (yet).
 * @returns the previous observer; by default one that writes failures to the console that are unhandled after two microtasks
 */
export function observeFailures(observer) {
    const previous = failureObserver;
    failureObserver = observer;
    return previous;
}

/** A result that is not available yet. Its creator must fire it, once, with `callback` or `errback`. */
export function Deferred() {
    const self = this instanceof Deferred ? this : Object.create(Deferred.prototype);
    self.called = false;
    self.paused = 0;
    self.result = undefined;
    self._callbacks = [];
    self._running = false;
    return self;
}

Object.assign(Deferred.prototype, {
    /**
     * Have one of two functions called with the result, at once if it is available: `callback(value, ...callbackArgs)`, or
     * `errback(failure, ...errbackArgs)`. What it returns is the result of the next in the chain; what it throws, the
     * failure of the next. A returned Deferred or Promise is waited for. Either may be null, to pass the result on.
     * @returns {Deferred} this Deferred
     */
    addCallbacks(callback, errback, callbackArgs = [], errbackArgs = []) {
        this._callbacks.push([callback, callbackArgs || [], errback, errbackArgs || []]);
        if (this.called) {
            runCallbacks(this);
        }
        return this;
    },

    /** {@link addCallbacks} for a value only: `callback(value, ...args)`. */
    addCallback(callback, ...args) {
        return this.addCallbacks(callback, null, args);
    },

    /** {@link addCallbacks} for a failure only: `errback(failure, ...args)`. To return anything else recovers. */
    addErrback(errback, ...args) {
        return this.addCallbacks(null, errback, [], args);
    },

    /** {@link addCallbacks} with one function for both: `callback(valueOrFailure, ...args)`. */
    addBoth(callback, ...args) {
        return this.addCallbacks(callback, callback, args, args);
    },

    /** Give the result. @throws {AlreadyCalledError} when there is one already */
    callback(result) {
        if (this.called) {
            throw new AlreadyCalledError("This Deferred has its result already.");
        }
        this.called = true;
        this.result = result;
        if (isThenable(result)) {
            waitFor(this, result);
        } else {
            runCallbacks(this);
        }
    },

    /** Give an error, or a {@link Failure}, as the result. @throws {AlreadyCalledError} when there is one already */
    errback(error) {
        this.callback(asFailure(error));
    },

    /** Run no callbacks until as many calls of `unpause`. */
    pause() {
        this.paused += 1;
    },

    unpause() {
        this.paused -= 1;
        if (this.called) {
            runCallbacks(this);
        }
    },

    /**
     * What `await` calls: a Promise of the result as it is at this place of the chain, rejected with the error itself.
     * A failure counts as handled by this.
     */
    then(onFulfilled, onRejected) {
        return newPromise((resolve, reject) => {
            follow(this, (result) => {
                if (result instanceof Failure) {
                    reject(result.error);
                } else {
                    resolve(result);
                }
            });
        }).then(onFulfilled, onRejected);
    },
});

function asFailure(error) {
    return error instanceof Failure ? error : new Failure(error);
}

export function isThenable(value) {
    return value !== null && (typeof value === "object" || typeof value === "function") && typeof value.then === "function";
}

/** Pause `deferred` until `thenable`, another Deferred or a Promise, has a result, and make that its own. */
function waitFor(deferred, thenable) {
    const proceed = (result) => {
        deferred.result = result;
        deferred.unpause();
    };
    deferred.pause();
    if (thenable instanceof Deferred) {
        thenable.addBoth(proceed);
    } else {
        settle(thenable, proceed, (error) => proceed(asFailure(error)));
    }
}

function runOne(deferred, [callback, callbackArgs, errback, errbackArgs]) {
    const failed = deferred.result instanceof Failure;
    const [f, args] = failed ? [errback, errbackArgs] : [callback, callbackArgs];
    if (!f) {
        return;
    }
    try {
        deferred.result = f(deferred.result, ...args);
        if (isThenable(deferred.result)) {
            waitFor(deferred, deferred.result);
        }
    } catch (error) {
        deferred.result = asFailure(error);
    }
}

function runCallbacks(deferred) {
    // A callback that adds another to the same chain must be over before the other runs.
    if (deferred._running || deferred.paused > 0) {
        return;
    }
    deferred._running = true;
    while (deferred._callbacks.length && deferred.paused === 0) {
        runOne(deferred, deferred._callbacks.shift());
    }
    deferred._running = false;
    if (deferred.paused === 0 && deferred.result instanceof Failure && isUnhandled(deferred.result, deferred)) {
        failureObserver(deferred.result, deferred);
    }
}

/**
 * Call `fired` with the result of `deferred`, or its {@link Failure}, and leave the result as it is for others that wait for
 * the same Deferred. A failure counts as handled.
 */
export function follow(deferred, fired) {
    deferred.addBoth((result) => {
        deferred._followed = result;
        fired(result);
        return result;
    });
}

/** A Deferred that has `result` already. */
export function succeed(result) {
    const deferred = new Deferred();
    deferred.callback(result);
    return deferred;
}

/** A Deferred that has failed already, with an error or a {@link Failure}. */
export function fail(error) {
    const deferred = new Deferred();
    deferred.errback(error);
    return deferred;
}

/** The result of `f()` as a Deferred, whether it returns, throws, or returns a Deferred or a Promise. */
export function maybeDeferred(f) {
    return succeed(undefined).addCallback(f);
}

/**
 * Many results as one: an array of `[true, value]` or `[false, failure]` in the order of `deferreds`, once all are there.
 * @param {Deferred[]} deferreds
 * @param {boolean} fireOnOneCallback fire with `[value, index]` of the first value instead
 * @param {boolean} fireOnOneErrback fail with a {@link FirstError} at the first failure instead
 * @param {boolean} consumeErrors leave no failure behind in the chains of `deferreds`
 */
export function DeferredList(deferreds, fireOnOneCallback, fireOnOneErrback, consumeErrors) {
    const self = this instanceof DeferredList ? this : Object.create(DeferredList.prototype);
    Deferred.call(self);
    self.resultList = mapped(deferreds, () => undefined);
    let missing = deferreds.length;
    const settled = (result, index) => {
        const success = !(result instanceof Failure);
        self.resultList[index] = [success, result];
        missing -= 1;
        if (!self.called) {
            if (success && fireOnOneCallback) {
                self.callback([result, index]);
            } else if (!success && fireOnOneErrback) {
                self.errback(new FirstError(result, index));
            } else if (missing === 0) {
                self.callback(self.resultList);
            }
        }
        return success || !consumeErrors ? result : null;
    };
    if (missing === 0 && !fireOnOneCallback) {
        self.callback(self.resultList);
    }
    mapped([...deferreds], (deferred, index) => deferred.addBoth(settled, index));
    return self;
}

DeferredList.prototype = Object.create(Deferred.prototype, {
    constructor: { value: DeferredList, writable: true, configurable: true },
});

/** The values of all `deferreds` as an array; fails with a {@link FirstError} at the first failure. */
export function gatherResults(deferreds) {
    return new DeferredList(deferreds, false, true, false)
        .addCallback((results) => mapped(results, ([, value]) => value));
}
