/** `Nevow.Athena.PageWidget`: the page object of Athena applications, and its connection to a core page. */

import { createElement, elementsOf, objectIDOf } from "../dom.js";
import { read } from "../members.js";
import { URL, append, getAttribute, removeNode } from "../natives.js";
import { Page } from "../page.js";
import { showDialog } from "../status.js";
import { textOf } from "../texts.js";
import { Athena } from "./athena.js";
import { adaptToJSON } from "./base.js";
import { Divmod } from "./divmod.js";

Athena.CONNECTED = "connected";
Athena.DISCONNECTED = "disconnected";

/**
 * The page's own object, of this class or the subclass that is the page's `jsClass`. Override `connectionLost(reason)` or
 * `showDisconnectDialog(reason)` to show something else when the page is lost; `disconnected()` and `resumed()` to show
 * more in between; `onkeypress(event)` and `onbeforeunload(event)` to handle those events of the window.
 */
Divmod.Class.subclass(Athena, "PageWidget").methods(
    function __init__(self, page) {
        self.page = page;
        self.connectionState = Athena.CONNECTED;
        self.pageUnloaded = false;
        self.deliveryChannel = {
            pause: () => page.session.pause(),
            unpause: () => page.session.unpause(),
        };
        // Set first, because the rest of a subclass's __init__ may use it.
        Athena.page = self;
        for (const name of ["onkeypress", "onbeforeunload"]) {
            // A listener for the latter keeps some browsers from caching the page.
            if (self[name] !== Athena.PageWidget.prototype[name]) {
                Divmod.Base.addToCallStack(read(page.document, "defaultView"), name, self.makeHandler(name));
            }
        }
    },

    /** A function that calls the method `name` with its argument. */
    function makeHandler(self, name) {
        return (event) => self[name](event);
    },

    /** Called for key presses in the window, if it is overridden. */
    function onkeypress(self, event) {
        if (event.keyCode === Athena.KEYCODE_ESCAPE) {
            event.preventDefault();
        }
        return true;
    },

    /** Called when the page may be left, if it is overridden. The page lives on, because it may stay. */
    function onbeforeunload() {},

    /** Call `methodName` of the server's object that the remote `reference` stands for. @returns {Deferred} */
    function sendCallRemote(self, reference, methodName, args, kwargs) {
        return self.page.callRemote(reference.objectID, methodName, args, kwargs);
    },

    /** Call `f(reason)`, once, when the page is lost. */
    function notifyOnDisconnect(self, f) {
        self.page.notifyOnDisconnect(f);
    },

    function dispatchEvent(self, widget, eventName, methodName, f) {
        return Page.prototype.dispatchEvent.call(self.page, widget, eventName, methodName, f);
    },

    function baseURL(self) {
        return read(self.page.document, "baseURI");
    },

    function transportURL(self) {
        return new URL(self.page.settings.transport, self.page.base).href;
    },

    /** The page is lost; `reason` is a text. */
    function connectionLost(self, reason) {
        self.connectionState = Athena.DISCONNECTED;
        if (!self.pageUnloaded) {
            self.showDisconnectDialog(reason);
        }
    },

    function showDisconnectDialog(self, reason) {
        self.page.status.lost(reason, "nevow-connection-lost", self.page.session.closeCode);
    },

    /**
     * Show that the call of `methodName` has failed.
     * @param {number|string} errorClass the number of the widget that made the call, or "unknown"
     */
    function showErrorDialog(self, methodName, failure, errorClass) {
        const { document, status } = self.page;
        const text = (key, values) => textOf(document, status.texts ?? {}, key, values);
        showDialog(document, {
            className: `athena-error-dialog-${errorClass}`,
            title: text("error"),
            text: text("failed", { error: failure.error, method: methodName }),
            button: text("close"),
            action: removeNode,
        });
    });

Athena.notifyOnDisconnect = (f) => Athena.page.notifyOnDisconnect(f);
globalThis.server = Athena.server = Athena.RemoteReference(0);

/** Route events, values and hooks of `page` to Athena's functions. Call this before the page starts. */
export function installAthena(page) {
    page.adapt = adaptToJSON;
    page.handleEvent = (...event) => Athena.Widget.handleEvent(...event);
    Athena.PageWidget(page);
    showInitialArguments(page.document);
}

/** Put each widget's initial arguments into a hidden field, where Athena applications read them. */
function showInitialArguments(document) {
    for (const node of elementsOf(read(document, "documentElement"))) {
        if (objectIDOf(node) !== null) {
            append(read(document, "body"), createElement(document, "textarea", {
                id: `athena-init-args-${objectIDOf(node)}`,
                hidden: true,
                value: getAttribute(node, "data-athena-arguments") ?? "[]",
            }));
        }
    }
}
