// As Nevow's own tests, it does not import the module of its base class.
// import Nevow.Athena
// import LiveThing

LiveThing.Tests.CounterTests = Nevow.Athena.Test.TestCase.subclass("LiveThing.Tests.CounterTests");
LiveThing.Tests.CounterTests.methods(
    function setUp(self, key) {
        return self.callRemote("setUp", key).addCallback(function (info) {
            return self.addChildWidgetFromWidgetInfo(info);
        }).addCallback(function (counter) {
            self.node.appendChild(counter.node);
            return counter;
        });
    },

    function test_increment(self) {
        var d = self.setUp("one");
        d.addCallback(function (counter) {
            return counter.click();
        });
        d.addCallback(function (count) {
            self.assertEqual(count, 1);
            self.assertEquals(self.childWidgets[0].nodeByAttribute("class", "count").textContent, "1");
            return self.callRemote("test_increment", "one", 1);
        });
        return d;
    },

    async function test_await(self) {
        const counter = await self.setUp("two");
        await counter.click();
        self.assertIdentical(await counter.click(), 2);
        self.assertEqual(await self.callRemote("testLater", "later"), "later");
    });

Nevow.Athena.Test.TestCase.subclass(LiveThing.Tests, "DocumentTests").methods(
    function __init__(self, node, word, number) {
        LiveThing.Tests.DocumentTests.upcall(self, "__init__", node);
        self.given = [word, number];
    },

    function test_document(self) {
        self.assertArraysEqual(self.given, ["first", 2]);
        self.assertEqual(self.node.tagName, "TABLE");
        self.assertEqual(self.node.parentNode.tagName, "TD");
        self.assertEqual(self.childWidgets[0].__class__, LiveThing.Counter);
        self.assertEqual(document.querySelector("meta[name=livething]").content, "from head");
    });

LiveThing.Tests.OldBase = Nevow.Athena.Test.TestCase.subclass("LiveThing.Tests.OldBase");
LiveThing.Tests.OldBase.methods(
    function run(self) {
        self.assertEqual(self.node.textContent, "OldTests");
        return Divmod.Defer.succeed(null);
    });

LiveThing.Tests.OldTests = LiveThing.Tests.OldBase.subclass("LiveThing.Tests.OldTests");
