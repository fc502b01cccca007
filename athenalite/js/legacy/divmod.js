/**
 * `Divmod` and `Divmod.Inspect`: classes, errors, names and the log, as Athena applications use them.
 *
 * A Divmod class is a constructor function that works with and without `new`; its methods are given the instance as their
 * first argument, and are named by the functions themselves.
 */

import { observeErrors } from "../log.js";
import { declareNamespace, namedAny } from "../modules.js";
import { read } from "../members.js";
import { Set, keysOf } from "../natives.js";

export const Divmod = declareNamespace("Divmod");

/** How many classes, and instances, there have been. The latter is an instance's `__id__`. */
Divmod.__classDebugCounter__ = Divmod.__instanceCounter__ = 0;

// Properties of one class; all others of a class are copied to its subclasses.
const OWN_ATTRIBUTES = new Set(["prototype", "constructor", "__name__"]);

/** A method's function gets `self` explicitly; `this` is the same. */
function asMethod(f) {
    return function (...args) {
        return f.call(this, this, ...args);
    };
}

function setHidden(object, name, value) {
    Object.defineProperty(object, name, { value, writable: true, configurable: true });
}

function subclassOfClass(superClass, nameOrModule, nameInModule) {
    const named = nameInModule === undefined;
    const cls = function (...args) {
        const self = new.target ? this : Object.create(cls.prototype);
        Divmod.__instanceCounter__ += 1;
        self.__id__ = Divmod.__instanceCounter__;
        self.__init__(...args);
        return self;
    };
    cls.prototype = Object.create(superClass.prototype);
    setHidden(cls.prototype, "constructor", cls);
    for (const name of keysOf(superClass)) {
        if (!OWN_ATTRIBUTES.has(name) && superClass[name] !== undefined) {
            cls[name] = superClass[name];
        }
    }
    makeDivmodClass(cls, superClass, named ? nameOrModule : `${nameOrModule.__name__}.${nameInModule}`);
    if (!named) {
        nameOrModule[nameInModule] = cls;
    }
    return cls;
}

/**
 * Give a constructor function the properties of a Divmod class.
 * @param {function} cls its prototype is linked to that of `superClass` already
 * @param {string} [name] the dotted name; without one, a number
 */
export function makeDivmodClass(cls, superClass, name) {
    Divmod.__classDebugCounter__ += 1;
    cls.__name__ = name ?? `#${Divmod.__classDebugCounter__}`;
    Object.defineProperty(cls, "name", { value: cls.__name__, configurable: true });
    setHidden(cls.prototype, "__class__", cls);
    cls.toString = () => `<Class ${cls.__name__}>`;
    cls.subclass = (nameOrModule, nameInModule) => subclassOfClass(cls, nameOrModule, nameInModule);
    cls.subclassOf = (other) => cls === other || cls.prototype instanceof other;
    cls.upcall = (self, methodName, ...args) => {
        const method = superClass.prototype[methodName];
        if (typeof method !== "function") {
            throw new TypeError(`${superClass} has no method ${methodName} for ${cls} to upcall`);
        }
        return method.apply(self, args);
    };
    cls.namedMethods = (functions) => {
        for (const methodName of keysOf(functions)) {
            cls.prototype[methodName] = asMethod(functions[methodName]);
        }
        return cls;
    };
    cls.method = (nameOrFunction, f = nameOrFunction) =>
        cls.namedMethods({ [f === nameOrFunction ? f.name : nameOrFunction]: f });
    cls.methods = (...functions) => {
        for (const f of functions) {
            if (!f.name) {
                Divmod.warn(`A method of ${cls} has no name`, Divmod.Warning);
            }
            cls.method(f);
        }
        return cls;
    };
    return cls;
}

Divmod.Class = function Class() {
    return this instanceof Divmod.Class ? this : Object.create(Divmod.Class.prototype);
};
makeDivmodClass(Divmod.Class, Object, "Divmod.Class").methods(
    function __init__() {});
// Each subclass had one of its own, and this class none to be found by Divmod.Inspect.
setHidden(Divmod.Class.prototype, "toString", function () {
    return `<"Instance" of ${this.__class__.__name__}>`;
});

Divmod.Class.subclass(Divmod, "Error").methods(
    function __init__(self, message) {
        self.message = message;
        self.stack = new Error(message).stack;
    },
    function toString(self) {
        return `${self.name}: ${self.message}`;
    });
// The properties of a native error that error reports use.
Object.defineProperty(Divmod.Error.prototype, "name", {
    configurable: true,
    get() {
        return this.__class__.__name__;
    },
    set(value) {
        Object.defineProperty(this, "name", { value, writable: true, enumerable: true, configurable: true });
    },
});

Divmod.Error.subclass(Divmod, "IndexError");
Divmod.Class.subclass(Divmod, "Warning");
Divmod.Warning.subclass(Divmod, "DeprecationWarning");

/** A place to which events are reported: `{isError, message, error?, channel?, category?}`. */
Divmod.Class.subclass(Divmod, "Logger").methods(
    function __init__(self) {
        self.observers = [];
    },

    /** Call `observer(event)` for each event. @returns a function that removes it */
    function addObserver(self, observer) {
        self.observers.push(observer);
        return () => self._removeObserver(observer);
    },

    function _removeObserver(self, observer) {
        self.observers = self.observers.filter((other) => other !== observer);
    },

    /** Report `event`. An observer that throws is removed, and then the others get its error. */
    function emit(self, event) {
        const errors = [];
        for (const observer of [...self.observers]) {
            try {
                observer(event);
            } catch (error) {
                self._removeObserver(observer);
                errors.push(error);
            }
        }
        errors.forEach((error) => self.err(error, "Log observer caused error, removing."));
    },

    function err(self, error, message = String(error?.message ?? error)) {
        self.emit({ isError: true, error, message });
    },

    function msg(self, message) {
        self.emit({ isError: false, message });
    });

/** The console's observer: writes the message first, and then the error with its stack. */
function logToConsole({ isError, error, message, channel }) {
    if (isError) {
        console.error(message, error instanceof Divmod.Error ? String(error) : error);
    } else {
        console.log(channel ? `[${channel}] ${message}` : message);
    }
}

Object.assign(Divmod, {
    _global: globalThis,
    _location: globalThis.location ? String(globalThis.location) : "",
    debugging: false,
    namedAny,
    logger: new Divmod.Logger(),

    err(error, message) {
        Divmod.logger.err(error, message);
    },

    msg(message) {
        Divmod.logger.msg(message);
    },

    debug(channel, message) {
        Divmod.logger.emit({ isError: false, message, debug: true, channel });
    },

    warn(message, category) {
        Divmod.logger.emit({ isError: false, message, category, channel: "warning" });
    },

    baseURL() {
        return globalThis.document ? read(document, "baseURI") : Divmod._location;
    },

    /** The names of all properties of `object`, inherited or not. */
    dir(object) {
        return Divmod.vars(object).map(([name]) => name);
    },

    /** `[name, value]` of all properties of `object`. */
    vars(object) {
        const result = [];
        for (const name in object) {
            result.push([name, object[name]]);
        }
        return result;
    },

    max(a, b) {
        return a >= b ? a : b;
    },

    /** An object of two arrays of equal length. @throws {Error} when they are not */
    objectify(keys, values) {
        if (keys.length !== values.length) {
            throw Error("Lengths of keys and values must be the same.");
        }
        return Object.fromEntries(keys.map((key, index) => [key, values[index]]));
    },

    /** Whether the arrays have the same elements, and no element, at the same places. */
    arraysEqual(a, b) {
        return Array.isArray(a) && Array.isArray(b) && a.length === b.length
            && [...a.keys()].every((index) => a[index] === b[index] && index in a === index in b);
    },
});
Divmod.log = Divmod.debug;
Divmod.logger.addObserver(logToConsole);
observeErrors((error, message) => Divmod.err(error, message));

/** Information about a class. */
Divmod.Inspect = {
    __name__: "Divmod.Inspect",

    /** The sorted names of the methods of a class, inherited ones included. @throws {Error} when it is no class */
    methods(cls) {
        if (typeof cls !== "function" || !(cls.prototype instanceof Divmod.Class || cls === Divmod.Class)) {
            throw new Error("Only classes have methods.");
        }
        const names = Divmod.dir(cls.prototype).filter((name) => typeof cls.prototype[name] === "function");
        return (cls === Divmod.Class || names.includes("toString") ? names : [...names, "toString"]).sort();
    },
};
