import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";

import { registerClass } from "../../athenalite/js/classes.js";
import { Deferred } from "../../athenalite/js/deferred.js";
import { ConnectionLost } from "../../athenalite/js/errors.js";
import { Page } from "../../athenalite/js/page.js";
import { Session } from "../../athenalite/js/session.js";
import { Widget } from "../../athenalite/js/widget.js";
import { endedWidgets, makeWidget, widgetsByID } from "../../athenalite/js/widgets.js";
import { FakeClock } from "./fakeclock.js";
import { makeDocument } from "./fakedom.js";
import { vectors } from "./vectors.js";

const { document: inDocument, sent, detaching } = vectors("elements.json");
const CLASS = "Nevow.Athena.Widget";

let ended = [];
let unfired = [];

class Recorder extends Widget {
    constructor(node, ...initArguments) {
        super(node);
        this.initArguments = initArguments;
    }

    echo(value) {
        return value;
    }

    later() {
        unfired.push(new Deferred());
        return unfired.at(-1);
    }

    detached() {
        ended.push(this.objectID);
    }
}

registerClass(CLASS, Recorder);

function living() {
    return Object.keys(widgetsByID).map(Number);
}

beforeEach(() => {
    living().forEach((objectID) => { delete widgetsByID[objectID]; });
    endedWidgets.clear();
    [ended, unfired] = [[], []];
});

for (const { about, attributes, widget: { id, initArguments } } of inDocument) {
    test(`A node of the document: ${about}.`, () => {
        const node = makeDocument().createElement("div");
        Object.entries(attributes).forEach(([name, value]) => node.setAttribute(name, value));
        const widget = makeWidget(node);
        assert.deepEqual([widget.objectID, widget.initArguments, widget instanceof Recorder], [id, initArguments, true]);
    });
}

const nodeOf = (objectID, content = "") => `<div id="athena:${objectID}" athena:class="${CLASS}">${content}</div>`;

for (const { about, info, parents } of sent) {
    test(`An element that is sent: ${about}.`, () => {
        const page = new Page({}, makeDocument(nodeOf(1)));
        const parent = makeWidget(page.document.getElementById("athena:1"));
        parent.addChildWidgetFromWidgetInfo(info);
        const made = living().filter((objectID) => objectID !== 1).map((objectID) => widgetsByID[objectID]);
        assert.deepEqual(Object.fromEntries(made.map(({ objectID, widgetParent }) => [objectID, widgetParent.objectID])), parents);
        const expected = [info, ...info.children].map((one) => [one.id, one.initArguments]);
        assert.deepEqual(made.map(({ objectID, initArguments }) => [objectID, initArguments]), expected);
    });
}

/** A page with the objects of tests/vectors/README.rst, "elements.json", and a session whose peer the vector plays. */
class Script {
    frames = [];
    results = [];
    detached = [];
    sockets = 0;

    constructor() {
        this.page = new Page({}, makeDocument(nodeOf(1, nodeOf(2, nodeOf(3)) + nodeOf(4))));
        this.session = this.page.session = new Session({
            token: "token", clock: new FakeClock(), locate: (...given) => this.page.locateMethod(...given),
        });
        this.page.start();
        this.connect({ connect: 0, received: 0, resends: [] });
    }

    connect({ connect, received, resends }) {
        this.sockets += 1;
        assert.deepEqual(JSON.parse(this.session.opening()), ["open", 1, "token", received, this.sockets]);
        this.session.connect((text) => this.frames.push(JSON.parse(text)), (code) => assert.fail(code));
        this.receive({ receive: ["opened", connect] });
        this.assertSent(resends);
    }

    cut() {
        this.session.disconnected();
    }

    call({ call: [objectID, ...call] }) {
        this.results.push(outcomeOf(widgetsByID[objectID].callRemote(call[0], ...call[1])));
    }

    detach({ detach }) {
        this.detached.push(outcomeOf(widgetsByID[detach].detach()));
    }

    receive({ receive }) {
        this.session.messageReceived(JSON.stringify(receive));
    }

    fire({ fire }) {
        unfired.shift().callback(fire);
    }

    assertSent(expected) {
        const known = (message, index) => {
            const error = expected[index]?.[3];
            return message[2] === false
                ? [...message.slice(0, 3), Object.fromEntries(Object.keys(error).map((key) => [key, message[3][key]]))] : message;
        };
        assert.deepEqual(this.frames.splice(0).map(known), expected);
    }
}

function outcomeOf(deferred) {
    const outcome = {};
    deferred.addCallbacks((value) => { outcome.value = value; }, (failure) => { outcome.error = failure.error; });
    return outcome;
}

const isPending = (outcome) => Object.keys(outcome).length === 0;

const LOOKS = {
    objects: (script, expected) => assert.deepEqual(living(), expected),
    ended: (script, expected) => assert.deepEqual(ended, expected),
    detached: ({ detached }, expected) =>
        assert.deepEqual(detached.filter((one) => !isPending(one)).map(({ error }) => (error ? "failed" : "done")), expected),
    pending: ({ results }, expected) => assert.equal(results.filter(isPending).length, expected),
    result({ results }, [index, kind, expected]) {
        const { value, error } = results[index - 1];
        assert.ok(kind === "value" ? value === expected : error instanceof ConnectionLost);
    },
};

for (const { about, steps } of detaching.filter(({ side }) => side === "browser")) {
    test(`Detaching: ${about}.`, () => {
        const script = new Script();
        for (const step of steps) {
            const [key] = Object.keys(step);
            if (key in LOOKS) {
                LOOKS[key](script, step[key]);
            } else {
                script[key](step);
                script.assertSent(step.sends ?? []);
            }
        }
    });
}
