import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { beforeEach, test } from "node:test";
import { runInThisContext } from "node:vm";

import "../../athenalite/js/legacy/pagewidget.js";
import { declareNamespace } from "../../athenalite/js/modules.js";
import { Widget } from "../../athenalite/js/widget.js";
import { widgetsByID } from "../../athenalite/js/widgets.js";
import { makeDocument } from "./fakedom.js";

const { Divmod, Nevow } = globalThis;

globalThis.document = makeDocument();
for (const [name, file] of [
    ["Nevow.Athena.OwnPage", "OwnPage"], ["Divmod.UnitTest", "UnitTest"], ["Nevow.Test.Util", "Util"], ["Nevow.Test.WidgetUtil", "WidgetUtil"],
]) {
    declareNamespace(name);
    const url = new URL(`../../athenalite/livetrial/js/${file}.js`, import.meta.url);
    runInThisContext(readFileSync(url, "utf8"), { filename: url.pathname });
}
const { Faker } = Nevow.Test.Util;
const { makeWidgetNode, mockTheRDM, registerWidget } = Nevow.Test.WidgetUtil;

let messages;
let page;
let widget;

beforeEach(() => {
    globalThis.document = makeDocument();
    Divmod.logger.observers = [];
    for (const objectID of Object.keys(widgetsByID)) {
        delete widgetsByID[objectID];
    }
    messages = [];
    const makeChannel = (made) => ({
        page: made,
        addMessage: (message) => messages.push(message),
        pause: () => messages.push("pause"),
        unpause: () => messages.push("unpause"),
        stop: () => messages.push("stop"),
        sendCloseMessage: () => messages.push("close"),
    });
    page = Nevow.Athena.PageWidget("an id", makeChannel);
    const node = makeWidgetNode();
    document.body.append(node);
    widget = Nevow.Athena.Widget(node);
    widget.page = page;
    registerWidget(widget);
});

test("A page of a test's own has the channel that the test makes, and is not the page by itself.", () => {
    assert.equal(page.livepageID, "an id");
    assert.equal(page.deliveryChannel.page, page);
    assert.equal(page.connectionState, Nevow.Athena.CONNECTED);
    assert.equal(Nevow.Athena.page, null);
    const Mine = Nevow.Athena.PageWidget.subclass("Mine").methods(function __init__(self, ...given) {
        Mine.upcall(self, "__init__", ...given);
        self.isMine = true;
    });
    assert.ok(Mine("x", () => ({})).isMine);
});

test("Its calls are messages for the channel, and a test responds to them.", async () => {
    const results = [];
    const call = widget.callRemote("f", 1, [2]);
    assert.equal(page.remoteCalls.c2s0, call);
    call.addCallback((result) => results.push(result));
    widget.callRemoteKw("g", { x: 3 }).addErrback((failure) => results.push(failure.error));
    assert.deepEqual(messages, [["call", ["c2s0", "f", 1, [1, [2]], {}]], ["call", ["c2s1", "g", 1, [], { x: 3 }]]]);
    page.action_respond("c2s0", true, "result");
    page.action_respond("c2s1", false, ["Divmod.IndexError", ["why"]]);
    page.action_respond("c2s1", true, "again");
    assert.equal(results[0], "result");
    assert.ok(results[1] instanceof Divmod.IndexError && results[1].message === "why");
    assert.deepEqual(page.remoteCalls, {});
});

test("A test may be the server that calls a global function; results and errors are messages.", () => {
    const error = new Error("wrong");
    globalThis.served = {
        value: 5,
        add(x) { return this.value + x; },
        nothing() {},
        later: () => Divmod.Defer.succeed("late"),
        fail() { throw error; },
    };
    for (const name of ["add", "nothing", "later", "fail"]) {
        page.action_call(`served.${name}`, name, [1]);
    }
    page.action_noop();
    page.action_close();
    assert.deepEqual(messages, [
        ["respond", ["add", true, 6]], ["respond", ["nothing", true, null]], ["respond", ["later", true, "late"]],
        ["respond", ["fail", false, error]], "stop"]);
});

test("When it is lost, its dialog is shown, then calls fail, then observers are called, once.", () => {
    const history = [];
    page.notifyOnDisconnect((reason) => history.push(reason, document.body.childNodes.at(-1).className));
    widget.callRemote("f").addErrback((failure) => history.push(failure.error.message));
    page.connectionLost("a reason");
    page.connectionLost("again");
    assert.deepEqual(history, ["Connection lost", "a reason", "nevow-connection-lost"]);
    widget.callRemote("f").addErrback((failure) => history.push(failure.error.message));
    assert.equal(history.at(-1), "Connection lost");
});

test("beforeunload ends it, and then it shows no dialog.", () => {
    page.showDisconnectDialog = () => assert.fail("no dialog is shown");
    page.onbeforeunload();
    assert.deepEqual(messages, ["close"]);
    page.connectionLost("left");
});

test("Events are dispatched on it while its channel is paused.", () => {
    const restore = mockTheRDM();
    assert.equal(Nevow.Athena.page.livepageID, "fake-page-id");
    widget.press = (node) => [node, "pressed"];
    widget.connectDOMEvent("onclick", "press");
    assert.deepEqual(widget.node.onclick({}), [widget.node, "pressed"]);
    Nevow.Athena.page = page;
    widget.node.onclick({});
    assert.deepEqual(messages, ["pause", "unpause"]);
    restore();
    assert.equal(Nevow.Athena.page, null);
});

test("A widget that is sent is made with what the runtime loads, which a test may replace.", () => {
    assert.equal(Widget.page, null, "there is no page of the core");
    const faker = Faker();
    const { theRuntime } = Divmod.Runtime;
    const loaded = [];
    const error = new Error("not there");
    faker.fake("loadStylesheet", (url) => loaded.push(url), theRuntime);
    faker.fake("loadScript", (url) => (url === "./bad.js" ? Divmod.Defer.fail(error) : Divmod.Defer.succeed(loaded.push(url))), theRuntime);
    const info = {
        id: 7, class: "Nevow.Athena.Widget", initArguments: [], children: [], requiredCSSModules: ["./x.css"],
        requiredModules: [["X", "./x.js"]], markup: '<div><p id="athena:7" athena:class="Nevow.Athena.Widget"></p></div>',
    };
    let child;
    widget.addChildWidgetFromWidgetInfo(info).addCallback((made) => { child = made; });
    assert.deepEqual(loaded, ["./x.css", "./x.js"]);
    assert.deepEqual(widget.childWidgets, [child]);
    let failed;
    widget.addChildWidgetFromWidgetInfo({ ...info, id: 8, requiredModules: [["Bad", "./bad.js"]] }).addErrback((failure) => { failed = failure; });
    assert.equal(failed.check(Divmod.Defer.FirstError).err.error, error);
    faker.stop();
    assert.ok(!("loadScript" in Object.getOwnPropertyDescriptors(theRuntime)));
});

test("A Faker restores what was there, absent or not, the last one first.", () => {
    const faker = Faker();
    const target = { a: 1 };
    assert.equal(faker.fake("a", 2, target), 2);
    faker.fake("a", 3, target);
    faker.fake("b", 4, target);
    faker.fake("aGlobal", 5);
    assert.deepEqual([target, globalThis.aGlobal], [{ a: 3, b: 4 }, 5]);
    faker.stop();
    assert.deepEqual([target, "aGlobal" in globalThis], [{ a: 1 }, false]);
});

test("Unit tests run, and are reported as Athena's were.", () => {
    const Tests = Divmod.UnitTest.TestCase.subclass("Tests").methods(
        function setUp(self) { self.ready = true; },
        function test_good(self) { self.assert(self.ready); },
        function test_bad(self) { self.fail("on purpose"); },
        function test_given(self) { self.assertThrows(RangeError, (...given) => { throw RangeError(given); }, 1, 2); });
    const Broken = Divmod.UnitTest.TestCase.subclass("Broken").methods(
        function setUp(self) { self.fail("before"); },
        function test_never() {});
    const logged = [];
    Divmod.logger.addObserver(({ message }) => logged.push(message));
    const suite = Divmod.UnitTest.TestSuite([Divmod.UnitTest.loadFromClass(Tests), Divmod.UnitTest.loadFromClass(Broken)]);
    Divmod.UnitTest.run(suite);
    assert.match(logged[0], /\[ERROR\] Broken\.test_never: before\nTraceback/);
    assert.match(logged[0], /\[FAILURE\] Tests\.test_bad: on purpose\n/);
    assert.match(logged[0], /FAILED \(tests=4, errors=1, failures=1\)$/);
    Divmod.UnitTest.run(Tests("test_good"));
    assert.equal(logged[1], "PASSED (tests=1)");
});
