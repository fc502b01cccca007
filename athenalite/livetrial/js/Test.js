/**
 * `Nevow.Athena.Test.TestCase`: a widget that is a test case. Only pages of tests load this module.
 */

// import Divmod.UnitTest

/**
 * The widget of a Python `TestCase`. Each method whose name begins with `test` is a test, and runs on a page of its own. It
 * may return a Deferred or a Promise, and may call the exposed methods of the Python half. Nothing is run before or after
 * it, whatever it is called.
 */
Nevow.Athena.Widget.subclass(Nevow.Athena.Test, "TestCase").methods(
    function failIf(self, value, message = value) {
        if (value) {
            self.fail(message);
        }
    },

    function failUnless(self, value, message = value) {
        if (!value) {
            self.fail(message);
        }
    },

    /** Assert `a === b`. */
    function assertEqual(self, a, b, message) {
        self.assertIdentical(a, b, message);
    },

    function assertEquals(self, a, b, message) {
        self.assertIdentical(a, b, message);
    },

    function assertNotEqual(self, a, b, message) {
        self.compare((x, y) => x !== y, "===", a, b, message);
    },

    /** Assert that `name in container`. */
    function assertIn(self, name, container, message = `${name} not in ${Divmod.UnitTest.repr(container)}`) {
        self.failUnless(name in container, message);
    },

    /** Assert that two arrays are of the same length, and `compareElements(x, y, message)` of each pair: assertEqual. */
    function assertArraysEqual(self, a, b, compareElements = self.assertEqual.bind(self)) {
        for (const array of [a, b]) {
            self.failUnless(Array.isArray(array), `${array} is not an Array`);
        }
        self.compare((x, y) => x.length === y.length, "!=", a, b);
        a.forEach((element, index) => compareElements(element, b[index], `Element ${index} not equal`));
    },

    /**
     * Assert that `deferred` fails with an error of one of these classes.
     * @returns {Deferred} `deferred`, whose result is that error
     */
    function assertFailure(self, deferred, errorTypes) {
        if (errorTypes.length === 0) {
            throw new Error("Specify at least one error class to assertFailure");
        }
        return deferred.addCallbacks(
            () => self.fail("Deferred called back, expected an errback."),
            (failure) => {
                if (!errorTypes.some((type) => failure.check(type))) {
                    self.fail(`Expected ${errorTypes.map(Divmod.UnitTest.repr)}, got ${failure}`);
                }
                return failure.error;
            });
    },

    /** The names of the tests. `run` is one if there is such a method: old tests have no other. */
    function getTestMethodNames(self) {
        return Divmod.Inspect.methods(self.__class__).filter((name) => name.startsWith("test") || name === "run");
    },

    /**
     * Called by the server: run a test.
     * @returns {Promise} fulfilled when it has passed, within so many seconds; rejected with what it throws, or with any error
     *     on the page that is not caught meanwhile.
     */
    async function _runTest(self, methodName, seconds) {
        const listening = new AbortController();
        let timer;
        const trouble = new Promise((resolve, reject) => {
            const { signal } = listening;
            window.addEventListener("error", (event) => event.error && reject(event.error), { signal });
            window.addEventListener("unhandledrejection", (event) => reject(event.reason), { signal });
            timer = setTimeout(() => {
                // Where it was is no place that anybody would look for.
                const late = Divmod.UnitTest.AssertionError(`${methodName} has not finished after ${seconds} seconds`);
                late.stack = "";
                reject(late);
            }, seconds * 1000);
        });
        const result = Divmod.Defer.succeed(null).addCallback(() => self[methodName]());
        try {
            await Promise.race([result.then(), trouble]);
        } finally {
            clearTimeout(timer);
            listening.abort();
        }
    });

for (const name of ["fail", "assert", "compare", "assertIdentical", "assertThrows"]) {
    Nevow.Athena.Test.TestCase.prototype[name] = Divmod.UnitTest.Assertions.prototype[name];
}
