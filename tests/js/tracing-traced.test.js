import assert from "node:assert/strict";
import { test } from "node:test";

import { traceCalls } from "../../athenalite/js/tracing/traced.js";
import { Deferred } from "../../athenalite/js/deferred.js";

const TRACEPARENT = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

/** A page that is traced, in a window with these properties; what its session does. */
function traced(window = {}, properties = {}) {
    const done = [];
    const session = {
        callRemote(...call) {
            done.push(call);
            const result = new Deferred();
            if (call[1] === "_athenaTrace") {
                // A server that does not trace.
                result.errback(new Error("no such method"));
            }
            return result;
        },
        pause: () => done.push("pause"),
        unpause: () => done.push("unpause"),
    };
    const page = { session, ...properties };
    traceCalls(page, window);
    return { session, page, done };
}

test("Without a trace, a call is what it was.", () => {
    for (const { session, done } of [traced(), traced({}, { trace: () => null }), traced({}, { trace: () => ({}) })]) {
        assert.ok(session.callRemote(1, "say", ["a"]) instanceof Deferred);
        assert.deepEqual(done, [[1, "say", ["a"]]]);
    }
});

test("The application's trace goes before the call, in one batch.", () => {
    const { session, page, done } = traced();
    page.trace = () => ({ traceparent: TRACEPARENT });
    session.callRemote(1, "say", ["a"], { b: 1 });
    assert.deepEqual(done, [
        "pause", [0, "_athenaTrace", [TRACEPARENT, null]], [1, "say", ["a"], { b: 1 }], "unpause",
    ]);
});

test("So does that of OpenTelemetry, of the context that is active.", () => {
    const given = [];
    const propagation = {
        inject(context, carrier, setter) {
            given.push(context);
            setter.set(carrier, "traceparent", TRACEPARENT);
            setter.set(carrier, "tracestate", "a=b");
            setter.set(carrier, "baggage", "secret");
        },
    };
    const api = { propagation, context: { active: () => "now" } };
    const { session, done } = traced({ [Symbol.for("opentelemetry.js.api.1")]: api });
    session.callRemote(1, "say");
    assert.deepEqual(given, ["now"]);
    assert.deepEqual(done[1], [0, "_athenaTrace", [TRACEPARENT, "a=b"]]);
});

test("OpenTelemetry without a propagator, or without contexts, has no trace.", () => {
    for (const api of [{}, { propagation: { inject: assert.fail } }, { context: { active: assert.fail } }]) {
        const { session, done } = traced({ [Symbol.for("opentelemetry.js.api.1")]: api });
        session.callRemote(1, "say");
        assert.equal(done.length, 1);
    }
});

test("A call that cannot be made lets the session go on.", () => {
    const { session, page, done } = traced();
    page.trace = () => ({ traceparent: TRACEPARENT });
    const pushed = done.push;
    done.push = (one) => {
        if (one[1] === "say") {
            throw new TypeError("no JSON");
        }
        return pushed.call(done, one);
    };
    assert.throws(() => session.callRemote(1, "say"), TypeError);
    assert.equal(done.at(-1), "unpause");
});
