/** Each mistake of the table in docs/errors.rst whose message the browser writes is made here, and its message is the table's. */

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";

import { elementsOf } from "../../athenalite/js/dom.js";
import { AthenaError } from "../../athenalite/js/errors.js";
import { reportMissing } from "../../athenalite/js/failures.js";
import { OPENED } from "../../athenalite/js/handshake.js";
import { demanded } from "../../athenalite/js/live/demanded.js";
import { observeErrors } from "../../athenalite/js/log.js";
import { ModuleLoader } from "../../athenalite/js/modules.js";
import { Page } from "../../athenalite/js/page.js";
import { tellUnstarted } from "../../athenalite/js/parts/unstarted.js";
import { whyUnreachable } from "../../athenalite/js/reach.js";
import { makeWidgets } from "../../athenalite/js/widgets.js";
import { advised } from "./advised.js";
import { makeDocument } from "./fakedom.js";

/** The messages whose cause says that the browser writes them, by what it begins with: "(console)". */
async function rows() {
    const text = await readFile(new URL("../../docs/errors.rst", import.meta.url), "utf-8");
    const table = text.split("Messages for mistakes, and remedies")[1].split("\nDebug mode\n=")[0];
    return [...table.matchAll(/^ {3}\* - ``(.+)``\n {5}- \(/gm)].map(([, row]) => row);
}

const escaped = (text) => text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
const patternOf = (row) => new RegExp(row.split("...").map(escaped).join(".*"));

/** The messages of `make`, from the client's log, the console, and what is sent to the server. */
async function messagesOf(t, make) {
    const messages = [];
    const previous = observeErrors((error, message) => messages.push(`${message}: ${error.message}`));
    for (const method of ["warn", "error"]) {
        t.mock.method(console, method, (text) => messages.push(text));
    }
    const page = new Page({ widgets: [1, 1] }, makeDocument());
    page.report = () => {};
    await make(page, messages);
    await advised();
    observeErrors(previous);
    return messages;
}

function makeWidgetOf(jsClass, initial) {
    const page = new Page({}, makeDocument(`<div id="athena:7" athena:class="${jsClass}" data-athena-arguments="${initial}"></div>`));
    makeWidgets(elementsOf(page.document.documentElement));
}

const answer = (status, headers = {}, text = "") => ({ ok: status === 200, status, headers: new Headers(headers), text: async () => text });

const MISTAKES = {
    async "the module does not export the class"(page) {
        await new ModuleLoader(page.document).loadModules([["Mistaken", "data:text/javascript,export const Other = 1;//.mjs"]]);
        makeWidgetOf("Mistaken.Widget", "[]");
    },
    async "the class is no widget's"(page) {
        await new ModuleLoader(page.document).loadModules([["Plain", "data:text/javascript,export class Plain {}//.mjs"]]);
        makeWidgetOf("Plain.Plain", "[]");
    },
    "the document has no node for a widget": (page) => reportMissing(page),
    "an initial argument has an integer that would be rounded": () => makeWidgetOf("Mistaken.Other", "[9007199254740993]"),
    async "the policy forbids an inline handler"(page, messages) {
        const { Overlay } = await import("../../athenalite/js/overlay.js");
        const target = new EventTarget();
        new Overlay(page.document, target).connect({ report: (text) => messages.push(text) });
        target.dispatchEvent(Object.assign(new Event("securitypolicyviolation"), {
            effectiveDirective: "script-src-attr", blockedURI: "inline", sourceFile: "http://host/", lineNumber: 12,
        }));
    },
    async "the server refuses the socket"() {
        await whyUnreachable("ws://host/transport", {
            navigator: {}, origin: "http://host", location: { origin: "http://host" },
            fetch: async () => answer(426, { "Athenalite-Refused": 403 }, "The page came by another port than this request.\n"),
        });
    },
    async "a script that is loaded on demand is not there"(page, messages) {
        const script = "data:text/plain,none";
        await assert.rejects(demanded(import(script), script, AthenaError), (error) => {
            messages.push(error.message);
            return error instanceof AthenaError && error.cause !== undefined;
        });
    },
    async "the client's script is not there"() {
        const document = Object.assign(makeDocument(), { querySelectorAll: () => [{ src: "http://host/athenalite.js" }] });
        document.documentElement.lang = "en";
        const window = { location: "http://host/", setTimeout: (f) => f(), setInterval() {}, fetch: async () => answer(404) };
        Object.defineProperty(document, "defaultView", { value: window });
        await tellUnstarted({ ownerDocument: document, textContent: '{"transport":"./transport"}', [OPENED]: {} }, {});
    },
};

test("Each row of the browser's is the message of a mistake, and the message of each mistake is in a row.", async (t) => {
    const missing = new Set(await rows());
    assert.ok(missing.size >= 6);
    for (const [mistake, make] of Object.entries(MISTAKES)) {
        const messages = await messagesOf(t, make);
        const found = [...await rows()].filter((row) => messages.some((message) => patternOf(row).test(message)));
        assert.notDeepEqual(found, [], `${mistake}: ${messages}`);
        found.forEach((row) => missing.delete(row));
        t.mock.restoreAll();
    }
    assert.deepEqual([...missing], []);
});
