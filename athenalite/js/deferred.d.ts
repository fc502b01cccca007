/**
 * What deferred.js is, to TypeScript. It is written by hand: the constructors there are functions, which can be called
 * without `new`, and the compiler makes no declarations of generic classes of them.
 */

/** A result that comes later, as Twisted has it: its callbacks run at once when it comes. It can be awaited. */
export class Deferred<T = any> implements PromiseLike<T> {
    /** Whether there is, or was, a result. */
    called: boolean;
    /** How often it was paused and not yet unpaused. */
    paused: number;
    /** The result of the last callback that has run. */
    result: T | Failure | undefined;
    addCallbacks<R>(
        callback: ((value: T, ...args: any[]) => R | PromiseLike<R>) | null,
        errback: ((failure: Failure, ...args: any[]) => R | PromiseLike<R>) | null,
        callbackArgs?: unknown[], errbackArgs?: unknown[],
    ): Deferred<R>;
    addCallback<R>(callback: (value: T, ...args: any[]) => R | PromiseLike<R>, ...args: unknown[]): Deferred<R>;
    addErrback<R>(errback: (failure: Failure, ...args: any[]) => R | PromiseLike<R>, ...args: unknown[]): Deferred<T | R>;
    addBoth<R>(callback: (result: T | Failure, ...args: any[]) => R | PromiseLike<R>, ...args: unknown[]): Deferred<R>;
    /** @throws {AlreadyCalledError} */
    callback(result?: T | PromiseLike<T>): void;
    /** @throws {AlreadyCalledError} */
    errback(error: unknown): void;
    pause(): void;
    unpause(): void;
    then<R = T, E = never>(
        onFulfilled?: ((value: T) => R | PromiseLike<R>) | null,
        onRejected?: ((error: any) => E | PromiseLike<E>) | null,
    ): Promise<R | E>;
}

/** Many results as one: `[true, value]` or `[false, failure]` of each. */
export class DeferredList extends Deferred<any> {
    constructor(
        deferreds: Deferred[], fireOnOneCallback?: boolean, fireOnOneErrback?: boolean, consumeErrors?: boolean,
    );
    resultList: ([success: boolean, result: any] | undefined)[];
}

/** What went wrong, on its way through errbacks. `error` is what was thrown. */
export class Failure {
    constructor(error: unknown);
    error: any;
    /** The error when it is an instance of `errorType`, otherwise null. */
    check<E>(errorType: new (...args: any[]) => E): E | null;
}

/** A Deferred that has `result` already. */
export function succeed<T>(result: T): Deferred<T>;
/** A Deferred that has failed already. */
export function fail(error: unknown): Deferred<never>;
/** The result of `f()`, whether it returns, throws, or returns a Deferred or a Promise. */
export function maybeDeferred<T>(f: () => T | PromiseLike<T>): Deferred<T>;
/** The values of all; fails with a {@link FirstError} at the first failure. */
export function gatherResults<T>(deferreds: Deferred<T>[]): Deferred<T[]>;

/** The result of a Deferred was given twice. */
export class AlreadyCalledError extends Error {}
/** The first error of a {@link DeferredList}, of the Deferred at `index` of the list. */
export class FirstError extends Error {
    constructor(err: Failure, index: number);
    err: Failure;
    index: number;
}
