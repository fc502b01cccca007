/**
 * Does to the page what differs between two renderings, and touches nothing else: what a person has typed, opened or selected, and
 * what other scripts have changed, is in neither rendering.
 *
 * The last rendering is a tree of its own in a document where nothing runs or loads. Each of its nodes has a twin on the page, and what is
 * done to a twin is done to it, so that it stays the last rendering, and nodes that do not differ cost a comparison alone. Methods are
 * those of the prototypes, because a form's fields hide its properties.
 */

import { Set, addListener, getAttribute, getterOf, hasAttribute, isElement, parentOf, removeAttribute, removeNode } from "../natives.js";
import { invoke, read } from "../members.js";
import { boundaryOf, isEqual, isPair, localNameOf, longestRun, matched, ownerOf } from "./matching.js";
import { firstChildOf, makeTwin, nextOf, nodesIn, pair, pairChildren, place, removeTwin, scrolled, twinOf } from "./twins.js";
import { groupOf } from "./typed.js";

/** The content of such an element is left as it is. */
const KEEP = "data-athena-keep";

/** The field in which an input method composes, and its last rendering and the new one if that waits. */
let composing = null;
let waiting = null;

const classesOf = getterOf("Element", "classList");
const getAttributeNames = Element.prototype.getAttributeNames;
const querySelector = Element.prototype.querySelector;

/** Change `old`, the last rendering, and its twin to what `rendered` is. */
export function morph(old, rendered) {
    if (!isElement(rendered)) {
        if (old.data !== rendered.data) {
            twinOf(old).data = rendered.data;
            old.data = rendered.data;
        }
        return;
    }
    if (composing && twinOf(old) === composing) {
        waiting = [old, rendered];
        return;
    }
    morphAttributes(old, rendered);
    if (hasAttribute(rendered, KEEP) || localNameOf(rendered) === "noscript") {
        return;
    }
    if (localNameOf(rendered) === "template" && rendered.content) {
        pair(old.content, twinOf(old).content);
        morphChildren(old.content, rendered.content);
    } else if (localNameOf(rendered) === "select") {
        keepSelection(old, twinOf(old), () => morphChildren(old, rendered));
    } else {
        morphChildren(old, rendered);
    }
}

/** As {@link morph}, for what may be the node of another widget or part: it is left alone. */
function morphChild(old, rendered) {
    if (!(isElement(rendered) && boundaryOf(rendered) !== null)) {
        morph(old, rendered);
    }
}

/** Whether `old` and its twin are like `rendered`. While a rendering waits for an input method, the twin of `old` may be older. */
function isSame(old, rendered) {
    // The content of a template is not compared.
    return !waiting && isEqual(old, rendered)
        && !(isElement(rendered) && (localNameOf(rendered) === "template" || querySelector.call(rendered, "template")));
}

/** Have a radio button checked or not, unless a person has chosen another one than was rendered; `f` changes its attribute. */
function choose(live, isChecked, f) {
    const chosen = groupOf(live).find((one) => one.checked && !one.defaultChecked);
    f();
    // A browser takes one that another one has unchecked for one that a person has changed.
    if (isChecked) {
        (chosen ?? live).checked = true;
    } else {
        live.checked = false;
    }
}

function morphAttributes(old, rendered) {
    for (const name of getAttributeNames.call(rendered)) {
        const value = getAttribute(rendered, name);
        if (getAttribute(old, name) !== value && name !== "autofocus") {
            // An object of the browser's for those alone that differ.
            const { namespaceURI } = invoke(rendered, "getAttributeNode", name);
            change(old, rendered, name, (node) => invoke(node, "setAttributeNS", namespaceURI, name, value));
        }
    }
    for (const name of getAttributeNames.call(old)) {
        if (!hasAttribute(rendered, name)) {
            const { namespaceURI, localName } = invoke(old, "getAttributeNode", name);
            change(old, rendered, name, (node) => invoke(node, "removeAttributeNS", namespaceURI, localName));
        }
    }
}

/** Classes and styles are lists, to which other scripts add theirs. */
function change(old, rendered, name, f) {
    const live = twinOf(old);
    const isOwn = getAttribute(live, name) === getAttribute(old, name);
    if (name === "checked" && live.type === "radio") {
        choose(live, hasAttribute(rendered, name), () => f(live));
    } else if (name === "class" && !isOwn) {
        const before = new Set(classesOf(old));
        const after = new Set(classesOf(rendered));
        classesOf(live).remove(...[...before].filter((one) => !after.has(one)));
        classesOf(live).add(...[...after].filter((one) => !before.has(one)));
    } else if (name === "style" && !isOwn && read(live, "style")) {
        changeStyle(...[old, rendered, live].map((node) => read(node, "style")));
    } else {
        f(live);
    }
    if (!hasAttribute(rendered, name) && !getAttribute(live, name)) {
        removeAttribute(live, name);
    }
    f(old);
}

function changeStyle(old, rendered, live) {
    for (const property of [...old]) {
        if (!rendered.getPropertyValue(property)) {
            live.removeProperty(property);
        }
    }
    for (const property of [...rendered]) {
        const value = rendered.getPropertyValue(property);
        const priority = rendered.getPropertyPriority(property);
        if (old.getPropertyValue(property) !== value || old.getPropertyPriority(property) !== priority) {
            live.setProperty(property, value, priority);
        }
    }
}

function keepSelection(old, live, f) {
    const chosen = [...live.selectedOptions];
    // The last rendering has selected by itself what the page has, because the same was done to both.
    const rendered = new Set([...old.selectedOptions].map(twinOf));
    const isPersons = chosen.length !== rendered.size || chosen.some((one) => !rendered.has(one));
    f();
    if (isPersons && chosen.some((one) => one.isConnected)) {
        for (const option of live.options) {
            option.selected = chosen.includes(option);
        }
    }
}

function morphChildren(oldParent, renderedParent) {
    const changed = [];
    let one = firstChildOf(oldParent);
    let other = firstChildOf(renderedParent);
    for (; one && other; one = nextOf(one), other = nextOf(other)) {
        if (!isSame(one, other)) {
            if (!isPair(one, other)) {
                break;
            }
            changed.push([one, other]);
        }
    }
    if (one || other) {
        arrangeChildren(oldParent, renderedParent);
    } else {
        changed.forEach((nodes) => morphChild(...nodes));
    }
}

/** Add, remove and move nodes. */
function arrangeChildren(oldParent, renderedParent) {
    const old = nodesIn(oldParent);
    const rendered = nodesIn(renderedParent);
    pairChildren(oldParent);
    const liveParent = twinOf(oldParent);
    const found = matched(old, rendered);
    const positions = new Map(old.map((node, index) => [node, index]));
    const used = new Set(found.values());
    for (const node of old) {
        if (!used.has(node)) {
            removeTwin(node);
            removeNode(node);
        }
    }
    const stays = longestRun(rendered.map((node) => (found.has(node) ? positions.get(found.get(node)) : -1)));
    let before = null;
    let beforeOld = null;
    for (let index = rendered.length - 1; index >= 0; index -= 1) {
        const node = rendered[index];
        const other = found.get(node);
        if (other) {
            morphChild(other, node);
        }
        const live = other ? twinOf(other) : makeTwin(ownerOf(liveParent), node);
        // What another script has put elsewhere stays there.
        const isHere = parentOf(live) === liveParent;
        if (!stays.has(index)) {
            invoke(oldParent, "insertBefore", other ?? node, beforeOld);
            if (isHere || !other) {
                place(liveParent, live, before);
            }
        }
        before = parentOf(live) === liveParent ? live : before;
        beforeOld = other ?? node;
    }
}

/** Learn what the person does that is not to be disturbed: the use of an input method, and scrolling. */
export function watchPerson(document) {
    addListener(document, "scroll", ({ target }) => isElement(target) && scrolled.add(target), true);
    addListener(document, "compositionstart", ({ target }) => {
        composing = target;
        waiting = null;
    }, true);
    addListener(document, "compositionend", () => {
        const renderings = waiting;
        composing = waiting = null;
        if (renderings) {
            morph(...renderings);
        }
    }, true);
}
