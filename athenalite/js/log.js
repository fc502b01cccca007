/** Reports errors of code that has no caller to handle them. By default to the console. */

let errorObserver = (error, message) => console.error(message, error);

/**
 * Report an error that reaches no caller.
 * @param {*} error what was thrown
 * @param {string} message what failed
 */
export function logError(error, message) {
    errorObserver(error, message);
}

/** Have `observer(error, message)` called instead. @returns the previous observer */
export function observeErrors(observer) {
    const previous = errorObserver;
    errorObserver = observer;
    return previous;
}

/** Report a likely mistake of the application's author, which stops nothing. */
export function logWarning(message) {
    console.warn(message);
}

/** Run `f`; report an error that it throws, and go on. */
export function isolate(message, f) {
    try {
        f();
    } catch (error) {
        logError(error, message);
    }
}
