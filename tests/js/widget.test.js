import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";

import { registerClass } from "../../athenalite/js/classes.js";
import { Deferred } from "../../athenalite/js/deferred.js";
import { elementsOf } from "../../athenalite/js/dom.js";
import { ConnectionLost, NoSuchChild, RemoteError } from "../../athenalite/js/errors.js";
import { observeErrors } from "../../athenalite/js/log.js";
import { Page } from "../../athenalite/js/page.js";
import { Widget } from "../../athenalite/js/widget.js";
import { makeWidget, makeWidgets, widgetsByID } from "../../athenalite/js/widgets.js";
import { FakeSession, makeDocument, scriptsOf } from "./fakedom.js";

let history;

/** A widget that writes down what happens to it. */
class Recorder extends Widget {
    constructor(node, ...initArguments) {
        super(node);
        this.initArguments = initArguments;
        history.push(`construct ${this.objectID}`);
    }

    loaded() {
        history.push(`loaded ${this.objectID}, ${this.childWidgets.length} children, parent ${this.widgetParent?.objectID}`);
    }

    nodeInserted() {
        history.push(`nodeInserted ${this.objectID}`);
    }

    detached() {
        history.push(`detached ${this.objectID}, parent ${this.widgetParent}`);
    }
}

class Broken extends Widget {
    constructor(node) {
        super(node);
        throw new Error("broken on purpose");
    }
}

registerClass("Test.Recorder", Recorder);
registerClass("Test.Broken", Broken);

beforeEach(() => {
    history = [];
    for (const objectID of Object.keys(widgetsByID)) {
        delete widgetsByID[objectID];
    }
});

function widgetMarkup(objectID, content = "", name = "Recorder", more = "") {
    return `<div id="athena:${objectID}" athena:class="Test.${name}"${more}>${content}</div>`;
}

function makePage(body) {
    const page = new Page({}, makeDocument(body));
    page.session = new FakeSession(() => new Deferred());
    return page;
}

function makeAll(page) {
    makeWidgets(elementsOf(page.document.documentElement));
}

test("Widgets of the document are made parents first, each complete before the next: a parent is loaded without children.", () => {
    makeAll(makePage(widgetMarkup(1, widgetMarkup(2))));
    assert.deepEqual(history, [
        "construct 1", "loaded 1, 0 children, parent undefined", "nodeInserted 1",
        "construct 2", "loaded 2, 0 children, parent 1", "nodeInserted 2",
    ]);
    assert.deepEqual(widgetsByID[1].childWidgets, [widgetsByID[2]]);
});

test("Initial arguments follow the node.", () => {
    makeAll(makePage(widgetMarkup(1, "", "Recorder", ' data-athena-arguments="[1,&quot;two&quot;]"')));
    assert.deepEqual(widgetsByID[1].initArguments, [1, "two"]);
});

test("A widget that cannot be made is reported with its class and number, and stops no other.", () => {
    const errors = [];
    const previous = observeErrors((error, message) => errors.push([error.message, message]));
    makeAll(makePage(widgetMarkup(1, widgetMarkup(2), "Broken") + widgetMarkup(3, "", "Missing") + widgetMarkup(4)));
    observeErrors(previous);
    assert.deepEqual(Object.keys(widgetsByID), ["2", "4"]);
    assert.equal(widgetsByID[2].widgetParent, null);
    assert.equal(errors[0][0], "broken on purpose");
    assert.match(errors[0][1], /Test\.Broken \(athena:1\)/);
    assert.match(errors[1][0], /There is no class Test\.Missing/);
});

test("A widget whose initial arguments have an integer that would be rounded is not made, and stops no other.", () => {
    const errors = [];
    const previous = observeErrors((error, message) => errors.push([error.name, error.message, message]));
    makeAll(makePage(widgetMarkup(1, "", "Recorder", ' data-athena-arguments="[{&quot;n&quot;:9007199254740993}]"') + widgetMarkup(2)));
    observeErrors(previous);
    assert.deepEqual(Object.keys(widgetsByID), ["2"]);
    assert.equal(errors.length, 1);
    assert.equal(errors[0][0], "UnsafeInteger");
    assert.match(errors[0][1], /initial arguments of Test\.Recorder \(object 1\).* 9007199254740993, .*send it as a string/);
});

test("Widget.get gives the widget around a node, and makes it when it is not there yet.", () => {
    const page = makePage(widgetMarkup(1, "<p></p>"));
    const node = page.document.getElementsByTagName("p")[0];
    const widget = Widget.get(node);
    assert.equal(widget.objectID, 1);
    assert.equal(Widget.get(node), widget);
    assert.throws(() => Widget.get(page.document.head), /no containing Athena Ref ID/);
});

test("A widget that was made on demand, and has its parent already, is not added again.", () => {
    const page = makePage(widgetMarkup(1, widgetMarkup(2)));
    const [parent, child] = [1, 2].map((objectID) => Widget.get(page.document.getElementById(`athena:${objectID}`)));
    parent.addChildWidget(child);
    makeAll(page);
    assert.deepEqual(parent.childWidgets, [child]);
});

test("The same number cannot be given twice.", () => {
    const page = makePage(widgetMarkup(1));
    const node = page.document.getElementById("athena:1");
    makeWidget(node);
    assert.throws(() => makeWidget(node), /There is a widget 1 already/);
});

test("A class that does not extend Widget, or does not pass the node on, is named in an error, and stops no other widget.", () => {
    const errors = [];
    const previous = observeErrors((error, message) => errors.push([message, error.message]));
    class Withholding extends Widget {
        constructor() {
            super();
        }
    }
    registerClass("Test.Plain", class {});
    registerClass("Test.Withholding", Withholding);
    makeAll(makePage(widgetMarkup(1, "", "Plain") + widgetMarkup(2, "", "Withholding") + widgetMarkup(3)));
    observeErrors(previous);
    assert.deepEqual(errors, ["Plain", "Withholding"].map((name, index) => [
        `Widget Test.${name} (athena:${index + 1}) could not be set up`,
        `Test.${name} must extend Widget and call super(node)`,
    ]));
    assert.deepEqual(Object.keys(widgetsByID), ["3"]);
});

test("callRemote calls the element of the same number; keyword arguments go apart.", () => {
    const page = makePage(widgetMarkup(5));
    makeAll(page);
    const d = widgetsByID[5].callRemote("say", "hello", 2);
    widgetsByID[5].callRemoteKw("say", { volume: 3 }, "hello");
    assert.deepEqual(page.session.calls.map((call) => call.slice(0, 4)),
        [[5, "say", ["hello", 2], {}], [5, "say", ["hello"], { volume: 3 }]]);
    assert.ok(d instanceof Deferred);
});

test("A call fails with an instance of the class that the server names, or else with the error as it came.", async () => {
    class Refused extends Error {}
    globalThis.WidgetTest = { Refused, fail: () => { throw new Error("cannot be made"); } };
    const page = makePage(widgetMarkup(6));
    makeAll(page);
    const failWith = async (error) => {
        const d = widgetsByID[6].callRemote("say");
        page.session.calls.at(-1)[4].errback(error);
        return d.then(() => assert.fail("succeeded"), (thrown) => thrown);
    };
    const named = new RemoteError({ type: "Refused", message: "no", jsClass: "WidgetTest.Refused", args: ["not now"] });
    const thrown = await failWith(named);
    assert.ok(thrown instanceof Refused);
    assert.equal(thrown.message, "not now");
    assert.equal(thrown.cause, named);
    for (const jsClass of [undefined, "WidgetTest.Gone", "WidgetTest.fail"]) {
        const error = new RemoteError({ type: "Refused", message: "no", jsClass });
        assert.equal(await failWith(error), error);
    }
    const lost = new ConnectionLost("gone");
    assert.equal(await failWith(lost), lost);
});

test("nodeById finds this widget's own, not that of a child with the same id.", () => {
    makeAll(makePage(widgetMarkup(1, widgetMarkup(2, '<i id="athenaid:2-x"></i>') + '<b id="athenaid:1-x"></b>')));
    assert.equal(widgetsByID[1].nodeById("x").tagName, "b");
    assert.equal(widgetsByID[2].nodeById("x").tagName, "i");
});

test("A removed child has no parent; to remove another widget is an error.", () => {
    makeAll(makePage(widgetMarkup(1, widgetMarkup(2) + widgetMarkup(3))));
    const [parent, child, other] = [widgetsByID[1], widgetsByID[2], widgetsByID[3]];
    parent.removeChildWidget(child);
    assert.deepEqual([parent.childWidgets, child.widgetParent], [[other], null]);
    assert.throws(() => parent.removeChildWidget(child), NoSuchChild);
    parent.removeAllChildWidgets();
    assert.deepEqual([parent.childWidgets, other.widgetParent], [[], null]);
});

test("detach calls the server first, then ends the children, then the widget.", () => {
    const page = makePage(widgetMarkup(1, widgetMarkup(2, widgetMarkup(3))));
    makeAll(page);
    history = [];
    widgetsByID[2].detach();
    const [[objectID, methodName, , , deferred]] = page.session.calls;
    assert.deepEqual([objectID, methodName, history], [2, "_athenaDetachServer", []]);
    deferred.callback(null);
    assert.deepEqual(history, ["detached 3, parent null", "detached 2, parent null"]);
    assert.deepEqual(Object.keys(widgetsByID), ["1"]);
    assert.deepEqual(widgetsByID[1].childWidgets, []);
});

const INFO = {
    id: 7,
    class: "Test.Recorder",
    initArguments: ["seven"],
    markup: `<div>${widgetMarkup(7, widgetMarkup(8, "<b data-athena-handlers=\"onclick=press\"></b>"))}</div>`,
    children: [{ id: 8, class: "Test.Recorder", initArguments: [] }],
    requiredModules: [["DynamicModule", "./dynamic.js"]],
    requiredCSSModules: ["./dynamic.css"],
};

test("A widget that comes later waits for its modules; then all are made before loaded is called from the top.", () => {
    const page = makePage(widgetMarkup(1));
    makeAll(page);
    history = [];
    let made;
    widgetsByID[1].addChildWidgetFromWidgetInfo(INFO).addCallback((widget) => { made = widget; });
    assert.equal(page.document.getElementsByTagName("link").length, 1);
    assert.deepEqual(history, []);
    scriptsOf(page.document)[0].onload();
    assert.deepEqual(history, ["construct 7", "construct 8", "loaded 7, 1 children, parent 1", "loaded 8, 0 children, parent 7"]);
    assert.equal(made, widgetsByID[7]);
    assert.deepEqual(made.initArguments, ["seven"]);
    assert.equal(made.node.parentNode.tagName, "div");
    assert.notEqual(made.node.getRootNode(), page.document, "the application inserts it");
    assert.equal(typeof made.node.getElementsByTagName("b")[0].onclick, "function");
});

test("In the constructor of a widget that comes later, its node is in the element around its markup.", () => {
    const page = makePage(widgetMarkup(1));
    makeAll(page);
    const around = [];
    registerClass("Test.Looking", class extends Widget {
        constructor(node) {
            super(node);
            around.push(node.parentNode?.tagName);
        }
    });
    const markup = `<div>${widgetMarkup(7, "", "Looking")}</div>`;
    widgetsByID[1].addChildWidgetFromWidgetInfo({ ...INFO, requiredModules: [], children: [], markup });
    assert.deepEqual(around, ["div"]);
});

test("If one of several new widgets cannot be made, none is.", () => {
    const page = makePage(widgetMarkup(1));
    makeAll(page);
    const info = { ...INFO, requiredModules: [], markup: `<div>${widgetMarkup(7, widgetMarkup(8, "", "Broken"))}</div>` };
    let error;
    widgetsByID[1].addChildWidgetFromWidgetInfo(info).addErrback((failure) => { error = failure.error; });
    assert.equal(error.message, "broken on purpose");
    assert.deepEqual(Object.keys(widgetsByID), ["1"]);
    assert.deepEqual(widgetsByID[1].childWidgets, []);
});
