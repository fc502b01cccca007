/**
 * Does to the page what differs between two renderings, and touches nothing else: what a person has typed, opened or selected, and
 * what other scripts have changed, is in neither rendering.
 *
 * The last rendering is a tree of its own in a document where nothing runs or loads. Each of its nodes has a twin on the page. Methods
 * are those of the prototypes, because a form's fields hide its properties.
 */

import {
    Map, Set, WeakMap, addListener, getAttribute, getterOf, hasAttribute, isElement, mapped, parentOf, removeAttribute,
    removeNode, selectAll,
} from "../natives.js";
import { invoke, read } from "../members.js";
import { PART, attributesOf, boundaryOf, isAlike, isConnected, localNameOf, longestRun, matched, ownerOf } from "./matching.js";
import { groupOf } from "./typed.js";

/** The content of such an element is left as it is. */
const KEEP = "data-athena-keep";

/** The node of the page for a node of a rendering. */
const twins = new WeakMap();
/** The children that nodes of the page had before other scripts changed them. */
const originals = new WeakMap();
/** Renderings for the field in which an input method composes: they wait. */
const waiting = new Map();
let composing = null;
/** Elements that have been scrolled. */
const scrolled = new Set();

const firstChildOf = getterOf("Node", "firstChild");
const nextOf = getterOf("Node", "nextSibling");
const classesOf = getterOf("Element", "classList");
const importNode = Document.prototype.importNode;
const insertBefore = Node.prototype.insertBefore;
const replaceChild = Node.prototype.replaceChild;
const moveBefore = Element.prototype.moveBefore;
const setAttributeNS = Element.prototype.setAttributeNS;
const removeAttributeNS = Element.prototype.removeAttributeNS;
const getAttributeNS = Element.prototype.getAttributeNS;

/** Note that `live` is the twin of `rendered`. Those of the nodes in it are found when they are needed. */
export function pair(rendered, live) {
    twins.set(rendered, live);
}

/** Find the twins of the children of `rendered`, before its or their order changes. */
export function pairChildren(rendered) {
    const parent = twinOf(rendered);
    let child = firstChildOf(rendered);
    if (!child || twins.has(child)) {
        return;
    }
    for (const live of originals.get(parent) ?? read(parent, "childNodes")) {
        if (child && isAlike(child, live)) {
            twins.set(child, live);
            child = nextOf(child);
        }
    }
    // The page may have been parsed otherwise. Such a node has a twin outside of the document.
    for (; child; child = nextOf(child)) {
        twins.set(child, importNode.call(ownerOf(parent), child, true));
    }
}

/** The node of the page for a node of the last rendering. */
export function twinOf(rendered) {
    if (!twins.has(rendered)) {
        pairChildren(parentOf(rendered));
    }
    return twins.get(rendered);
}

/** Note what other scripts have changed: what they have added is foreign, and what they have moved or removed is as it was rendered. */
export function noteForeign(records) {
    const before = new Map();
    for (const { target, addedNodes, removedNodes, nextSibling } of [...records].reverse()) {
        if (!originals.has(target) && invoke(target, "closest", `[${PART}]`)) {
            const children = before.get(target) ?? [...read(target, "childNodes")];
            before.set(target, children);
            // Undo it.
            mapped(addedNodes, (node) => children.splice(children.indexOf(node), 1));
            children.splice(nextSibling ? children.indexOf(nextSibling) : children.length, 0, ...removedNodes);
        }
    }
    before.forEach((children, target) => originals.set(target, children));
}

/** Pair what was copied, before scripts see the copy. */
function pairAll(rendered, live) {
    twins.set(rendered, live);
    let other = firstChildOf(live);
    for (let child = firstChildOf(rendered); child; child = nextOf(child)) {
        pairAll(child, other);
        other = nextOf(other);
    }
}

/** Make the twin of `rendered`, in `document`. What is a stub in it is the node of the page. */
export function makeTwin(document, rendered) {
    let live = importNode.call(document, rendered, true);
    pairAll(rendered, live);
    for (const stub of isElement(live) ? [live, ...selectAll(live, `[id^="athena:"],[${PART}]`)] : []) {
        const known = boundaryOf(stub) === null ? null : hooks.known(stub);
        if (known && stub === live) {
            twins.set(rendered, known);
            live = known;
        } else if (known) {
            replaceChild.call(parentOf(stub), known, stub);
        }
    }
    hooks.made(live);
    return live;
}

/** Put `live` into `parent`, before the node `before`, with its state where the browser can. */
export function place(parent, live, before) {
    if (!isConnected(live) || !isConnected(parent)) {
        insertBefore.call(parent, live, before);
        return;
    }
    const offsets = [];
    for (const node of scrolled) {
        if (!isConnected(node)) {
            scrolled.delete(node);
        } else if (invoke(live, "contains", node)) {
            offsets.push([node, node.scrollLeft, node.scrollTop]);
        }
    }
    (moveBefore ?? insertBefore).call(parent, live, before);
    // A browser may scroll to the start what is moved.
    for (const [node, left, top] of offsets) {
        node.scrollTo({ left, top, behavior: "instant" });
    }
}

/**
 * What is done with nodes that are removed and that are made, and the node of the page for a stub; `nested.js` sets it.
 */
export const hooks = {
    removing() {},
    made() {},
    known() {
        return null;
    },
};

/** Change the twin of `old`, the last rendering, to that of `rendered`. */
export function morph(old, rendered) {
    const live = twinOf(old);
    twins.set(rendered, live);
    if (!isElement(rendered)) {
        if (old.data !== rendered.data) {
            live.data = rendered.data;
        }
        return;
    }
    if (live === composing) {
        waiting.set(live, [waiting.get(live)?.[0] ?? old, rendered]);
        return;
    }
    morphAttributes(old, rendered, live);
    if (hasAttribute(rendered, KEEP) || localNameOf(rendered) === "noscript") {
        return;
    }
    if (localNameOf(rendered) === "template" && rendered.content) {
        twins.set(old.content, live.content);
        morphChildren(old.content, rendered.content, live.content);
    } else if (localNameOf(rendered) === "select") {
        keepSelection(old, live, () => morphChildren(old, rendered, live));
    } else {
        morphChildren(old, rendered, live);
    }
}

/** As {@link morph}, for what may be the node of another widget or part: it is left alone. */
function morphChild(old, rendered) {
    if (isElement(rendered) && boundaryOf(rendered) !== null) {
        twins.set(rendered, twinOf(old));
    } else {
        morph(old, rendered);
    }
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

function morphAttributes(old, rendered, live) {
    for (const { namespaceURI, name, localName, value } of [...attributesOf(rendered)]) {
        const before = getAttributeNS.call(old, namespaceURI, localName);
        if (before !== value && name !== "autofocus") {
            change(old, rendered, live, name, () => setAttributeNS.call(live, namespaceURI, name, value));
        }
    }
    for (const { namespaceURI, name, localName } of [...attributesOf(old)]) {
        if (getAttributeNS.call(rendered, namespaceURI, localName) === null) {
            change(old, rendered, live, name, () => removeAttributeNS.call(live, namespaceURI, localName));
        }
    }
}

/** Classes and styles are lists, to which other scripts add theirs. */
function change(old, rendered, live, name, otherwise) {
    if (name === "checked" && live.type === "radio") {
        choose(live, hasAttribute(rendered, name), otherwise);
    } else if (getAttribute(live, name) === getAttribute(old, name)) {
        otherwise();
    } else if (name === "class") {
        const before = new Set(classesOf(old));
        const after = new Set(classesOf(rendered));
        classesOf(live).remove(...[...before].filter((one) => !after.has(one)));
        classesOf(live).add(...[...after].filter((one) => !before.has(one)));
    } else if (name === "style" && read(live, "style")) {
        changeStyle(...[old, rendered, live].map((node) => read(node, "style")));
    } else {
        otherwise();
        return;
    }
    if (!hasAttribute(rendered, name) && !getAttribute(live, name)) {
        removeAttribute(live, name);
    }
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
    const rendered = new Set([...old.selectedOptions].map(twinOf));
    const isPersons = chosen.length !== rendered.size || chosen.some((one) => !rendered.has(one));
    f();
    if (isPersons && chosen.some((one) => one.isConnected)) {
        for (const option of live.options) {
            option.selected = chosen.includes(option);
        }
    }
}

function morphChildren(oldParent, renderedParent, liveParent) {
    const old = [...read(oldParent, "childNodes")];
    const rendered = [...read(renderedParent, "childNodes")];
    pairChildren(oldParent);
    const found = matched(old, rendered);
    const positions = new Map(old.map((node, index) => [node, index]));
    const used = new Set(found.values());
    for (const node of old) {
        if (!used.has(node)) {
            removeTwin(node);
        }
    }
    const stays = longestRun(rendered.map((node) => (found.has(node) ? positions.get(found.get(node)) : -1)));
    let before = null;
    for (let index = rendered.length - 1; index >= 0; index -= 1) {
        const node = rendered[index];
        const other = found.get(node);
        if (other) {
            morphChild(other, node);
        }
        const live = other ? twinOf(node) : makeTwin(ownerOf(liveParent), node);
        // What another script has put elsewhere stays there.
        const isHere = parentOf(live) === liveParent;
        if (!stays.has(index) && (isHere || !other)) {
            place(liveParent, live, before);
        }
        before = parentOf(live) === liveParent ? live : before;
    }
}

/** Remove the twin of `rendered` from the page. */
export function removeTwin(rendered) {
    const live = twinOf(rendered);
    hooks.removing(live);
    removeNode(live);
}

/** Replace the twin of `old` by that of `rendered`, which is another kind of node. */
export function replaceTwin(old, rendered) {
    const live = twinOf(old);
    hooks.removing(live);
    replaceChild.call(parentOf(live), makeTwin(ownerOf(live), rendered), live);
}

/** Learn what the person does that is not to be disturbed: the use of an input method, and scrolling. */
export function watchPerson(document) {
    const passive = { capture: true, passive: true };
    addListener(document, "scroll", ({ target }) => isElement(target) && scrolled.add(target), passive);
    addListener(document, "compositionstart", ({ target }) => {
        composing = target;
    }, true);
    addListener(document, "compositionend", ({ target }) => {
        composing = null;
        const renderings = waiting.get(target);
        waiting.delete(target);
        if (renderings) {
            morph(...renderings);
        }
    }, true);
}
