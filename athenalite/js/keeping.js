/** Keeps events that happen before there are widgets. The opener has it, and the client gets what was kept. */

import { HANDLERS, LEAVING, pathMatches } from "./early.js";

/**
 * Keep the events that handlers wait for. Submits, and clicks that would leave the page, are held: they have no effect until they
 * are made again. Others have their usual effect. Of several changes of one field, and submits of one form, the last is kept.
 * @returns {{kept: {event: Event, path: EventTarget[], isHeld: boolean}[], stop: function()}} call `stop` when handlers can be called
 */
export function keepEarly() {
    const kept = [];
    const listeners = new AbortController();
    for (const type of ["click", "submit", "change", "input"]) {
        addEventListener(type, (event) => {
            const path = event.composedPath();
            if (!pathMatches(path, `[${HANDLERS}*="on${type}=" i]`)) {
                return;
            }
            const isHeld = type === "submit" || (type === "click" && pathMatches(path, LEAVING));
            if (isHeld) {
                event.preventDefault();
                event.stopImmediatePropagation();
            }
            const same = kept.findIndex((other) => type !== "click" && other.path[0] === path[0] && other.event.type === type);
            if (same >= 0) {
                kept.splice(same, 1);
            }
            kept.push({ event, path, isHeld });
        }, { capture: true, signal: listeners.signal });
    }
    return { kept, stop: () => listeners.abort() };
}
