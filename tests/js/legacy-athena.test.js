import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";

import { Deferred } from "../../athenalite/js/deferred.js";
import { ConnectionLost, NoSuchMethod, RemoteError } from "../../athenalite/js/errors.js";
import { installAthena } from "../../athenalite/js/legacy/pagewidget.js";
import { Page } from "../../athenalite/js/page.js";
import { widgetsByID } from "../../athenalite/js/widgets.js";
import { FakeSession, makeDocument } from "./fakedom.js";

const { Divmod, Nevow } = globalThis;
const { Widget } = Nevow.Athena;

globalThis.AthenaTest = { __name__: "AthenaTest" };
const { AthenaTest } = globalThis;

Widget.subclass(AthenaTest, "Plain");
Widget.subclass(AthenaTest, "Recorder").methods(
    function __init__(self, node, ...initArguments) {
        AthenaTest.Recorder.upcall(self, "__init__", node);
        self.initArguments = initArguments;
        self.history = [];
        self.callRemote("constructed");
    },
    function loaded(self) {
        self.history.push(`loaded with ${self.childWidgets.length}`);
    },
    function nodeInserted(self) {
        self.history.push("nodeInserted");
    },
    function detached(self) {
        self.history.push("detached");
    },
    function press(self, ...args) {
        self.history.push(args);
        return false;
    });

const MARKUP = '<div id="athena:1" athena:class="AthenaTest.Recorder" data-athena-arguments="[1,[&quot;two&quot;]]">'
    + '<button name="b" id="athenaid:1-b" data-athena-handlers="onclick=press onfocus=missing"></button>'
    + '<div id="athena:2" athena:class="AthenaTest.Plain"></div></div>';

let page;
let session;
let messages;

beforeEach((t) => {
    for (const objectID of Object.keys(widgetsByID)) {
        delete widgetsByID[objectID];
    }
    globalThis.document = makeDocument(MARKUP);
    page = new Page({ jsClass: "Nevow.Athena.PageWidget", transport: "./_athena/transport" }, globalThis.document);
    session = page.session = new FakeSession(() => new Deferred());
    messages = [];
    Divmod.logger.observers = [({ message }) => messages.push(message)];
    installAthena(page);
    page.start();
    session.calls.length = 0;
    session.events.length = 0;
});

/** The dialogs on the page, by their class. */
function dialogs() {
    return page.document.getElementsByTagName("div").filter((node) => node.hasAttribute("data-athena-dialog"));
}

function endOfTick() {
    return new Promise((resolve) => { setTimeout(resolve, 1); });
}

test("Widgets of the page are constructed with their arguments, have their children, and live in the registry.", () => {
    const widget = Widget.fromAthenaID(1);
    assert.deepEqual(widget.initArguments, [1, ["two"]]);
    assert.deepEqual(widget.history, ["loaded with 0", "nodeInserted"]);
    assert.deepEqual(widget.childWidgets, [Widget._athenaWidgets[2]]);
    assert.equal(widget.childWidgets[0].widgetParent, widget);
    assert.equal(widget.objectID, 1);
});

test("Nodes are found by attribute and by id; a subclass has the class functions, too.", () => {
    const widget = AthenaTest.Recorder.get(page.document.getElementsByTagName("button")[0]);
    const button = widget.nodeByAttribute("name", "b");
    assert.equal(widget.nodeById("b"), button);
    assert.equal(widget.translateNodeId("b"), "athenaid:1-b");
    assert.equal(Widget.translateAthenaID(1), "athena:1");
    assert.equal(Nevow.Athena.NodeByAttribute(widget.node, "name", "b"), button);
    assert.equal(Nevow.Athena.nodeByDOM(button), widget.node);
    assert.equal(Nevow.Athena.athenaClassFromNode(widget.node), AthenaTest.Recorder);
    assert.equal(Nevow.Athena.athenaClassFromNode(button), null);
    assert.throws(() => widget.nodeById("x"), Divmod.Runtime.NodeNotFound);
    assert.throws(() => Widget.get(page.document.head), /nodeByDOM passed node with no containing Athena Ref ID/);
});

test("The initial arguments can be read where Athena had them.", () => {
    assert.equal(page.document.getElementById("athena-init-args-1").value, '[1,["two"]]');
    assert.equal(page.document.getElementById("athena-init-args-2").value, "[]");
});

test("callRemote returns a Deferred; callRemoteKw sends keyword arguments; `server` is the page's own object there.", () => {
    const widget = widgetsByID[1];
    widget.callRemote("say", "x", 1).addErrback(() => null);
    widget.callRemoteKw("say", { what: "x" });
    globalThis.server.callRemote("hello");
    assert.deepEqual(session.calls.map((call) => call.slice(0, 4)),
        [[1, "say", ["x", 1], {}], [1, "say", [], { what: "x" }], [0, "hello", [], {}]]);
    assert.throws(() => Nevow.Athena.RemoteReference("1"), /Invalid object identifier/);
});

/** What an errback of a widget's call gets when the core's Deferred fails with `error`. */
function errorOf(error) {
    let got;
    widgetsByID[1].callRemote("f").addErrback((failure) => { got = failure.error; });
    session.calls.at(-1)[4].errback(error);
    return got;
}

test("A server's error arrives as a Divmod.Error of its type and text, or as the class that it names, if there is one.", () => {
    const plain = errorOf(new RemoteError({ type: "ValueError", message: "bad" }));
    assert.ok(plain instanceof Divmod.Error);
    assert.equal(plain.message, "ValueError: bad");
    Divmod.Error.subclass(AthenaTest, "Full").methods(function __init__(self, room, seats) {
        AthenaTest.Full.upcall(self, "__init__", `${room} has ${seats}`);
    });
    const named = errorOf(new RemoteError({ type: "Full", message: "x", jsClass: "AthenaTest.Full", args: ["hall", 3] }));
    assert.ok(named instanceof AthenaTest.Full);
    assert.equal(named.message, "hall has 3");
    const lost = errorOf(new RemoteError({ type: "Full", message: "x", jsClass: "AthenaTest.Missing", args: [] }));
    assert.equal(lost.message, "Full: x");
});

test("What is not exposed is a NoSuchMethod, and the end of the page an Error with Athena's text.", () => {
    assert.ok(errorOf(new NoSuchMethod(1, "f")) instanceof Nevow.Athena.NoSuchMethod);
    assert.equal(errorOf(new ConnectionLost("server went away")).message, "Connection lost");
});

test("An unhandled failure is shown in a dialog of the widget's number, which can be closed; a handled one is not.", async () => {
    const widget = widgetsByID[1];
    const results = [];
    widget.callRemote("taken").addErrback(() => null);
    const lonely = widget.callRemote("lonely");
    widget.callRemote("lost");
    await endOfTick();
    lonely.addCallback((result) => results.push(result));
    session.calls[0][4].errback(new RemoteError({ type: "E", message: "taken" }));
    session.calls[1][4].errback(new RemoteError({ type: "E", message: "<b>lonely</b>" }));
    session.calls[2][4].errback(new ConnectionLost("over"));
    assert.deepEqual(dialogs().map((dialog) => dialog.className), ["athena-error-dialog-1"]);
    assert.match(dialogs()[0].textContent, /E: <b>lonely<\/b>.*lonely/);
    assert.deepEqual(results, [undefined], "the dialog has taken the failure");
    dialogs()[0].getElementsByTagName("button")[0].onclick();
    assert.deepEqual(dialogs(), []);
});

test("A widget can show a failure in its own way.", async () => {
    const widget = widgetsByID[1];
    const shown = [];
    widget.showErrorDialog = (methodName, failure) => shown.push(methodName, failure.error.message);
    widget.callRemote("f");
    await endOfTick();
    session.calls[0][4].errback(new RemoteError({ type: "E", message: "x" }));
    assert.deepEqual(shown, ["f", "E: x"]);
    assert.deepEqual(dialogs(), []);
});

test("The failure of a call that something awaits is that one's.", async () => {
    const widget = widgetsByID[1];
    const awaited = (async () => widget.callRemote("f"))();
    await endOfTick();
    session.calls[0][4].errback(new RemoteError({ type: "E", message: "x" }));
    await assert.rejects(awaited, /E: x/);
    assert.deepEqual(dialogs(), []);
});

test("An event calls the widget's method with the node and the event, through Widget.handleEvent, outgoing messages paused.", (t) => {
    const widget = widgetsByID[1];
    const button = widget.nodeById("b");
    const handleEvent = t.mock.method(Widget, "handleEvent");
    const event = {};
    assert.equal(button.onclick(event), false);
    assert.deepEqual(widget.history.at(-1), [button, event]);
    assert.deepEqual(session.events, ["pause", "unpause"]);
    assert.deepEqual(handleEvent.mock.calls[0].arguments, [button, "onclick", "press", event]);
    assert.equal(button.onfocus(event), false);
    assert.ok(messages.includes("Undefined event handler: missing"));
});

test("dispatchEvent runs a function paused; when it throws, that is logged and false returned.", () => {
    const widget = widgetsByID[1];
    assert.equal(Widget.dispatchEvent(widget, "onx", "f", () => 5), 5);
    assert.equal(Widget.dispatchEvent(widget, "onx", "f", () => { throw Divmod.Error("x"); }), false);
    assert.deepEqual(session.events, ["pause", "unpause", "pause", "unpause"]);
    assert.match(messages.at(-1), /f of widget 1 failed/);
});

test("connectDOMEvent sets a property of the node, with the event's name as the method's unless told.", () => {
    const widget = widgetsByID[1];
    widget.onkeyup = () => "up";
    widget.connectDOMEvent("onkeyup");
    assert.equal(widget.node.onkeyup({}), "up");
    widget.connectDOMEvent("ondblclick", "press", widget.nodeById("b"));
    assert.equal(widget.nodeById("b").ondblclick({}), false);
});

test("callLater takes seconds, and can be cancelled.", (t) => {
    t.mock.timers.enable({ apis: ["setTimeout"] });
    let runs = 0;
    widgetsByID[1].callLater(2, () => { runs += 1; });
    widgetsByID[1].callLater(2, () => { runs += 1; }).cancel();
    t.mock.timers.tick(1999);
    assert.equal(runs, 0);
    t.mock.timers.tick(1);
    assert.equal(runs, 1);
});

test("detach calls the server, then ends the widget and its children.", () => {
    const [widget, child] = [widgetsByID[1], widgetsByID[2]];
    widget.detach();
    session.calls[0][4].callback(null);
    assert.deepEqual(Object.keys(Widget._athenaWidgets), []);
    assert.equal(widget.history.at(-1), "detached");
    assert.equal(child.widgetParent, null);
});

test("The server reaches widgets by number, by callByAthenaID, and any global function.", () => {
    assert.equal(page.locateMethod(1, "press")("x"), false);
    assert.deepEqual(widgetsByID[1].history.at(-1), ["x"]);
    page.locateMethod(0, "Nevow.Athena.callByAthenaID")(1, "press", ["y"]);
    assert.deepEqual(widgetsByID[1].history.at(-1), ["y"]);
    assert.throws(() => Nevow.Athena.callByAthenaID(1, "missing", []), Nevow.Athena.NoSuchMethod);
});
