import assert from "node:assert/strict";
import { test } from "node:test";

import { OPENED } from "../../athenalite/js/handshake.js";
import { tellUnstarted } from "../../athenalite/js/parts/unstarted.js";
import { makeDocument } from "./fakedom.js";
import { FakeClock } from "./fakeclock.js";

const SCRIPT = "http://host/_athena/0123/athenalite.js";

/** A page whose client does not run; `fetch` gets the address of one of the client's scripts. */
function makePage(t, fetch, { lang = "en", texts, imported = [] } = {}) {
    t.mock.timers.enable({ apis: ["Date"] });
    const error = t.mock.method(console, "error", () => {}).mock;
    const clock = new FakeClock();
    const page = { requests: [], closed: 0, reloads: 0, printed: () => error.calls.map((call) => call.arguments[0]) };
    const document = Object.assign(makeDocument(), { querySelectorAll: () => [{ src: SCRIPT }, ...imported.map((href) => ({ href }))] });
    document.documentElement.lang = lang;
    const defaultView = {
        location: { reload: () => { page.reloads += 1; }, toString: () => "http://host/" },
        setTimeout: (f, delay) => clock.setTimeout(f, delay),
        setInterval(f, delay) {
            const timer = { isOver: false };
            const again = () => {
                if (!timer.isOver) {
                    f();
                    clock.setTimeout(again, delay);
                }
            };
            clock.setTimeout(again, delay);
            return timer;
        },
        clearInterval: (timer) => { timer.isOver = true; },
        async fetch(url, options) {
            page.requests.push(`${options.method ?? "GET"} ${url}`);
            return options.method ? fetch(url) : {};
        },
    };
    Object.defineProperty(document, "defaultView", { value: defaultView });
    const settings = { transport: "./_athena/transport", ...texts ? { texts } : {} };
    page.data = { ownerDocument: document, textContent: JSON.stringify(settings), [OPENED]: {} };
    page.line = () => document.body.childNodes.find((node) => node.hasAttribute?.("data-athena-unstarted"));
    page.advance = (milliseconds) => {
        t.mock.timers.tick(milliseconds);
        clock.advance(milliseconds);
    };
    page.tell = () => tellUnstarted(page.data, { close: () => { page.closed += 1; } });
    return page;
}

const answer = (status, type) => ({ ok: status === 200, status, headers: new Headers({ "Content-Type": type }) });

test("The line, the console and the server's log have why the client does not run.", async (t) => {
    for (const [fetch, why] of [
        [() => answer(404, "text/html"), "404"],
        [() => answer(200, "text/html"), "type"],
        [() => { throw new TypeError("blocked"); }, "blocked"],
    ]) {
        const page = makePage(t, fetch);
        await page.tell();
        assert.match(page.line().textContent, /has not been loaded yet/);
        page.advance(0);
        assert.deepEqual(page.requests, [`HEAD ${SCRIPT}`, `GET http://host/_athena/transport?unconnected=script&why=${why}`]);
        assert.match(page.printed().at(-1), new RegExp(`${SCRIPT}, does not run: ${why}$`));
        t.mock.reset();
    }
});

test("A script that the client imports is the reason when it has not come.", async (t) => {
    const imported = ["http://host/_athena/0123/athenalite-a.js", "http://host/_athena/0123/athenalite-b.js"];
    const page = makePage(t, (url) => (url === imported[1] ? answer(404, "text/html") : answer(200, "text/javascript")), { imported });
    await page.tell();
    page.advance(0);
    assert.deepEqual(page.requests.slice(0, 3), [SCRIPT, ...imported].map((url) => `HEAD ${url}`));
    assert.match(page.requests[3], /why=404$/);
    assert.match(page.printed().at(-1), new RegExp(`${imported[1]}, does not run: 404$`));
});

test("A client that only comes late takes the line away, and is not reported.", async (t) => {
    const page = makePage(t, () => answer(200, "text/javascript; charset=utf-8"));
    await page.tell();
    page.advance(5000);
    page.data[OPENED] = undefined;
    page.advance(300);
    assert.equal(page.line(), undefined);
    page.advance(10_000);
    assert.deepEqual([page.requests.length, page.closed], [1, 0]);
    await page.tell();
    assert.equal(page.line(), undefined);
});

test("A client whose file is right and that does not run is reported after a while, and the socket is closed.", async (t) => {
    const page = makePage(t, () => answer(200, "text/javascript"));
    await page.tell();
    page.advance(5000);
    assert.equal(page.requests.length, 1);
    page.advance(2000);
    assert.match(page.requests[1], /why=failed$/);
    assert.equal(page.closed, 0);
    page.advance(60_000);
    assert.equal(page.closed, 1);
    assert.ok(page.line());
});

test("The texts are the application's, or those of the document's language, and the button reloads.", async (t) => {
    for (const [options, text, button] of [
        [{ lang: "de-CH" }, /Ein Teil dieser Seite/, "Neu laden"], [{ lang: "fr" }, /Une partie/, "Recharger"],
        [{ lang: "tlh" }, /A part/, "Reload"], [{ texts: { unstarted: "Wait", reload: "Again" } }, /^Wait/, "Again"],
    ]) {
        const page = makePage(t, () => answer(404, ""), options);
        await page.tell();
        assert.match(page.line().textContent, text);
        const [node] = page.line().getElementsByTagName("button");
        assert.equal(node.textContent, button);
        node.onclick();
        assert.equal(page.reloads, 1);
        t.mock.reset();
    }
});
