/**
 * Event bindings of templates: an attribute `data-athena-handlers="onsubmit=doSay onclick=pick"` has the named methods of
 * the widget around the node called.
 *
 * They are bound as DOM properties (`node.onsubmit`), which a Content-Security-Policy allows and which other code can
 * call, and as soon as there is a document: an event that comes before the widget exists must wait, not submit the form.
 */

const DEFAULT_ACTION_WAITS = new Set(["onsubmit", "onclick"]);

/**
 * Bind the events of `elements`.
 * @param {Element[]} elements
 * @param {function(Element, string, string, Event): *} dispatch called with the node, the event's name ("onclick"), the
 *     method's name and the event; its result is the DOM's: false prevents the default action
 * @param {Deferred} ready fires (with undefined) when there are widgets to call. Until then submits and clicks are
 *     put off, other events take their course.
 */
export function bindEvents(elements, dispatch, ready) {
    for (const node of elements) {
        const bindings = node.getAttribute("data-athena-handlers") || "";
        for (const [, eventName, methodName] of bindings.matchAll(/(?<!\S)(on\w+)=(\S+)/g)) {
            node[eventName] = (event) => {
                const run = () => dispatch(node, eventName, methodName, event);
                if (ready.called) {
                    return run();
                }
                if (DEFAULT_ACTION_WAITS.has(eventName)) {
                    ready.addCallback(() => void run());
                    return false;
                }
                return undefined;
            };
        }
    }
}
