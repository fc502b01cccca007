/**
 * As much of a document as the client uses, for tests under node. Text that is to become nodes must be well-formed XML
 * without comments, entities and self-closing tags.
 */

const TOKEN = /<(\/?)([\w:-]+)((?:\s+[\w:-]+="[^"]*")*)\s*>|([^<]+)/g;
const ATTRIBUTE = /([\w:-]+)="([^"]*)"/g;

class FakeNode {
    parentNode = null;
    childNodes = [];

    append(...nodes) {
        for (const node of nodes) {
            const child = typeof node === "string" ? new FakeText(node) : node;
            child.remove();
            child.parentNode = this;
            this.childNodes.push(child);
        }
    }

    appendChild(node) {
        this.append(node);
        return node;
    }

    replaceChildren(...nodes) {
        this.childNodes.slice().forEach((child) => child.remove());
        this.append(...nodes);
    }

    remove() {
        if (this.parentNode) {
            this.parentNode.childNodes = this.parentNode.childNodes.filter((child) => child !== this);
            this.parentNode = null;
        }
    }

    removeChild(child) {
        child.remove();
        return child;
    }

    getRootNode() {
        return this.parentNode ? this.parentNode.getRootNode() : this;
    }

    getElementsByTagName(name) {
        return this.childNodes.filter((child) => child instanceof FakeElement).flatMap((child) =>
            [...(name === "*" || child.tagName === name ? [child] : []), ...child.getElementsByTagName(name)]);
    }

    /** Of a tag's name, or an attribute's in brackets. */
    querySelectorAll(selector) {
        const attribute = /^\[([\w-]+)\]$/.exec(selector)?.[1];
        return this.getElementsByTagName(attribute ? "*" : selector).filter((node) => !attribute || node.hasAttribute(attribute));
    }

    /** The listeners are in `listeners`, by type, to be called. */
    addEventListener(type, f) {
        this.listeners ??= {};
        this.listeners[type] = f;
    }

    get textContent() {
        return this.childNodes.map((child) => child.textContent).join("");
    }

    set textContent(text) {
        this.replaceChildren(text);
    }
}

class FakeText extends FakeNode {
    constructor(text) {
        super();
        this.text = text;
    }

    get textContent() {
        return this.text;
    }
}

class FakeElement extends FakeNode {
    nodeType = 1;
    attributes = new Map();
    style = {};

    constructor(ownerDocument, tagName) {
        super();
        this.ownerDocument = ownerDocument;
        this.tagName = tagName;
    }

    hasAttribute(name) {
        return this.attributes.has(name);
    }

    getAttribute(name) {
        return this.attributes.get(name) ?? null;
    }

    setAttribute(name, value) {
        this.attributes.set(name, String(value));
    }

    removeAttribute(name) {
        this.attributes.delete(name);
    }

    get localName() {
        return this.tagName;
    }

    hasAttributeNS() {
        return false;
    }

    getAttributeNS() {
        return null;
    }

    closest() {
        return null;
    }
}

// Of the handlers that are properties there are some.
for (const name of ["onblur", "onchange", "onclick", "ondblclick", "onfocus", "oninput", "onkeydown", "onkeyup", "onsubmit"]) {
    const handlers = new WeakMap();
    Object.defineProperty(FakeElement.prototype, name, {
        get() {
            return handlers.get(this) ?? null;
        },
        set(f) {
            handlers.set(this, f);
        },
    });
}

// These are attributes and properties alike.
for (const [property, attribute] of [["id", "id"], ["className", "class"]]) {
    Object.defineProperty(FakeElement.prototype, property, {
        get() {
            return this.getAttribute(attribute) ?? "";
        },
        set(value) {
            this.setAttribute(attribute, value);
        },
    });
}

class FakeDocument extends FakeNode {
    nodeType = 9;
    URL = "http://chat.example/room/";
    baseURI = this.URL;
    // A document's own, which a test replaces.
    defaultView = { DOMParser: FakeDOMParser };

    createElement(tagName) {
        return new FakeElement(this, tagName);
    }

    getElementById(id) {
        return this.getElementsByTagName("*").find((node) => node.id === id) ?? null;
    }

    createRange() {
        return {
            selectNodeContents() {},
            createContextualFragment: (markup) => new FakeDOMParser().parseFromString(markup).childNodes[0],
        };
    }

    importNode(node) {
        node.remove();
        return node;
    }

    get documentElement() {
        return this.childNodes[0];
    }

    get head() {
        return this.getElementsByTagName("head")[0];
    }

    get body() {
        return this.getElementsByTagName("body")[0] ?? null;
    }
}

class FakeDOMParser {
    parseFromString(markup) {
        const parsed = new FakeDocument();
        let parent = parsed;
        for (const [, closing, tagName, attributes, text] of markup.matchAll(TOKEN)) {
            if (text !== undefined) {
                parent.append(text);
            } else if (closing) {
                parent = parent.parentNode;
            } else {
                const node = parsed.createElement(tagName);
                for (const [, name, value] of attributes.matchAll(ATTRIBUTE)) {
                    node.setAttribute(name, value.replaceAll("&quot;", "\""));
                }
                parent.append(node);
                parent = node;
            }
        }
        if (parent !== parsed) {
            parent.append(parsed.createElement("parsererror"));
        }
        return parsed;
    }
}

/** A document whose body has this content. */
export function makeDocument(body = "") {
    return new FakeDOMParser().parseFromString(`<html><head></head><body>${body}</body></html>`);
}

/** The scripts that were inserted, to be run by calling `onload` or `onerror`. */
export function scriptsOf(document) {
    return document.getElementsByTagName("script");
}

/** A session that records its calls; `calls` are `[objectID, methodName, args, kwargs, deferred]`. */
export class FakeSession {
    calls = [];
    events = [];

    constructor(makeDeferred) {
        this.makeDeferred = makeDeferred;
    }

    callRemote(...call) {
        const deferred = this.makeDeferred();
        this.calls.push([...call, deferred]);
        return deferred;
    }

    pause() {
        this.events.push("pause");
    }

    unpause() {
        this.events.push("unpause");
    }

    hold() {
        this.events.push("hold");
    }

    release() {
        this.events.push("release");
    }
}
