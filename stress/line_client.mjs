/**
 * The browser's side of stress/line.py: a session and its socket, as in a page, which check all calls.
 *
 * `node line_client.mjs PAGE FORWARDER RULES` fetches a page from the server at PAGE, and connects it through FORWARDER;
 * both are origins. It reports what line_server.py does.
 */
import { writeSync } from "node:fs";
import { isDeepStrictEqual } from "node:util";

import { Deferred } from "../athenalite/js/deferred.js";
import { Session } from "../athenalite/js/session.js";
import { Socket } from "../athenalite/js/socket.js";

const [page, forwarder] = process.argv.slice(2);
const { calls, speed, window, methods } = JSON.parse(process.argv[4]);

// The rules of line_account.py.

function methodOf(number) {
    return number % 997 === 0 ? "crash" : methods[number % methods.length];
}

function padOf(number) {
    return "\u20ac".repeat(number % 128 === 0 ? 1000 : number % 16);
}

function expectedError(number) {
    const errors = { refuse: ["Refused", String(number), [number]], crash: ["ZeroDivisionError", undefined, []] };
    return errors[methodOf(number)];
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
const figures = { ran: 0, answered: 0, sockets: 0, sent: 0 };
let issued = 0;
let newest = 0;

function issueMore() {
    while (issued < Math.min(calls, newest + window)) {
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
    if (number % 100_000 === 0) {
        report({ progress: number });
    }
    checkCompletion();
}

function checkCompletion() {
    if (issued === calls && figures.ran === calls && outstanding.size === 0) {
        report({ complete: true });
    }
}

function pause(number) {
    const deferred = new Deferred();
    setTimeout(() => deferred.callback([number, issued]), number % 5);
    return deferred;
}

const METHOD_BODIES = {
    answer: (number) => [number, issued],
    later: async (number) => pause(number),
    deferred: pause,
    refuse(number) {
        throw Object.assign(new Error(number), { name: "Refused" });
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

const clock = {
    now: () => performance.now() * speed,
    setTimeout: (f, delay) => setTimeout(f, delay / speed),
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

const document = await (await fetch(`${page}/`)).text();
const settings = document.match(/<script[^>]*id="athena-page"[^>]*>([^<]*)</)[1];
const { token, transport, maxMessageSize } = JSON.parse(settings);

const session = new Session({
    token,
    clock,
    locate,
    maxMessageSize,
    log: (error, text) => broken(`${text}: ${error?.stack ?? error}`),
    hooks: {
        connectionMade: issueMore,
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
