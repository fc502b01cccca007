/**
 * `Nevow.Athena`: widgets in the style of Athena applications. Their methods use the functions, the registry and the tree
 * of the core's widgets.
 */

import { findClass } from "../classes.js";
import { isUnhandled } from "../deferred.js";
import { classNameOf, elementByID, objectIDOf, translateID, widgetNodeAround, widgetNodeID } from "../dom.js";
import { setHandler } from "../events.js";
import { ConnectionLost, NoSuchChild, NoSuchMethod, RemoteError } from "../errors.js";
import { invoke } from "../members.js";
import { declareNamespace } from "../modules.js";
import { Page } from "../page.js";
import { Widget } from "../widget.js";
import { addChild, addChildFromInfo, detachWidget, removeChild, widgetAround, widgetsByID } from "../widgets.js";
import { adoptError } from "./defer.js";
import { Divmod } from "./divmod.js";
import { theRuntime } from "./runtime.js";

export const Nevow = declareNamespace("Nevow");
Nevow.Athena = { __name__: "Nevow.Athena", XMLNS_URI: "http://divmod.org/ns/athena/0.7", KEYCODE_ESCAPE: 27, page: null };
export const Athena = Nevow.Athena;

adoptError(Athena, "NoSuchChild", NoSuchChild);
adoptError(Athena, "NoSuchMethod", NoSuchMethod);

/** Convert a core error for Athena's errbacks: an instance of the class that the server names, or a plain message. */
function athenaError(error) {
    if (error instanceof ConnectionLost) {
        return new Error("Connection lost", { cause: error });
    }
    if (!(error instanceof RemoteError)) {
        return error;
    }
    const cls = error.jsClass ? Divmod.namedAny(error.jsClass) : undefined;
    try {
        return new cls(...error.args);
    } catch {
        // Undefined, or no class with such a constructor: the text has all of the error.
        const { reference, argument } = error;
        return Object.assign(Divmod.Error(`${error.type}: ${error.message}`), { reference, argument });
    }
}

/** An object on the server. */
Divmod.Class.subclass(Athena, "RemoteReference").methods(
    function __init__(self, objectID, page) {
        if (typeof objectID !== "number") {
            throw new Error(`Invalid object identifier: ${objectID}`);
        }
        self.objectID = objectID;
        self.page = page;
    },

    /** The page widget that calls go through: the one given, or `Nevow.Athena.page`. */
    function getPageWidget(self) {
        return self.page ?? Athena.page;
    },

    function callRemote(self, methodName, ...args) {
        return self._callRemote(methodName, args, {});
    },

    /** {@link callRemote} with keyword arguments only, an object. */
    function callRemoteKw(self, methodName, kwargs) {
        return self._callRemote(methodName, [], kwargs);
    },

    function _callRemote(self, methodName, args, kwargs) {
        const result = self.getPageWidget().sendCallRemote(self, methodName, args, kwargs);
        result.addErrback((failure) => {
            throw athenaError(failure.error);
        });
        // By then the caller has added an errback, or will not.
        setTimeout(() => result.addErrback((failure) => {
            if (!isUnhandled(failure, result)) {
                // Something else waits for the same Deferred.
                return failure;
            }
            if (!(failure.error?.cause instanceof ConnectionLost)) {
                Divmod.err(failure.error, `The call of ${methodName} failed, and nothing handled that`);
                self.showErrorDialog(methodName, failure);
            }
            return undefined;
        }), 0);
        return result;
    },

    /** Called when the call of `methodName` has failed and no errback handled it. Override it to show something else. */
    function showErrorDialog(self, methodName, failure) {
        self.getPageWidget().showErrorDialog(methodName, failure, self.node ? objectIDOf(self.node) : "unknown");
    });

Athena.RemoteReference.subclass(Athena, "Widget").methods(
    function __init__(self, node) {
        self.node = node;
        self.childWidgets = [];
        self.widgetParent = null;
        Athena.Widget.upcall(self, "__init__", objectIDOf(node));
    },

    /** Called when the widget has its parent. A widget of the document has no children then; others have theirs. */
    function loaded() {},

    /** Called when the node is in the document; only for widgets of the document. */
    function nodeInserted() {},

    /** Called when the widget has ended; the node is where it was. */
    function detached() {},

    function addChildWidget(self, child) {
        addChild(self, child);
    },

    function removeChildWidget(self, child) {
        removeChild(self, child);
    },

    function removeAllChildWidgets(self) {
        while (self.childWidgets.length) {
            self.removeChildWidget(self.childWidgets[0]);
        }
    },

    function setWidgetParent(self, parent) {
        self.widgetParent = parent;
    },

    /** See the core's `addChildFromInfo`. @returns {Deferred} of the widget, whose node the caller must insert */
    function addChildWidgetFromWidgetInfo(self, info) {
        return addChildFromInfo(self, info, self.getPageWidget()?.page ?? Widget.page);
    },

    function detach(self) {
        return self.callRemote("_athenaDetachServer").addCallback(() => self._athenaDetachClient());
    },

    function _athenaDetachClient(self) {
        detachWidget(self);
    });

// Nodes, time and events

Athena.Widget.methods(
    function nodeByAttribute(self, ...search) {
        return theRuntime.nodeByAttribute(self.node, ...search);
    },

    function firstNodeByAttribute(self, ...search) {
        return theRuntime.firstNodeByAttribute(self.node, ...search);
    },

    function nodesByAttribute(self, ...search) {
        return theRuntime.nodesByAttribute(self.node, ...search);
    },

    function translateNodeId(self, id) {
        return translateID(self.objectID, id);
    },

    function nodeById(self, id) {
        return elementByID(self.node, self.translateNodeId(id));
    },

    /** Call `f` after this many seconds. @returns an object with `cancel()` */
    function callLater(self, seconds, f) {
        return Divmod.Runtime.DelayedCall(seconds * 1000, f);
    },

    /** Call a method at an event ("onclick") of the widget's node, or of another in it. */
    function connectDOMEvent(self, eventName, methodName = eventName, node = self.node) {
        setHandler(node, eventName, (event) => Athena.Widget.handleEvent(node, eventName, methodName, event));
    });

Object.assign(Athena.Widget, {
    _athenaWidgets: widgetsByID,
    get: widgetAround,
    translateAthenaID: widgetNodeID,

    fromAthenaID(objectID) {
        return widgetsByID[objectID] ?? widgetAround(invoke(document, "getElementById", widgetNodeID(objectID)));
    },

    /** Call `methodName(node, event)` of the widget around `node`. @returns its result; false without such a method */
    handleEvent(...event) {
        return Page.prototype.handleEvent.apply(Athena.Widget, event);
    },

    dispatchEvent(widget, eventName, methodName, f) {
        return Athena.page.dispatchEvent(widget, eventName, methodName, f);
    },
});

Object.assign(Athena, {
    NodeByAttribute: (...search) => theRuntime.nodeByAttribute(...search),
    FirstNodeByAttribute: (...search) => theRuntime.firstNodeByAttribute(...search),
    NodesByAttribute: (...search) => theRuntime.nodesByAttribute(...search),
    getAttribute: (...args) => theRuntime.getAttribute(...args),
    athenaIDFromNode: objectIDOf,
    athenaClassFromNode: (node) => (classNameOf(node) === null ? null : findClass(classNameOf(node))),

    /** The node of the widget around `node`. */
    nodeByDOM: widgetNodeAround,

    /** The method of a widget that the server calls. */
    callByAthenaID(objectID, methodName, args) {
        const widget = Athena.Widget.fromAthenaID(objectID);
        if (typeof widget[methodName] !== "function") {
            throw new NoSuchMethod(objectID, methodName);
        }
        return widget[methodName](...args);
    },
});
