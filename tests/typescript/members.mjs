/**
 * What the client's exported names really are, as JSON: of each class its methods, static methods, and the fields of an
 * instance. Run by tests/project/test_declarations.py, for comparison with what is declared.
 */

import * as deferred from "../../athenalite/js/deferred.js";
import * as dom from "../../athenalite/js/dom.js";
import * as errors from "../../athenalite/js/errors.js";
import * as classes from "../../athenalite/js/classes.js";
import * as ownwidget from "../../athenalite/js/ownwidget.js";
import * as widget from "../../athenalite/js/widget.js";

const given = {
    FirstError: [{ error: 1 }, 0],
    DeferredList: [[]],
    RemoteError: [{ type: "E", message: "m" }],
    Widget: [{ id: "athena:1", getAttribute: () => "athena:1" }],
};

function isPublic(name) {
    return !name.startsWith("_") && !["constructor", "toString", "name"].includes(name);
}

function functionsOf(owner) {
    return Object.entries(Object.getOwnPropertyDescriptors(owner))
        .filter(([name, { value }]) => isPublic(name) && typeof value === "function")
        .map(([name]) => name);
}

function membersOf(name, exported) {
    if (!/^[A-Z]/.test(name)) {
        return null;
    }
    const superclass = Object.getPrototypeOf(exported.prototype).constructor;
    return {
        methods: functionsOf(exported.prototype).sort(),
        statics: functionsOf(exported).sort(),
        fields: Object.keys(new exported(...(given[name] ?? []))).filter(isPublic).sort(),
        superclass: superclass.name,
    };
}

const all = { ...deferred, ...dom, ...errors, ...classes, ...widget, ...ownwidget };
console.log(JSON.stringify(Object.fromEntries(
    Object.entries(all).map(([name, exported]) => [name, membersOf(name, exported)]))));
