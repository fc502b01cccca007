// import Nevow.Athena.Test
// import Nevow.Test.WidgetUtil

Divmod.UnitTest.TestCase.subclass(LiveThing.Assertions, "UnitTests").methods(
    function setUp(self) {
        self.isSetUp = true;
    },

    function tearDown(self) {
        if (self._methodName === "test_tearDown") {
            throw new Error("thrown by tearDown");
        }
    },

    function test_passes(self) {
        self.assert(self.isSetUp);
        self.assertArraysEqual([1, "x"], [1, "x"]);
        self.assertIdentical(null, null);
    },

    function test_fails(self) {
        self.assertArraysEqual([1, "x"], [1], "a message");
    },

    function test_throws(self) {
        throw new TypeError("thrown by the test");
    },

    function test_tearDown() {},

    function helper(self) {
        self.fail("this is no test");
    });

Nevow.Athena.Test.TestCase.subclass(LiveThing.Assertions, "AssertionTests").methods(
    /** Assert that `f` fails as an assertion does, with a message. */
    function assertFails(self, message, f) {
        self.assertEqual(self.assertThrows(Divmod.UnitTest.AssertionError, f).message, message);
    },

    function test_truth(self) {
        self.assert(1);
        self.failUnless("x");
        self.failIf("");
        self.assertFails("not true", () => self.assert(0));
        self.assertFails("a message", () => self.failUnless(null, "a message"));
        self.assertFails("x", () => self.failIf("x"));
        self.assertFails("a reason", () => self.fail("a reason"));
    },

    function test_equality(self) {
        self.assertEqual("a", "a");
        self.assertEquals(1, 1);
        self.assertNotEqual(1, "1");
        self.assertIdentical(undefined, undefined);
        self.assertFails('1 !== "1"', () => self.assertEqual(1, "1"));
        self.assertFails("null !== undefined: a message", () => self.assertIdentical(null, undefined, "a message"));
        self.assertFails("2 === 2", () => self.assertNotEqual(2, 2));
        self.assertFails("[1] !== [1]", () => self.assertEqual([1], [1]));
    },

    function test_arrays(self) {
        self.assertArraysEqual([1, "x"], [1, "x"]);
        self.assertArraysEqual([[1]], [[1]], (a, b) => self.assertArraysEqual(a, b));
        self.assertFails("[1] != [1, 2]", () => self.assertArraysEqual([1], [1, 2]));
        self.assertFails("2 !== 3: Element 1 not equal", () => self.assertArraysEqual([1, 2], [1, 3]));
        self.assertFails("x is not an Array", () => self.assertArraysEqual("x", ["x"]));
    },

    function test_in(self) {
        self.assertIn("key", { key: undefined });
        self.assertFails("length not in [object Object]", () => self.assertIn("length", {}));
    },

    function test_throws(self) {
        const error = new TypeError("thrown");
        self.assertEqual(self.assertThrows(Error, () => { throw error; }), error);
        self.assertFails("Callable threw no error.", () => self.assertThrows(Error, () => 1));
        self.assertFails("Wrong error type thrown: TypeError: thrown", () =>
            self.assertThrows(RangeError, () => { throw error; }));
    },

    async function test_failure(self) {
        const error = new Divmod.IndexError("out of range");
        const fails = () => Divmod.Defer.fail(error);
        self.assertEqual(await self.assertFailure(fails(), [TypeError, Divmod.IndexError]), error);
        self.assertThrows(Error, () => self.assertFailure(fails().addErrback(() => null), []));
        for (const deferred of [Divmod.Defer.succeed(1), fails()]) {
            const failure = await self.assertFailure(
                self.assertFailure(deferred, [TypeError]), [Divmod.UnitTest.AssertionError]);
            self.assert(/Expected|expected/.test(failure.message), failure.message);
        }
    },

    function test_names(self) {
        self.assertIn("test_names", Divmod.objectify(self.getTestMethodNames(), self.getTestMethodNames()));
        self.assertEqual(String(Divmod.UnitTest.AssertionError("text")), "AssertionError: text");
        self.assertEqual(Divmod.UnitTest.repr([1, ["x", Divmod.Class], null]), '[1, ["x", Divmod.Class], null]');
    },

    function test_ownPage(self) {
        const { makeWidgetNode, mockTheRDM } = Nevow.Test.WidgetUtil;
        const live = Nevow.Athena.page;
        const restore = mockTheRDM();
        self.assert(Nevow.Athena.page !== live);
        const widget = Nevow.Athena.Widget(makeWidgetNode(99));
        Nevow.Test.WidgetUtil.registerWidget(widget, 99);
        document.body.append(widget.node);
        const seen = [];
        widget.onclick = (...given) => seen.push(...given);
        widget.connectDOMEvent("onclick");
        widget.node.click();
        self.assertIdentical(seen[0], widget.node);
        self.assertIdentical(seen[1].type, "click");
        restore();
        self.assertIdentical(Nevow.Athena.page, live);
        self.assertIdentical(live.connectionState, Nevow.Athena.CONNECTED);
    },

    function test_unitTests(self) {
        const suite = Divmod.UnitTest.loadFromModule(LiveThing.Assertions);
        const result = Divmod.UnitTest.TestResult();
        suite.run(result);
        self.assertEqual(suite.countTestCases(), 4);
        self.assertArraysEqual(result.getSummary(), [4, 1, 2]);
        self.failIf(result.wasSuccessful());
        self.assertArraysEqual(result.successes.map((test) => test.id()), ["LiveThing.Assertions.UnitTests.test_passes"]);
        self.assertEqual(result.failures[0][1].message, '[1, "x"] != [1]: a message');
        const text = Divmod.UnitTest.formatErrors(result);
        self.assert(/\[ERROR\] LiveThing.Assertions.UnitTests.test_throws: thrown by the test\nTraceback.*\n  Function/.test(text), text);
        self.assert(/\[FAILURE\] .*test_fails: .*\n(.|\n)*Assertions.js:\d+\nAssertionError: \[1, "x"\]/.test(text), text);
        self.assertArraysEqual(result.errors.map(([test]) => test._methodName), ["test_tearDown", "test_throws"]);
    });
