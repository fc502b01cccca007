/**
 * The browser's side of stress/line.py: a session and its socket, as in a page, which check all calls.
 *
 * `node line_client.mjs PAGE FORWARDER CALLS` fetches a page from the server at PAGE, and connects it through FORWARDER;
 * both are origins. It reports its completion, and its figures when its standard input has ended, each as one line of
 * JSON on standard output. If a guarantee is broken, it reports that and ends.
 */
import { writeSync } from "node:fs";
import { isDeepStrictEqual } from "node:util";

import { Deferred } from "../athenalite/js/deferred.js";
import { Session } from "../athenalite/js/session.js";
import { Socket } from "../athenalite/js/socket.js";

const [page, forwarder, calls] = [process.argv[2], process.argv[3], Number(process.argv[4])];

// The rules of line_account.py.

const SPEED = 20;
const WINDOW = 300;
const METHODS = ["answer", "later", "answer", "deferred", "answer", "refuse", "answer"];
const PROGRESS = 100_000;

function methodOf(number) {
    return number % 997 === 0 ? "crash" : METHODS[number % METHODS.length];
}

function padOf(number) {
    return "\u20ac".repeat(number % 128 === 0 ? 1000 : number % 16);
}

function expectedError(number) {
    switch (methodOf(number)) {
        case "refuse":
            return ["Refused", String(number), [number]];
        case "crash":
            return ["ZeroDivisionError", undefined, []];
        default:
            return undefined;
    }
}

// Reports.

function report(words) {
    writeSync(process.stdout.fd, `${JSON.stringify(words)}\n`);
}

function broken(how) {
    report({ broken: how });
    process.exit();
}

function demand(condition, otherwise) {
    if (!condition) {
        broken(otherwise());
    }
}

// The account, and the widget.

const outstanding = new Set();
const figures = { ran: 0, answered: 0, resumed: 0, sockets: 0, sent: 0 };
let issued = 0;
let newest = 0;
let complete = false;

function issueMore() {
    while (issued < Math.min(calls, newest + WINDOW)) {
        issued += 1;
        const number = issued;
        outstanding.add(number);
        session.callRemote(1, methodOf(number), [number, padOf(number)]).addCallbacks(
            // The second item is how many calls its side had issued by then. They have all run here, and no later one.
            (value) => answerCame(number, value, [number, figures.ran]),
            ({ error }) => answerCame(number, described(error), expectedError(number)));
    }
}

/** A RemoteError as {@link expectedError} has it; without its text if the server sent a reference instead of one. */
function described({ type, message, reference, args }) {
    return [type, reference === undefined ? message : undefined, args];
}

function answerCame(number, answer, expected) {
    demand(outstanding.delete(number), () => `call ${number} was answered twice`);
    demand(isDeepStrictEqual(answer, expected), () =>
        `call ${number} was answered ${JSON.stringify(answer)}, not ${JSON.stringify(expected)}`);
    figures.answered += 1;
    newest = Math.max(newest, number);
    issueMore();
    checkCompletion();
}

function callRan(number, methodName, pad) {
    demand(number === figures.ran + 1, () => `call ${number} was run after call ${figures.ran}`);
    demand(methodName === methodOf(number) && pad === padOf(number), () =>
        `call ${number} was run as ${methodName}(${JSON.stringify(pad)})`);
    figures.ran = number;
    if (number % PROGRESS === 0) {
        report({ progress: number });
    }
    checkCompletion();
}

function checkCompletion() {
    if (!complete && issued === calls && figures.ran === calls && outstanding.size === 0) {
        complete = true;
        report({ complete });
    }
}

class Refused extends Error {
    name = "Refused";
}

const pause = (number) => new Promise((resolve) => {
    setTimeout(resolve, number % 5);
});

const METHOD_BODIES = {
    answer: (number) => [number, issued],
    async later(number) {
        await pause(number);
        return [number, issued];
    },
    deferred(number) {
        const deferred = new Deferred();
        setTimeout(() => deferred.callback([number, issued]), number % 5);
        return deferred;
    },
    refuse(number) {
        throw new Refused(number);
    },
    crash() {
        throw null;
    },
};

function locate(objectID, methodName) {
    return (number, pad) => {
        callRan(number, methodName, pad);
        return METHOD_BODIES[methodName](number);
    };
}

// The socket.

/** Twenty times as fast as real time, so that many cuts fit into a minute. */
const clock = {
    now: () => performance.now() * SPEED,
    setTimeout: (f, delay) => setTimeout(f, delay / SPEED),
    clearTimeout,
};

/** node's WebSocket as in a page: it sends the page's origin, and a failed handshake ends in a close event. */
class PageWebSocket extends WebSocket {
    constructor(url) {
        super(url, { headers: { Origin: forwarder } });
        figures.sockets += 1;
        let closed = false;
        this.addEventListener("close", () => {
            closed = true;
        });
        this.addEventListener("error", () => setTimeout(() => {
            if (!closed) {
                this.onclose?.({ code: 1006, reason: "" });
            }
        }));
    }

    send(text) {
        // All numbered messages, resent ones too.
        if (/^\["(call|respond)"/.test(text)) {
            figures.sent += 1;
        }
        super.send(text);
    }
}

async function fetchPage() {
    const document = await (await fetch(`${page}/`)).text();
    return JSON.parse(document.match(/<script[^>]*id="athena-page"[^>]*>([^<]*)</)[1]);
}

const { token, transport, maxMessageSize } = await fetchPage();

const session = new Session({
    token,
    clock,
    locate,
    maxMessageSize,
    log: (error, text) => broken(`${text}: ${error?.stack ?? error}`),
    hooks: {
        connectionMade: issueMore,
        resumed() {
            figures.resumed += 1;
        },
        connectionLost: (reason) => broken(`the page was lost: ${reason.message}`),
    },
});
const target = Object.assign(new EventTarget(), {
    document: Object.assign(new EventTarget(), { visibilityState: "visible" }),
});
const url = new URL(transport, `${forwarder.replace(/^http/, "ws")}/`).href;
new Socket(session, { url, WebSocket: PageWebSocket, target, clock }).start();

// So that this process ends with the one that started it.
process.stdin.resume().once("end", () => {
    report(figures);
    process.exit();
});
