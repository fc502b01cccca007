/**
 * Events that happen before there are widgets: docs/templates.rst, "Event handlers". {@link opener.js} contains a copy, so that it
 * listens while the client is loading.
 */

/** The attribute with the bindings of a node: `onsubmit=doSay onclick=pick`. */
export const HANDLERS = "data-athena-handlers";
/** What a click on leaves the page, or submits or resets a form. */
export const LEAVING = "a[href],area[href],button,[type=submit],[type=image],[type=reset]";
/** The property of the page's data, an element, that has what {@link keepEarly} returned. */
export const KEPT = Symbol.for("athenalite.kept");

/** Whether one of the nodes of an event's path matches. */
export function pathMatches(path, selector) {
    // That of an element which has no fields, and whatever has become of the global Element.
    const { matches } = document.documentElement;
    // Neither the document nor the window has attributes.
    return path.some((node) => "attributes" in node && matches.call(node, selector));
}

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
            const same = type === "click" ? -1 : kept.findIndex((other) => other.path[0] === path[0] && other.event.type === type);
            if (same >= 0) {
                kept.splice(same, 1);
            }
            kept.push({ event, path, isHeld });
        }, { capture: true, signal: listeners.signal });
    }
    return { kept, stop: () => listeners.abort() };
}
