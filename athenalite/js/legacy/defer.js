/** `Divmod.Defer`: the core's Deferreds as Divmod classes, and failures with their stacks. */

import {
    AlreadyCalledError, Deferred, DeferredList, Failure, FirstError, afterAwait, fail, gatherResults, isUnhandled, observeFailures, succeed,
} from "../deferred.js";
import { createElement } from "../dom.js";
import { ConnectionLost } from "../errors.js";
import { Divmod, makeDivmodClass } from "./divmod.js";

function adopt(module, name, constructor, superClass, init) {
    Object.defineProperty(constructor.prototype, "__init__", { configurable: true, writable: true, value: init });
    module[name] = makeDivmodClass(constructor, superClass, `${module.__name__}.${name}`);
}

/** Adopt a constructor function of the core, so that it can be subclassed in either way. */
function adoptConstructor(module, constructor, superClass) {
    adopt(module, constructor.name, constructor, superClass, function (...args) {
        constructor.apply(this, args);
    });
}

/** Adopt an error class of the core: it has its dotted name, works without `new`, and can be subclassed in either way. */
export function adoptError(module, name, errorClass) {
    // Only a function can be called without `new`. The core's class stays as it is.
    const adopted = function (...args) {
        return Reflect.construct(errorClass, args, new.target ?? adopted);
    };
    adopted.prototype = errorClass.prototype;
    adopt(module, name, adopted, Object.getPrototypeOf(errorClass), function (...args) {
        Object.defineProperties(this, Object.getOwnPropertyDescriptors(new errorClass(...args)));
    });
}

Divmod.Defer = { __name__: "Divmod.Defer", succeed, fail, gatherResults };
adoptConstructor(Divmod.Defer, Failure, Object);
adoptConstructor(Divmod.Defer, Deferred, Object);
adoptConstructor(Divmod.Defer, DeferredList, Deferred);
adoptError(Divmod.Defer, "AlreadyCalledError", AlreadyCalledError);
adoptError(Divmod.Defer, "FirstError", FirstError);

// Reported a little later than Athena did, because an errback that is added in the same task handles the failure. The loss of the
// page is not reported.
observeFailures((failure, deferred) => afterAwait(() => {
    const { error } = failure;
    const lost = error instanceof ConnectionLost || error?.cause instanceof ConnectionLost;
    if (isUnhandled(failure, deferred) && !lost) {
        Divmod.err(error, `Possibly unhandled error in Deferred: ${error}`);
    }
}));

// "    at name (url:line:column)" in V8, "name@url:line:column" in the others.
const V8_FRAME = /^\s*at (?:(.*?) \()?(.*?):(\d+)(?::\d+)?\)?$/;
const OTHER_FRAME = /^(.*?)@(.*?):(\d+)(?::\d+)?$/;

Failure.methods(
    /** The frames of the error's stack, `{func, fname, lineNumber}`, the most recent last. */
    function parseStack(self) {
        const frames = [];
        for (const line of String(self.error?.stack ?? "").split("\n")) {
            const match = V8_FRAME.exec(line) ?? OTHER_FRAME.exec(line);
            if (match) {
                frames.push({ func: match[1] ?? "", fname: match[2], lineNumber: Number(match[3]) });
            }
        }
        return frames.reverse();
    },

    /** The frames of {@link parseStack} that are the application's own. */
    function filteredParseStack(self) {
        return self.parseStack().filter(({ fname }) => !/\/athenalite(-\w+)?\.js$/.test(fname));
    },

    /** One frame of {@link parseStack}, in two lines. */
    function frameToPrettyText(self, { func, fname, lineNumber }) {
        return `  Function "${func}":\n    ${fname}:${lineNumber}`;
    },

    /** The error and the frames of its stack, or these, each by `frameToPrettyText`. */
    function toPrettyText(self, frames = self.parseStack()) {
        const lines = frames.map((frame) => self.frameToPrettyText(frame));
        return ["Traceback (most recent call last):", ...lines, String(self.error)].join("\n");
    },

    /** A node with that text; without a stack, with the failure's own. */
    function toPrettyNode(self, frames) {
        return createElement(document, "pre", {}, self.error?.stack ? self.toPrettyText(frames) : String(self));
    });
