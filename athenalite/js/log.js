/** Where the client says what went wrong in code that nobody waits for. By default that is the console. */

let errorObserver = (error, message) => console.error(message, error);

/**
 * Report an error that has no caller to go to.
 * @param {*} error what was thrown
 * @param {string} message what was being done
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

/** Run `f`; what it throws is reported, and stops nothing else. */
export function isolate(message, f) {
    try {
        f();
    } catch (error) {
        logError(error, message);
    }
}
