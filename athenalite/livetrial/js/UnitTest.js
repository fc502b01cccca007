/**
 * What tests assert with: those of `Nevow.Athena.Test.TestCase`, which run as tests of their own, and those of
 * `Divmod.UnitTest.TestCase`, which need no page.
 *
 * Only pages of tests load this module.
 */

// import Divmod
// import Divmod.Defer
// import Divmod.Inspect
// import Nevow.Athena.OwnPage

Divmod.Error.subclass(Divmod.UnitTest, "AssertionError").methods(
    function toString(self) {
        return `AssertionError: ${self.message}`;
    });
Object.defineProperty(Divmod.UnitTest.AssertionError.prototype, "name", { value: "AssertionError" });

// Between a test and what its assertion throws there are more functions than Chromium notes by default.
Error.stackTraceLimit = 50;

/** A text that shows what `value` is. */
Divmod.UnitTest.repr = (value) => {
    if (typeof value === "string") {
        return JSON.stringify(value);
    }
    if (typeof value === "function") {
        return value.__name__ ?? value.name ?? String(value);
    }
    if (Array.isArray(value)) {
        return `[${value.map(Divmod.UnitTest.repr).join(", ")}]`;
    }
    return String(value);
};

Divmod.Class.subclass(Divmod.UnitTest, "TestResult").methods(
    function __init__(self) {
        self.testsRun = 0;
        self.successes = [];
        /** Pairs of a test and what it threw: failed assertions, and anything else. */
        self.failures = [];
        self.errors = [];
    },

    function startTest(self, test) {
        self.testsRun += 1;
    },

    function stopTest(self, test) {},

    function addSuccess(self, test) {
        self.successes.push(test);
    },

    function addFailure(self, test, failure) {
        self.failures.push([test, failure]);
    },

    function addError(self, test, error) {
        self.errors.push([test, error]);
    },

    /** `[tests run, failures, errors]` */
    function getSummary(self) {
        return [self.testsRun, self.failures.length, self.errors.length];
    },

    function wasSuccessful(self) {
        return self.failures.length === 0 && self.errors.length === 0;
    });

Divmod.Class.subclass(Divmod.UnitTest, "TestSuite").methods(
    function __init__(self, tests = []) {
        self.tests = [...tests];
    },

    function addTest(self, test) {
        self.tests.push(test);
    },

    function addTests(self, tests) {
        self.tests.push(...tests);
    },

    function countTestCases(self) {
        return self.tests.reduce((count, test) => count + test.countTestCases(), 0);
    },

    /** Have `visitor(test)` called for each test. */
    function visit(self, visitor) {
        self.tests.forEach((test) => test.visit(visitor));
    },

    function run(self, result) {
        self.visit((test) => test.run(result));
    });

/** What either kind of test asserts with. Each throws an AssertionError, to which `message` is added. */
Divmod.Class.subclass(Divmod.UnitTest, "Assertions").methods(
    function fail(self, message) {
        throw Divmod.UnitTest.AssertionError(message);
    },

    function assert(self, expression, message = "not true") {
        if (!expression) {
            self.fail(message);
        }
    },

    /** Assert `predicate(a, b)`; `description` stands between the two if that is not so. */
    function compare(self, predicate, description, a, b, message) {
        if (!predicate(a, b)) {
            const { repr } = Divmod.UnitTest;
            self.fail(`${repr(a)} ${description} ${repr(b)}${message === undefined ? "" : `: ${message}`}`);
        }
    },

    function assertIdentical(self, a, b, message) {
        self.compare((x, y) => x === y, "!==", a, b, message);
    },

    /** @returns what `callable(...args)` throws, which must be an instance of `expectedError` */
    function assertThrows(self, expectedError, callable, ...args) {
        try {
            callable(...args);
        } catch (error) {
            self.assert(error instanceof expectedError, `Wrong error type thrown: ${error}`);
            return error;
        }
        return self.fail("Callable threw no error.");
    });

/** Call `f()`. @returns whether it has not thrown; otherwise `failed(error)` was called */
Divmod.UnitTest._attempt = (f, failed) => {
    try {
        f();
        return true;
    } catch (error) {
        failed(error);
        return false;
    }
};

Divmod.UnitTest.Assertions.subclass(Divmod.UnitTest, "TestCase").methods(
    function __init__(self, methodName) {
        self._methodName = methodName;
    },

    function id(self) {
        return `${self.__class__.__name__}.${self._methodName}`;
    },

    function countTestCases() {
        return 1;
    },

    function visit(self, visitor) {
        visitor(self);
    },

    function assertArraysEqual(self, a, b, message) {
        self.compare(Divmod.arraysEqual, "!=", a, b, message);
    },

    /** Called before the test. */
    function setUp() {},

    /** Called after it, if setUp did not throw. */
    function tearDown() {},

    function run(self, result) {
        result.startTest(self);
        const { _attempt } = Divmod.UnitTest;
        const addError = (error) => result.addError(self, error);
        if (_attempt(() => self.setUp(), addError)) {
            const passed = _attempt(() => self[self._methodName](), (error) => {
                const failed = error instanceof Divmod.UnitTest.AssertionError;
                result[failed ? "addFailure" : "addError"](self, error);
            });
            if (_attempt(() => self.tearDown(), addError) && passed) {
                result.addSuccess(self);
            }
        }
        result.stopTest(self);
    });

Object.assign(Divmod.UnitTest, {
    isTestCaseClass: (value) => Boolean(value?.subclassOf?.(Divmod.UnitTest.TestCase)),

    /** All tests of a class. */
    loadFromClass(testClass) {
        const names = Divmod.Inspect.methods(testClass).filter((name) => name.startsWith("test_"));
        return Divmod.UnitTest.TestSuite(names.map((name) => testClass(name)));
    },

    /** "PASSED (tests=3)", or "FAILED (tests=3, errors=1, failures=1)". */
    formatSummary({ testsRun, errors, failures }) {
        const counts = [["tests", testsRun], ["errors", errors.length], ["failures", failures.length]];
        const shown = counts.filter(([name, count]) => count || name === "tests").map(([name, count]) => `${name}=${count}`);
        return `${shown.length > 1 ? "FAILED" : "PASSED"} (${shown.join(", ")})`;
    },

    /** A text about one test; `kind` is "ERROR" or "FAILURE". */
    formatError(kind, test, error) {
        const failure = Divmod.Defer.Failure(error);
        const frames = failure.filteredParseStack().filter(({ fname }) => !fname.endsWith("/Divmod.UnitTest.js"));
        return `[${kind}] ${test.id()}: ${error?.message}\n${failure.toPrettyText(frames)}\n`;
    },

    /** A text with all that has failed. */
    formatErrors(result) {
        return [
            ...result.errors.map((one) => Divmod.UnitTest.formatError("ERROR", ...one)),
            ...result.failures.map((one) => Divmod.UnitTest.formatError("FAILURE", ...one)),
        ].join("");
    },

    /** Run a test, or a suite, and write the outcome to the log. */
    run(test) {
        const result = Divmod.UnitTest.TestResult();
        test.run(result);
        Divmod.msg(Divmod.UnitTest.formatErrors(result) + Divmod.UnitTest.formatSummary(result));
    },

    /** All tests of the classes of a module. */
    loadFromModule(testModule) {
        const classes = Object.values(testModule).filter(Divmod.UnitTest.isTestCaseClass);
        return Divmod.UnitTest.TestSuite(classes.map(Divmod.UnitTest.loadFromClass));
    },
});
