import assert from "node:assert/strict";
import { test } from "node:test";

import {
    NodeAttributeError, NodeNotFound, elementByID, firstNodeByAttribute, nearestWidgetNode, nodeByAttribute, nodesByAttribute,
    nodeOfMarkup, objectIDOf, parseXHTML,
} from "../../athenalite/js/dom.js";
import { makeDocument } from "./fakedom.js";

function makeRoot(content) {
    return makeDocument(content).body.childNodes[0];
}

test("nodeByAttribute finds the one node with the value, the root included.", () => {
    const root = makeRoot('<div name="a"><p name="b"></p></div>');
    assert.equal(nodeByAttribute(root, "name", "a"), root);
    assert.equal(nodeByAttribute(root, "name", "b"), root.childNodes[0]);
});

test("nodeByAttribute throws for none unless there is a default, null being one, and for several.", () => {
    const root = makeRoot('<div><p name="b"></p><p name="b"></p></div>');
    assert.throws(() => nodeByAttribute(root, "name", "x"), (error) =>
        error instanceof NodeAttributeError && error instanceof NodeNotFound
        && error.root === root && error.attribute === "name" && error.value === "x");
    assert.equal(nodeByAttribute(root, "name", "x", null), null);
    assert.throws(() => nodeByAttribute(root, "name", "b", null), /Found too many name = b/);
});

test("The whole attribute is compared: a class is not taken apart.", () => {
    const root = makeRoot('<div><p class="a b"></p></div>');
    assert.deepEqual(nodesByAttribute(root, "class", "a"), []);
    assert.equal(nodesByAttribute(root, "class", "a b").length, 1);
});

test("Several nodes come in document order, and the first is the first in it.", () => {
    const root = makeRoot('<div><p><i name="n" id="1"></i></p><b name="n" id="2"></b></div>');
    assert.deepEqual(nodesByAttribute(root, "name", "n").map((node) => node.id), ["1", "2"]);
    assert.equal(firstNodeByAttribute(root, "name", "n").id, "1");
    assert.throws(() => firstNodeByAttribute(root, "name", "x"), NodeAttributeError);
});

test("An element is found by its id in the document and in a tree that is in none; else NodeNotFound.", () => {
    const root = makeRoot('<div><p id="athenaid:1-x"></p></div>');
    assert.equal(elementByID(root, "athenaid:1-x"), root.childNodes[0]);
    root.remove();
    assert.equal(elementByID(root, "athenaid:1-x"), root.childNodes[0]);
    assert.throws(() => elementByID(root, "athenaid:2-x"), NodeNotFound);
});

test("The top of a tree is found by its id even if it has a getElementById that does not look there, as an <svg> has.", () => {
    const svg = makeRoot('<svg id="athena:3"></svg>');
    svg.remove();
    svg.getElementById = () => null;
    assert.equal(elementByID(svg, "athena:3"), svg);
});

test("A form is known by its id even if it has a field of the name id.", () => {
    const form = makeRoot('<form id="athena:7"></form>');
    Object.defineProperty(form, "id", { value: { tagName: "input" } });
    assert.equal(objectIDOf(form), 7);
});

test("The nearest widget's node is the node itself or the next one around it, or null.", () => {
    const root = makeRoot('<div id="athena:1"><p id="athenaid:1-x"></p></div>');
    assert.equal(nearestWidgetNode(root.childNodes[0]), root);
    assert.equal(nearestWidgetNode(root), root);
    assert.equal(nearestWidgetNode(root.parentNode), null);
});

test("XHTML that is not well-formed is an error.", () => {
    const { defaultView } = makeDocument();
    assert.equal(parseXHTML(defaultView, "<p>x</p>").documentElement.textContent, "x");
    assert.throws(() => parseXHTML(defaultView, "<p>"), /Not well-formed/);
});

const NAMESPACES = 'xmlns="http://www.w3.org/1999/xhtml" xmlns:athena="x"';

test("An element's markup is parsed as HTML in the element that it needs around it, or as XHTML in such a document.", () => {
    const document = makeDocument();
    const row = '<tr class="x" id="athena:7"><td data-id="athena:7"></td></tr>';
    for (const [contentType, markup, tagName, parent] of [
        ["text/html", `<div ${NAMESPACES}>${row}</div>`, "tr", "tbody"],
        ["text/html", `<div ${NAMESPACES}><p id="athena:7"></p></div>`, "p", "div"],
        ["application/xhtml+xml", `<div ${NAMESPACES}>${row}</div>`, "tr", "div"],
        ["text/html", `<p ${NAMESPACES} id="athena:7"></p>`, "p", undefined],
    ]) {
        document.contentType = contentType;
        const node = nodeOfMarkup(document, markup, 7);
        assert.equal(node.tagName, tagName);
        assert.equal(node.parentNode?.tagName, parent);
    }
    document.contentType = "text/html";
    assert.throws(() => nodeOfMarkup(document, `<div ${NAMESPACES}>${row}</div>`, 8), NodeNotFound);
});
