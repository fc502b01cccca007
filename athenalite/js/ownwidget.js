/** The page's own widget, for applications that are written as ES modules. */

import { nameErrors } from "./classes.js";

/**
 * The base class of a page's own widget, whose methods the page's own exposed methods answer. The server names a subclass
 * in the page's `jsClass`, `"Module.Class"`; one is made before the document's widgets.
 *
 * A subclass may have a method `connectionLost(reason)`. It is called when the page is lost, with a text, in the place of
 * the usual dialog.
 * @template {{ [Method in keyof Remote]: (...args: any[]) => any }} [Remote=any] the methods that the page exposes, as an
 *     interface: `class Main extends PageWidget<MainPage>`, or in JavaScript `@extends {PageWidget<MainPage>}`
 */
export class PageWidget {
    /** @param {object} page to be passed on by a subclass */
    constructor(page) {
        /** @internal */
        this._page = page;
    }

    /**
     * Call a method that the page exposes. While there is no connection, the call waits.
     * @template [T=never]
     * @template {keyof Remote & string} [Name=keyof Remote & string]
     * @param {Name} methodName
     * @param {Parameters<Remote[Name]>} args
     * @returns {import("./deferred.js").Deferred<{ 0: Awaited<ReturnType<Remote[Name]>>, 1: T }[[T] extends [never] ? 0 : 1]>} as of a widget
     */
    callRemote(methodName, ...args) {
        return nameErrors(this._page.callRemote(0, methodName, args));
    }

    /**
     * {@link callRemote} with keyword arguments, and positional ones after them.
     * @template [T=never]
     * @template {keyof Remote & string} [Name=keyof Remote & string]
     * @param {Name} methodName
     * @param {Record<string, unknown>} kwargs
     * @param {unknown[]} args
     * @returns {import("./deferred.js").Deferred<{ 0: Awaited<ReturnType<Remote[Name]>>, 1: T }[[T] extends [never] ? 0 : 1]>}
     */
    callRemoteKw(methodName, kwargs, ...args) {
        return nameErrors(this._page.callRemote(0, methodName, args, kwargs));
    }

    /** Called when the page is connected for the first time. */
    connectionMade() {}

    /** Called when the connection is lost for the moment. */
    disconnected() {}

    /** Called when the page is connected again. */
    resumed() {}
}
