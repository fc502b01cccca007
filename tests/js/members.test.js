import assert from "node:assert/strict";
import { test } from "node:test";

import { invoke, read } from "../../athenalite/js/members.js";

test("Without nodes, members of objects are read, and their methods called.", () => {
    const object = { name: "x", say(...words) { return [this.name, ...words]; } };
    assert.equal(read(object, "name"), "x");
    assert.deepEqual(invoke(object, "say", 1, 2), ["x", 1, 2]);
});

test("Members are read of the nodes of a mock browser, which has a class of nodes.", (t) => {
    t.after(() => delete globalThis.Node);
    globalThis.Node = function Node() {
        this.childNodes = [];
    };
    globalThis.Node.prototype.appendChild = function appendChild(child) {
        this.childNodes.push(child);
        return child;
    };
    const node = new globalThis.Node();
    assert.equal(invoke(node, "appendChild", "x"), "x");
    assert.deepEqual(read(node, "childNodes"), ["x"]);
    assert.equal(read(node, "missing"), undefined);
});

test("What a node has by its name or its fields does not hide what its class has.", (t) => {
    t.after(() => delete globalThis.Node);
    globalThis.Node = class {
        get baseURI() {
            return "http://localhost/";
        }

        get title() {
            return `the title of ${this.label}`;
        }

        closest(selector) {
            return [this.label, selector];
        }
    };
    const node = new globalThis.Node();
    for (const [name, value] of [["label", "a form"], ["title", "a field"], ["closest", {}], ["prerendering", "a field"]]) {
        Object.defineProperty(node, name, { value });
    }
    assert.equal(node.title, "a field");
    assert.equal(read(node, "title"), "the title of a form");
    assert.deepEqual(invoke(node, "closest", "b"), ["a form", "b"]);
    // A browser whose documents have no such property.
    assert.equal(read(node, "prerendering"), undefined);
});
