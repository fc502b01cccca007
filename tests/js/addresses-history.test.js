import assert from "node:assert/strict";
import { test } from "node:test";

import { AddressBar } from "../../athenalite/js/addresses/history.js";
import { Deferred } from "../../athenalite/js/deferred.js";

/** A window at this path, and a page of it that records its calls. */
function open(pathname = "/") {
    const shown = [];
    const record = (name) => (state, title, url) => shown.push([name, url]);
    const window = {
        location: { pathname, search: "", hash: "", reload: () => shown.push("reload") },
        history: { pushState: record("push"), replaceState: record("replace") },
        addEventListener: (type, f) => { window[type] = f; },
    };
    const calls = [];
    const page = {
        callRemote(objectID, name, args) {
            const result = new Deferred();
            calls.push({ args: [objectID, name, ...args], result });
            return result;
        },
        notifyOnDisconnect: (f) => { page.lose = f; },
    };
    const go = (search) => {
        window.location.search = search;
        window.popstate();
    };
    return { bar: new AddressBar(window, page), shown, calls, go, page };
}

test("The server's addresses are shown, behind the prefix that its proxy removes.", () => {
    const { bar, shown } = open("/app/shelf");
    bar.show("/shelf?a", true, 0, "/shelf");
    bar.show("/", false, 0, "/shelf");
    bar.show("/elsewhere", true, 0, "/other");
    assert.deepEqual(shown, [["push", "/app/shelf?a"], ["replace", "/app/"], ["push", "/elsewhere"]]);
});

test("Where the person goes is reported, one after the other, the last at the end, and counts.", () => {
    const { bar, shown, calls, go } = open("/shelf");
    go("?a");
    go("?b");
    go("?c");
    assert.deepEqual(calls.map(({ args }) => args), [[0, "_athenaMoved", "/shelf?a", "/shelf", 1]]);
    bar.show("/late", true, 1, "/shelf");
    calls[0].result.callback(null);
    assert.deepEqual(calls[1].args, [0, "_athenaMoved", "/shelf?c", "/shelf", 3]);
    calls[1].result.errback(new Error("failed"));
    calls[1].result.addErrback(() => null);
    assert.equal(calls.length, 2);
    bar.show("/next", true, 3, "/shelf");
    assert.deepEqual(shown, [["push", "/next"]]);
});

test("A page that is lost is loaded again at the address to which the person goes.", () => {
    const { shown, calls, go, page } = open();
    go("?a");
    go("?b");
    page.lose();
    calls[0].result.callback(null);
    go("?c");
    assert.deepEqual([shown, calls.length], [["reload"], 1]);
});
