/**
 * Shows failures that nothing else shows: a call whose failure nothing handles, and a widget whose node the browser's HTML parser has
 * removed. In debug mode the overlay shows them; see {@link overlay.js}.
 */

import { isUnhandled, observeFailures } from "./deferred.js";
import { widgetNodeID } from "./dom.js";
import { AthenaError, ConnectionLost, MessageTooLarge } from "./errors.js";
import { advise, logError } from "./log.js";
import { invoke } from "./members.js";
import { removeNode } from "./natives.js";
import { closeDialog, showDialog } from "./status.js";
import { textOf } from "./texts.js";

/** The dialog about a failed call; there is one at a time. */
let failureDialog = null;

/** The error of a call that is `error` or has caused it; null if there is none, or if the page is lost, which is shown otherwise. */
export function callErrorIn(error) {
    for (let one = error; one instanceof Error; one = one.cause) {
        if (one instanceof AthenaError) {
            return one instanceof ConnectionLost ? null : one;
        }
    }
    return null;
}

/**
 * Show each failure of a call that nothing handles: a rejected Promise in an `async` method of a widget, or a Deferred that has no
 * errback. An application that shows it otherwise calls `preventDefault()` of the window's event `unhandledrejection`.
 */
export function watchFailures(page, window) {
    window.addEventListener("unhandledrejection", (event) => {
        if (!event.defaultPrevented) {
            showUnhandled(page, event.reason);
        }
    });
    const previous = observeFailures((failure, deferred) => {
        previous(failure, deferred);
        // Widgets in Athena's style add an errback in a task of its own.
        setTimeout(() => {
            if (isUnhandled(failure, deferred)) {
                showUnhandled(page, failure.error);
            }
        }, 0);
    });
}

function showUnhandled(page, reason) {
    const error = callErrorIn(reason);
    if (error === null) {
        return;
    }
    if (page.overlay) {
        page.overlay.callFailed(error);
        return;
    }
    const { document, status } = page;
    const text = (key, values) => textOf(document, status?.texts ?? {}, key, values);
    if (failureDialog) {
        closeDialog(failureDialog);
    }
    failureDialog = showDialog(document, {
        className: "athena-call-failed",
        title: text("unhandled"),
        text: error instanceof MessageTooLarge ? text("large") : error.reference ? text("reference", error) : error.message,
        button: text("close"),
        action: removeNode,
    });
}

/**
 * Report widgets of the document whose nodes are not there.
 * @param page with its `settings.widgets`: the first and the last number of each run
 */
export function reportMissing(page) {
    const { document, settings: { widgets = [] } } = page;
    const missing = [];
    for (let index = 0; index < widgets.length; index += 2) {
        for (let number = widgets[index]; number <= widgets[index + 1]; number += 1) {
            if (!invoke(document, "getElementById", widgetNodeID(number))) {
                missing.push(number);
            }
        }
    }
    if (missing.length) {
        advise((text) => {
            logError(new Error(missing.map(widgetNodeID).join(", ")), text);
            page.report(text, missing);
        }, "aboutMissing");
    }
}
