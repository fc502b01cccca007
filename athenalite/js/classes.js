/**
 * Finds the classes that the server names: of widgets, and of errors.
 */

import { RemoteError } from "./errors.js";
import { namedAny, whyMissing } from "./modules.js";
import { Map } from "./natives.js";

const widgetClasses = new Map();

/**
 * Have widgets of the class `name` made with `widgetClass`, where that is not what a module of that name exports.
 * @param {string} name
 * @param {new (node: Element, ...initArguments: any[]) => unknown} widgetClass
 */
export function registerClass(name, widgetClass) {
    widgetClasses.set(name, widgetClass);
}

/** The class of this dotted name. @throws {Error} when there is none */
export function findClass(name) {
    const found = widgetClasses.get(name) ?? namedAny(name);
    if (typeof found !== "function") {
        throw new Error(`There is no class ${name}. ${whyMissing(name)}`);
    }
    return found;
}

/** An instance of the class that the server names for its method's error, if one can be made; otherwise `error`. */
function namedError(error) {
    const errorClass = error instanceof RemoteError && error.jsClass ? namedAny(error.jsClass) : undefined;
    try {
        return Object.assign(new errorClass(...error.args), { cause: error });
    } catch {
        // Undefined, or no class that can be made like this.
        return error;
    }
}

/** Have `deferred`, the result of a call, fail with the {@link namedError}. */
export function nameErrors(deferred) {
    return deferred.addErrback((failure) => {
        throw namedError(failure.error);
    });
}
