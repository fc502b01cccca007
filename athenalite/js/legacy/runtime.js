/**
 * `Divmod.Runtime`: Athena's interface to the browser. There is one platform now; `theRuntime` exists without a document too,
 * so that modules load where there is none.
 */

import { Deferred } from "../deferred.js";
import {
    NodeAttributeError, NodeNotFound, createElement, elementByID, firstNodeByAttribute, nodeByAttribute, nodesByAttribute, parseXHTML,
} from "../dom.js";
import { setHandler } from "../events.js";
import { invoke, read } from "../members.js";
import { append, getAttribute, isElement, replaceChildren, setAttribute } from "../natives.js";
import { adoptError } from "./defer.js";
import { Divmod } from "./divmod.js";

const Runtime = Divmod.Runtime = { __name__: "Divmod.Runtime" };
adoptError(Runtime, "NodeNotFound", NodeNotFound);
adoptError(Runtime, "NodeAttributeError", NodeAttributeError);
/** Nothing throws it, as in Athena. */
Divmod.Error.subclass(Runtime, "TooManyNodes");
/** A script could not be loaded. */
Divmod.Error.subclass(Runtime, "ScriptLoadingError");

/** A function that will be called in `milliseconds`, unless cancelled. */
Divmod.Class.subclass(Runtime, "DelayedCall").methods(
    function __init__(self, milliseconds, f) {
        self._timer = setTimeout(f, milliseconds);
    },

    function cancel(self) {
        clearTimeout(self._timer);
    });

Divmod.Class.subclass(Runtime, "Platform");
Object.assign(Runtime.Platform, {
    DOM_DESCEND: "DOM_DESCEND",
    DOM_CONTINUE: "DOM_CONTINUE",
    DOM_TERMINATE: "DOM_TERMINATE",
    XHR_UNSENT: 0,
    XHR_OPEN: 1,
    XHR_SENT: 2,
    XHR_LOADING: 3,
    XHR_DONE: 4,
});

// Finding and reading

Runtime.Platform.methods(
    function __init__(self, name) {
        self.name = name;
        // Without a window there is no load event, and tests can call these.
        self.loadEvents = [];
    },

    /**
     * Visit `root` and its descendants, parents first. The visitor returns `DOM_DESCEND`, `DOM_CONTINUE` to skip the
     * node's descendants, or `DOM_TERMINATE`. @returns whether all were visited
     */
    function traverse(self, root, visitor) {
        const { DOM_DESCEND, DOM_CONTINUE, DOM_TERMINATE } = Runtime.Platform;
        if (!root) {
            throw new Error("traverse() passed bad rootNode");
        }
        const wish = visitor(root);
        if (wish !== DOM_DESCEND) {
            if (wish !== DOM_CONTINUE && wish !== DOM_TERMINATE) {
                throw new Error(`traverse() visitor returned illegal value: ${wish}`);
            }
            return wish === DOM_CONTINUE;
        }
        return [...read(root, "childNodes")].every((child) => self.traverse(child, visitor));
    },

    function getElementsByTagNameShallow(self, root, tagName) {
        return [...read(root, "childNodes")].filter((child) => read(child, "tagName")?.toLowerCase() === tagName);
    });

// As properties: a function of the same name would hide the one that it calls.
Runtime.Platform.namedMethods({
    /** An attribute, whether the document has namespaces (XHTML) or prefixes only (HTML); null when it is not there. */
    getAttribute(self, node, localName, namespaceURI, prefix) {
        if (!isElement(node)) {
            return null;
        }
        return (namespaceURI ? invoke(node, "getAttributeNS", namespaceURI, localName) : null)
            ?? getAttribute(node, prefix ? `${prefix}:${localName}` : localName);
    },

    setAttribute(self, node, localName, value, namespaceURI, prefix) {
        if (namespaceURI && invoke(node, "hasAttributeNS", namespaceURI, localName)) {
            invoke(node, "setAttributeNS", namespaceURI, localName, value);
        } else {
            setAttribute(node, prefix ? `${prefix}:${localName}` : localName, value);
        }
    },

    nodeByAttribute: (self, ...search) => nodeByAttribute(...search),
    firstNodeByAttribute: (self, ...search) => firstNodeByAttribute(...search),
    nodesByAttribute: (self, ...search) => nodesByAttribute(...search),
    getElementByIdWithNode: (self, node, id) => elementByID(node, id),
});

// Content

Runtime.Platform.methods(
    /** A document of the text. @throws {Error} when it is not well-formed, or does not name its namespace */
    function parseXHTMLString(self, text) {
        const parsed = parseXHTML(window, text);
        const root = read(parsed, "documentElement");
        if (!read(root, "namespaceURI")) {
            throw new Error(`XHTML needs its namespace: <${read(root, "tagName")}> has none`);
        }
        return parsed;
    },

    function importNode(self, node, deep) {
        return invoke(document, "importNode", node, deep);
    },

    function appendNodeContent(self, node, xhtml) {
        append(node, self.importNode(read(self.parseXHTMLString(xhtml), "documentElement"), true));
    },

    function setNodeContent(self, node, xhtml) {
        const content = self.importNode(read(self.parseXHTMLString(xhtml), "documentElement"), true);
        replaceChildren(node, content);
    },

    /** Run a classic script. @returns {Deferred} fires when it has run */
    function loadScript(self, url) {
        const loaded = new Deferred();
        append(read(document, "head"), createElement(document, "script", {
            onload: () => loaded.callback(null),
            onerror: () => loaded.errback(Runtime.ScriptLoadingError(`Could not load ${url}`)),
            src: url,
        }));
        return loaded;
    },

    function loadStylesheet(self, url) {
        append(read(document, "head"), createElement(document, "link", { rel: "stylesheet", type: "text/css", href: url }));
    },

    /** The request that {@link getPage} makes; tests may replace it. */
    function makeHTTPRequest() {
        return new XMLHttpRequest();
    },

    /**
     * Make an HTTP request; `args` and `headers` are arrays of pairs.
     * @returns {[XMLHttpRequest, Deferred]} the latter of `{status, response}`; it fails where there is no response, also after
     *     `Divmod._transportTimeout` seconds if that is set
     */
    function getPage(self, url, args = [], action = "GET", headers = [], content = "", synchronous = false) {
        const request = self.makeHTTPRequest();
        const answered = new Deferred().addCallback(() => {
            if (!request.status) {
                throw new Error(`Could not get ${url}`);
            }
            return { status: request.status, response: request.responseText };
        });
        const query = args.map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`).join("&");
        request.open(action, query ? `${url}?${query}` : url, !synchronous);
        if (!synchronous && Divmod._transportTimeout) {
            request.timeout = Divmod._transportTimeout * 1000;
        }
        headers.forEach(([name, value]) => request.setRequestHeader(name, value));
        request.onreadystatechange = () => {
            if (request.readyState === Runtime.Platform.XHR_DONE) {
                answered.callback();
            }
        };
        request.send(content);
        return [request, answered];
    });

// Geometry, in CSS pixels

Runtime.Platform.methods(
    /** The size `{w, h}` of the viewport. */
    function getPageSize(self, win) {
        const { innerWidth, innerHeight } = win ?? window;
        return { w: innerWidth, h: innerHeight };
    },

    /** The size `{w, h}` of an element, even if `display: none` hides it. */
    function getElementSize(self, node) {
        const style = read(node, "style");
        const { display } = style;
        if (display === "none") {
            style.display = "";
        }
        const size = { w: read(node, "clientWidth"), h: read(node, "clientHeight") };
        style.display = display;
        return size;
    },

    function findPosX(self, node) {
        return offsetOf(node, "offsetLeft");
    },

    function findPosY(self, node) {
        return offsetOf(node, "offsetTop");
    },

    /** The position `{x, y}` of the event on the page. */
    function getEventCoords(self, event) {
        const { pageX, pageY } = event ?? window.event;
        return { x: pageX, y: pageY };
    });

function offsetOf(node, side) {
    let offset = 0;
    for (let one = node, around; (around = one && read(one, "offsetParent")); one = around) {
        offset += read(one, side);
    }
    return offset;
}

// Events

Runtime.Platform.methods(
    /** Call `f` when the page has been loaded. */
    function addLoadEvent(self, f) {
        if (typeof window === "undefined") {
            self.loadEvents.push(f);
        } else if (read(document, "readyState") === "complete") {
            setTimeout(f, 1);
        } else {
            window.addEventListener("load", () => f(), { once: true });
        }
    },

    function addBeforeUnloadHandler(self, aWindow, f) {
        Divmod.Base.addToCallStack(aWindow, "onbeforeunload", f);
    },

    /** Call `object[methodName](node)` for the next event of this name ("onclick") on `node` only. */
    function connectSingleDOMEvent(self, eventName, object, node, methodName) {
        setHandler(node, eventName, () => {
            setHandler(node, eventName);
            return object[methodName](node);
        });
    });

export const theRuntime = Runtime.theRuntime = new Runtime.Platform(typeof window === "undefined" ? "no window" : "browser");
