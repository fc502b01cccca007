/** `Divmod.Base`: JSON, adapters, and stacks of functions in one attribute. */

import { jsonValue } from "../json.js";
import { writeJSON } from "../jsontext.js";
import { Divmod } from "./divmod.js";

const Base = Divmod.Base = { __name__: "Divmod.Base" };

/** No adapter accepts the value. */
Divmod.Error.subclass(Base, "NotFound");

/** Adapters; the first that accepts a value is used. */
Divmod.Class.subclass(Base, "AdapterRegistry").methods(
    function __init__(self) {
        self.pairs = [];
    },

    /**
     * @param {string} name to unregister it by
     * @param {function(...*): boolean} check whether it accepts these values
     * @param {function(...*): *} wrap adapts them
     * @param {boolean} override use it before all others
     */
    function register(self, name, check, wrap, override) {
        self.pairs[override ? "unshift" : "push"]([name, check, wrap]);
    },

    /** @throws {Divmod.Base.NotFound} when no adapter accepts these values */
    function match(self, ...values) {
        for (const [, check, wrap] of self.pairs) {
            if (check.apply(self, values)) {
                return wrap.apply(self, values);
            }
        }
        throw Base.NotFound("No adapter takes the value.");
    },

    /** @returns {boolean} whether there was one of this name */
    function unregister(self, name) {
        const index = self.pairs.findIndex((pair) => pair[0] === name);
        if (index >= 0) {
            self.pairs.splice(index, 1);
        }
        return index >= 0;
    });

Base.jsonRegistry = Base.AdapterRegistry();

/** Send values for which `check(value)` is true as `wrap(value)`. */
Base.registerJSON = (name, check, wrap, override) => Base.jsonRegistry.register(name, check, wrap, override);

/** The value to send for `value`: an adapter's, or itself. */
export function adaptToJSON(value) {
    if (typeof value !== "object" || value === null) {
        return value;
    }
    const pair = Base.jsonRegistry.pairs.find(([, check]) => check.call(Base.jsonRegistry, value));
    return pair ? pair[2].call(Base.jsonRegistry, value) : value;
}

/** The JSON of `value`, as it would be sent, with Athena's separator. @throws {TypeError} when it has none */
Base.serializeJSON = (value) => writeJSON(jsonValue(value, "value", 0, adaptToJSON), ", ");

/** A JavaScript literal of the text. */
Base.reprString = (text) => writeJSON(String(text));

/** A function that calls all of its `callStack`, until one returns false. */
function makeCallStack(target, path, once) {
    const callAll = function (...args) {
        for (const f of [...callAll.callStack]) {
            if (f.apply(target, args) === false) {
                break;
            }
        }
        if (once) {
            target[path] = null;
        }
    };
    callAll.callStack = [];
    return callAll;
}

/**
 * Call `f` when `target[path]` is called, after the functions that are there, unless one returns false.
 * @param {boolean} once empty `target[path]` after it has been called
 */
Base.addToCallStack = (target, path, f, once) => {
    const existing = target[path];
    if (!Array.isArray(existing?.callStack)) {
        target[path] = makeCallStack(target, path, once);
        if (typeof existing === "function") {
            target[path].callStack.push(existing);
        }
    }
    target[path].callStack.push(f);
};

/** @deprecated use `Divmod.Runtime.theRuntime.addLoadEvent` */
Base.addLoadEvent = (f) => Divmod.Runtime.theRuntime.addLoadEvent(f);
