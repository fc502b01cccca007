/**
 * Starts the page that this script is part of; with the opener, the only module with an effect when it is loaded. Its
 * exports are those of the linked script. What it imports is in that script, or in one that the linked one imports:
 * `_assets/clientscripts.py`.
 */

// The linked script has its modules in this order: those that are alike, one behind the other, become smaller.
import { ACK_EVERY } from "./acknowledgements.js";
import { Socket } from "./socket.js";
import { Session } from "./session.js";
import {
    AthenaError, ConnectionLost, MessageTooLarge, NoSuchChild, NoSuchMethod, Overflow, ProtocolError, RemoteError, UnsafeInteger,
} from "./errors.js";
import { logError, observeErrors } from "./log.js";
import { loadTexts } from "./texts.js";
import { KEPT } from "./early.js";
import { invoke, read } from "./members.js";
import { NodeAttributeError, NodeNotFound } from "./dom.js";
import { Remaking } from "./remaking.js";
import {
    AlreadyCalledError, Deferred, DeferredList, Failure, FirstError, fail, gatherResults, maybeDeferred, succeed,
} from "./deferred.js";
import { watchFailures } from "./failures.js";
import { Widget } from "./widget.js";
import { PageWidget } from "./ownwidget.js";
import { findClass, registerClass } from "./classes.js";
import { OPENED, reportLeft, transportURL, whenShown } from "./handshake.js";
import { installAthena } from "./legacy/pagewidget.js";
import { MutationObserver } from "./natives.js";
import { baseOf } from "./modules.js";
import { lacksJSON, loadJSON, parseJSON } from "./jsontext.js";
import { Page } from "./page.js";

async function main() {
    if (lacksJSON) {
        await loadJSON();
    }
    const data = invoke(document, "getElementById", "athena-page");
    if (!(KEPT in data)) {
        try {
            // From the browser's cache this script may be faster, and a document that is XML has no other.
            await import("./opener.js");
        } catch {
            // No early events are kept then, and the client opens the first socket.
        }
    }
    const loadLanguage = () => loadTexts(document);
    loadLanguage();
    new MutationObserver(loadLanguage).observe(read(document, "documentElement"), { attributeFilter: ["lang"] });
    const settings = parseJSON(data.textContent);
    // As they are now, whatever other scripts make of them later.
    const { setTimeout, clearTimeout, performance } = window;
    const clock = {
        setTimeout: (f, milliseconds) => setTimeout(f, milliseconds),
        clearTimeout: (timer) => clearTimeout(timer),
        now: () => performance.now(),
    };
    const base = baseOf(document, "athenalite.js", import.meta.url);
    const page = new Page(settings, document, base);
    page.session = new Session({
        token: settings.token,
        maxMessageSize: settings.maxMessageSize,
        clock,
        locate: (objectID, methodName) => page.locateMethod(objectID, methodName),
        findClass,
        adapt: (value) => page.adapt(value),
        hooks: page,
        firstAck: 1 + Math.floor(Math.random() * ACK_EVERY),
        log: logError,
    });
    page.early = data[KEPT] ??= page.early;
    installAthena(page);
    page.overlay = data[Symbol.for("athenalite.overlay")];
    page.overlay?.connect(page, observeErrors);
    watchFailures(page, window);
    const url = transportURL(settings.transport, base);
    // A server that takes long to authorize a socket is not out of reach.
    const remaking = new Remaking(window, clock);
    const findWhy = async (query = "") => (page.session.hasSocket && clock.now() < 9000 ? "silent" : remaking.whyUnreachable(url + query));
    // The socket is opened while the modules are loading; the server's messages are not run before the widgets exist.
    page.session.hold();
    whenParsed(() => page.start().addCallback(() => page.session.release()));
    whenShown(() => {
        const opened = data[OPENED];
        data[OPENED] = undefined;
        page.watchConnection(remaking, clock, findWhy);
        new Socket(page.session, { url, WebSocket, reportLeft, opened, target: window, clock }).start();
    });
}

/** Call `start` when the document has been parsed: this script runs before that, because the socket does not need the document. */
function whenParsed(start) {
    if (read(document, "readyState") === "loading") {
        invoke(document, "addEventListener", "DOMContentLoaded", start, { once: true });
    } else {
        start();
    }
}

/**
 * Call `start` in one instance of this module only. A page at `http://user:password@host/` has two: a script has the address
 * with the password, and the modules that import this one from another module have it without.
 */
function once(start) {
    // Unlike the base's, the document's address is the page's own. An @ elsewhere in it costs a moment.
    if (read(document, "URL").includes("@")) {
        const address = import.meta.url;
        import(address).then((client) => {
            // A class of this script: both may import the same others.
            if (client.PageWidget === PageWidget) {
                start();
            }
        });
    } else {
        start();
    }
}

once(main);

// What an application's ES modules may import from "athenalite"; athenalite.d.ts declares it.
export {
    PageWidget, Widget, registerClass,
    Deferred, DeferredList, Failure, fail, gatherResults, maybeDeferred, succeed,
    AthenaError, ConnectionLost, MessageTooLarge, NoSuchChild, NoSuchMethod, Overflow, ProtocolError, RemoteError,
    UnsafeInteger, AlreadyCalledError, FirstError, NodeAttributeError, NodeNotFound,
};
