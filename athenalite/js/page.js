/**
 * The page, which connects the document, its widgets and the session with the server. It finds the methods that the server
 * calls, runs those that events call, and passes on the session's hooks.
 */

import { findClass } from "./classes.js";
import { Deferred } from "./deferred.js";
import { elementsOf, nearestWidgetNode, objectIDOf } from "./dom.js";
import { NoSuchMethod } from "./errors.js";
import { EventHandlers } from "./events.js";
import { reportMissing } from "./failures.js";
import { advise, isolate, logError, logWarning } from "./log.js";
import { ModuleLoader, namedAny } from "./modules.js";
import { read } from "./members.js";
import { settle } from "./natives.js";
import { ConnectionStatus } from "./status.js";
import { isRemedied } from "./texts.js";
import { Widget } from "./widget.js";
import { endedWidgets, makeWidgets, widgetAround, widgetsByID } from "./widgets.js";

/**
 * How long after its navigation began a page may have no connection before this is shown, and how long at least after this script
 * began to run. In milliseconds.
 */
const PATIENCE_WITH_PAGE = 4000;
const PATIENCE_WITH_SOCKET = 2500;
/** How long a page is disconnected before it asks why: at random up to twice of this, because a restarted server has many pages. */
const PATIENCE_WITH_SERVER = 20_000;

/**
 * The page of `document`; `Widget.page` is this. Give it its `session` before you `start` it.
 *
 * `widget` is an instance of the `jsClass` that the server names for the page, if it is one that exists. Those of the
 * methods `connectionMade()`, `disconnected()`, `resumed()` and `connectionLost(reason)` that it has are called when that
 * happens; `connectionLost` is then in the place of the usual dialog.
 */
export class Page {
    /**
     * @param {{modules: [string, string][], jsClass?: string, texts?: object, reloads?: boolean, posted?: boolean}} settings what the
     *     server wrote into the page
     * @param {Document} document
     * @param {string} base what the server's addresses are relative to
     */
    constructor(settings, document, base) {
        this.settings = settings;
        this.document = document;
        this.modules = new ModuleLoader(document, base);
        this.base = this.modules.base;
        this.status = new ConnectionStatus(document);
        Object.assign(this.status.texts, settings.texts);
        this.session = null;
        this.widget = null;
        /** The {@link Overlay}, in debug mode only. */
        this.overlay = null;
        // The hooks that were called before there were widgets, in their order; null once there are: the socket is often faster.
        this._early = [];
        /** Gets each value to be sent, and returns the value to send in its place. */
        this.adapt = (value) => value;
        /** Fires when the widgets of the document exist. */
        this.ready = new Deferred();
        this.departureObservers = [];
        this.events = new EventHandlers(document, (...given) => this._runHandler(...given));
        /** What {@link keepEarly} returned. */
        this.early = { kept: [], stop() {} };
        this._wasConnected = false;
        this._isUnreachable = false;
        // Waits so many milliseconds for a connection, and no longer for an earlier one; without a number, for none.
        this._wait = () => {};
        this._remaking = null;
        Widget.page = this;
    }

    /**
     * Make the widgets that came with the document, once their modules have run, and only then let the server call them.
     * @returns {Deferred} fires when that is done; never fails, for an error of one module or widget stops no other
     */
    start() {
        this.session.hold();
        this.events.start();
        return this.modules.loadModules(this.settings.modules ?? [])
            .addErrback((failure) => logError(failure.error, "A module could not be loaded"))
            .addCallback(() => {
                this._makeOwnWidget();
                makeWidgets(elementsOf(read(this.document, "documentElement")));
                reportMissing(this);
                this.ready.callback();
                this.early.stop();
                this.events.ready(this.early.kept);
                const early = this._early;
                this._early = null;
                early.forEach((hook) => this._tell(...hook));
                this.session.release();
            });
    }

    /**
     * Show people a connection that does not come, and reload the page where that is right.
     * @param {Remaking} remaking
     * @param {{setTimeout, clearTimeout, now}} clock `now()` in milliseconds since the navigation began
     * @param {function(string): Promise<"offline" | "silent" | "blocked">} findWhy finds out why there is no connection; with
     *     "?unconnected=1", the server logs it
     */
    watchConnection(remaking, clock, findWhy) {
        this._remaking = remaking;
        if (this.settings.reloads) {
            settle(remaking.whenLost(async () => (await findWhy()) === "blocked"),
                (reloading) => {
                    this.status.reloading = reloading;
                },
                (error) => logError(error, "The page could not be reloaded"));
        }
        let timer;
        this._wait = (patience) => {
            clock.clearTimeout(timer);
            const own = timer = patience && clock.setTimeout(async () => {
                const why = await findWhy("?unconnected=1");
                if (timer === own) {
                    this._stillUnconnected(why);
                }
            }, patience);
        };
        this._wait(Math.max(PATIENCE_WITH_PAGE - clock.now(), PATIENCE_WITH_SOCKET));
    }

    _stillUnconnected(why) {
        const { status } = this;
        const isSilent = /silent|offline/.test(why);
        if (isSilent) {
            this._wait(PATIENCE_WITH_SERVER * (1 + Math.random()));
        }
        // A page that was connected shows already that it reconnects.
        if (!isSilent || !this._wasConnected) {
            this._isUnreachable = true;
            // The application's own status may have no such method.
            (status.unreachable ?? status.disconnected).call(status, why);
        }
    }

    /** @returns {boolean} whether to reload the page, because it was lost before it could say or be told anything */
    _isToMakeAgain(reason) {
        // Who pressed a button would not know that it was in vain. A reload would repeat a POST.
        const isUsed = this._wasConnected || this.settings.posted || (this.session.isWaiting && navigator.userActivation?.hasBeenActive);
        return !isUsed && this._remaking !== null && isRemedied(reason);
    }

    _makeOwnWidget() {
        const { jsClass } = this.settings;
        isolate(`The page's own widget, a ${jsClass}, could not be set up`, () => {
            this.widget = jsClass ? new (findClass(jsClass))(this) : null;
        });
    }

    /** Call a method of the server's object `objectID`; 0 is the page itself. @returns {Deferred} */
    callRemote(objectID, methodName, args = [], kwargs = {}) {
        const result = this.session.callRemote(objectID, methodName, args, kwargs);
        return this.overlay ? result.addErrback((failure) => {
            if (failure.error.traceback) {
                this.overlay.callFailed(failure.error, methodName);
            }
            return failure;
        }) : result;
    }

    /** In debug mode, show `text` and write it into the server's log; it is about the widgets of these numbers. */
    report(text, widgets = []) {
        this.overlay?.show(text);
        if (this.settings.debug) {
            this.session.callRemote(0, "_athenaReport", [text, widgets]).addErrback(() => null);
        }
    }

    /**
     * Find the method of a server's call: the method of a widget, or for object 0 the global function of a dotted name, as a function
     * of the arguments alone. @throws {NoSuchMethod}
     */
    locateMethod(objectID, methodName) {
        const path = [widgetsByID[objectID]];
        const method = objectID === 0 ? namedAny(methodName, path) : path[0]?.[methodName];
        if (typeof method !== "function") {
            throw new NoSuchMethod(objectID, methodName);
        }
        return (...args) => method.apply(path.at(-1), args);
    }

    _runHandler(node, eventName, methodName, event) {
        const objectID = objectIDOf(nearestWidgetNode(node) ?? node);
        if (endedWidgets.has(objectID)) {
            advise(logWarning, "aboutEnded", objectID, eventName, methodName);
            return false;
        }
        try {
            return this.handleEvent(node, eventName, methodName, event);
        } catch (error) {
            logError(error, `There is no widget for ${methodName}, for ${eventName}`);
            return false;
        }
    }

    /**
     * Call `methodName(node, event)` of the widget that `node` is in. @returns what it returns, to be returned to the DOM;
     * false, so that nothing else happens, when there is no such method or it throws
     */
    handleEvent(node, eventName, methodName, event) {
        const widget = widgetAround(node);
        if (typeof widget[methodName] !== "function") {
            logError(new NoSuchMethod(widget.objectID, methodName), `Undefined event handler: ${methodName}`);
            return false;
        }
        return this.dispatchEvent(widget, eventName, methodName, () => widget[methodName](node, event));
    }

    /** Run `f` for an event; the calls it makes leave together when it is over. @returns what it returns, or false */
    dispatchEvent(widget, eventName, methodName, f) {
        this.session.pause();
        try {
            return f.call(widget);
        } catch (error) {
            logError(error, `${methodName} of widget ${widget.objectID} failed for ${eventName}`);
            return false;
        } finally {
            this.session.unpause();
        }
    }

    /** Have `observer(reason)` called, once, when the page is lost. */
    notifyOnDisconnect(observer) {
        this.departureObservers.push(observer);
    }

    // The session's hooks

    connectionMade() {
        this._wasConnected = true;
        this._wait();
        this._remaking?.connected();
        if (this._isUnreachable) {
            this.status.resumed();
        }
        this._tell("connectionMade");
    }

    disconnected() {
        this._wait(PATIENCE_WITH_SERVER * (1 + Math.random()));
        this.status.disconnected();
        this._tell("disconnected");
    }

    resumed() {
        this._wait();
        this.status.resumed();
        this._tell("resumed");
    }

    connectionEnding(reason) {
        const text = reason?.message ?? String(reason);
        this._wait();
        if (this._isToMakeAgain(text)) {
            const showLost = () => this._showLost(text);
            settle(this._remaking.makeAgain(), (isMade) => isMade || showLost(), showLost);
        } else {
            this._showLost(text);
        }
    }

    _showLost(text) {
        (this.status.clear ?? this.status.resumed).call(this.status);
        if (typeof this.widget?.connectionLost === "function") {
            this._tell("connectionLost", text);
        } else {
            this.status.lost(text, undefined, this.session.closeCode);
        }
    }

    connectionLost(reason) {
        const text = reason?.message ?? String(reason);
        for (const observer of this.departureObservers.splice(0)) {
            isolate("notifyOnDisconnect failed", () => observer(text));
        }
    }

    _tell(hook, ...args) {
        if (this._early !== null) {
            this._early.push([hook, ...args]);
            return;
        }
        isolate(`${hook} of the page's own widget failed`, () => this.widget?.[hook]?.(...args));
    }
}
