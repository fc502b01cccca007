/** Tells the server of which trace a call is: that of the application, or that of OpenTelemetry where the page has it. */

/** Where `@opentelemetry/api` keeps what the page has set, in any bundle. */
const OPENTELEMETRY = Symbol.for("opentelemetry.js.api.1");
const TRACE_FIELDS = ["traceparent", "tracestate"];

/**
 * Have each call of `page` preceded by one that names its trace, if it has one.
 *
 * `page.trace()`, if the application sets it, returns the trace of the call that is made: an object with W3C's `traceparent` and, if
 * there is one, `tracestate`; or nothing.
 * @param {Page} page
 * @param {Window} target has OpenTelemetry's interface
 */
export function traceCalls(page, target) {
    const { session } = page;
    const callRemote = session.callRemote.bind(session);
    page.trace ??= () => traceOf(target[OPENTELEMETRY]);
    session.callRemote = (...call) => {
        const given = page.trace();
        if (!given?.traceparent) {
            return callRemote(...call);
        }
        // One batch; and no call comes between the two.
        session.pause();
        try {
            callRemote(0, "_athenaTrace", TRACE_FIELDS.map((name) => given[name] ?? null)).addErrback(() => null);
            return callRemote(...call);
        } finally {
            session.unpause();
        }
    };
}

/** @returns {object} what OpenTelemetry's propagator writes into the headers of a request */
function traceOf(api) {
    const carrier = {};
    if (api?.propagation && api.context) {
        api.propagation.inject(api.context.active(), carrier, { set: (into, name, value) => { into[name] = value; } });
    }
    return carrier;
}
