/**
 * `Nevow.Test.Util.Faker`, for unit tests. Only pages of tests load this module.
 */

// import Divmod

/** Replaces attributes, and restores them when it is stopped. */
Divmod.Class.subclass(Nevow.Test.Util, "Faker").methods(
    function __init__(self) {
        self._fakes = [];
    },

    /** Set `parent[name]`, or the global `name`, until `stop`. @returns `value` */
    function fake(self, name, value, parent = Divmod._global) {
        self._fakes.push([parent, name, Object.getOwnPropertyDescriptor(parent, name)]);
        parent[name] = value;
        return value;
    },

    /** Restore all attributes, the last one first. */
    function stop(self) {
        for (const [parent, name, property] of self._fakes.splice(0).reverse()) {
            if (property) {
                Object.defineProperty(parent, name, property);
            } else {
                delete parent[name];
            }
        }
    });
