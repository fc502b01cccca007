import assert from "node:assert/strict";
import { test } from "node:test";

import { fail, succeed } from "../../athenalite/js/deferred.js";
import { RemoteError } from "../../athenalite/js/errors.js";
import { PageWidget } from "../../athenalite/js/ownwidget.js";

/** A page that writes down what is called. */
function makePage(result) {
    const calls = [];
    return { calls, callRemote: (...call) => (calls.push(call), result) };
}

test("It calls the page's own methods, object 0, with positional and keyword arguments.", async () => {
    const page = makePage(succeed(5));
    const widget = new PageWidget(page);
    assert.equal(await widget.callRemote("add", 2, 3), 5);
    assert.equal(await widget.callRemoteKw("add", { to: 1 }, 2), 5);
    assert.deepEqual(page.calls, [[0, "add", [2, 3]], [0, "add", [2], { to: 1 }]]);
});

test("A failed call fails as a widget's does.", async () => {
    globalThis.PageWidgetTest = { Refused: class extends Error {} };
    const error = new RemoteError({ type: "Refused", message: "no", jsClass: "PageWidgetTest.Refused", args: ["no"] });
    const called = new PageWidget(makePage(fail(error))).callRemote("add");
    await assert.rejects(Promise.resolve(called), globalThis.PageWidgetTest.Refused);
});

test("Its hooks do nothing, and it has none in the place of the dialog.", () => {
    const widget = new PageWidget(makePage());
    widget.connectionMade();
    widget.disconnected();
    widget.resumed();
    assert.equal(widget.connectionLost, undefined);
});
