/** The methods of forms that templates have handlers for. */

import { getAttribute, removeAttribute, setAttribute } from "./natives.js";

/** A form's own `method`, which the server replaced by one that submits nothing before there are handlers. */
export const METHOD = "data-athena-method";

/** Give a form its own method back. */
export function restoreMethod(form) {
    const method = getAttribute(form, METHOD);
    removeAttribute(form, METHOD);
    if (getAttribute(form, "method") === "dialog") {
        if (method) {
            setAttribute(form, "method", method);
        } else {
            removeAttribute(form, "method");
        }
    }
}
