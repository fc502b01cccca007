/** Starts the page that this script is part of; the only module that does anything when it is loaded. */

import { installAthena } from "./legacy/pagewidget.js";
import { logError } from "./log.js";
import { Page } from "./page.js";
import { Session } from "./session.js";
import { Socket, transportURL } from "./socket.js";
import { findClass } from "./widget.js";

function main() {
    const settings = JSON.parse(document.getElementById("athena-page").textContent);
    const clock = {
        setTimeout: (f, milliseconds) => setTimeout(f, milliseconds),
        clearTimeout: (timer) => clearTimeout(timer),
        now: () => performance.now(),
    };
    const page = new Page(settings, document);
    page.session = new Session({
        token: settings.token,
        maxMessageSize: settings.maxMessageSize,
        clock,
        locate: (objectID, methodName) => page.locateMethod(objectID, methodName),
        findClass,
        adapt: (value) => page.adapt(value),
        hooks: page,
        log: logError,
    });
    installAthena(page);
    // The line is made while the modules are on their way; what the server says waits until there are widgets.
    const url = transportURL(settings.transport, document.baseURI);
    new Socket(page.session, { url, WebSocket, target: window, clock }).start();
    page.start();
}

main();
