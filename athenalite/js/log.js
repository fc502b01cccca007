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

/**
 * Call `report(text)` with the text of this name about a likely mistake, if there is one. Texts are functions of `parts/advice.js`,
 * which is loaded then.
 */
export async function advise(report, name, ...given) {
    let text;
    try {
        text = (await import("./parts/advice.js"))[name](...given);
    } catch {
        text = [name, ...given].join(" ");
    }
    if (text) {
        report(text);
    }
}

/** Run `f`; report an error that it throws, and go on. */
export function isolate(message, f) {
    try {
        f();
    } catch (error) {
        logError(error, message);
    }
}
