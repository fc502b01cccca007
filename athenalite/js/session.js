/**
 * One page's session with its server. It outlives its sockets.
 *
 * Messages go into the delivery, and from there onto the open socket, the present one or the next. A received message is
 * counted when it is run, not when it arrives; see {@link Inbox}.
 */
import { Acknowledgements } from "./acknowledgements.js";
import { LocalCalls, RemoteCalls } from "./calls.js";
import { Deferred } from "./deferred.js";
import { Delivery } from "./delivery.js";
import { ConnectionLost, MessageTooLarge, NoSuchMethod, ProtocolError } from "./errors.js";
import { CLOSE_PAGE_LOST, encodeOpen } from "./handshake.js";
import { Inbox } from "./inbox.js";
import { mapped } from "./natives.js";
import { byteLength, decode, encodeCall } from "./wire.js";

/** The options that are not given; the limits are those of docs/protocol.rst. */
export const DEFAULTS = {
    locate(objectID, methodName) {
        throw new NoSuchMethod(objectID, methodName);
    },
    findClass: () => undefined,
    adapt: (value) => value,
    hooks: {},
    log: (error, text) => console.error(text, error),
    maxMessageSize: 64 * 1024,
    maxMessagesKept: 10_000,
    maxBytesKept: 4 * 1024 * 1024,
};

export class Session {
    /** Why the page was lost, a {@link ConnectionLost}; null while it is not. */
    reason = null;
    /** The close code of the socket whose closing lost the page, if there was one. */
    closeCode = undefined;

    #options;
    #delivery;
    #acknowledgements;
    #inbox;
    #remote;
    #local;
    #transport = null;
    // Whether the server has answered `opened` on this transport, and whether it ever has on any.
    #isOpen = false;
    #everOpened = false;
    #sockets = 0;
    #pauses = 0;

    /**
     * @param {object} options
     * @param {string} options.token the page's
     * @param {{setTimeout, clearTimeout}} options.clock as a window has them
     * @param {function(number, string): function} options.locate finds what the server calls, see {@link LocalCalls}
     * @param {function(string)} options.findClass the JavaScript class of a dotted name, or undefined
     * @param {function} options.adapt gets each value to be sent, and returns what is to be sent for it
     * @param {object} options.hooks any of `connectionMade()`, once; `disconnected()` and `resumed()`, in turns; and, once,
     *     `connectionEnding(reason)`, before the outstanding calls fail, and `connectionLost(reason)`, when every one has
     *     failed with that reason
     * @param {number} options.firstAck see {@link Acknowledgements}
     * @param {function(Error, string)} options.log logs errors that reach no caller
     * @param {number} options.maxMessageSize in bytes, what the server takes
     * @param {number} options.maxMessagesKept how many messages may be unacknowledged
     * @param {number} options.maxBytesKept and how many bytes of them
     */
    constructor(options) {
        this.#options = { ...DEFAULTS, ...options };
        const { clock, locate, findClass, adapt, maxMessageSize, maxMessagesKept, maxBytesKept } = this.#options;
        this.#delivery = new Delivery({ maxMessages: maxMessagesKept, maxBytes: maxBytesKept });
        this.#acknowledgements = new Acknowledgements({
            delivery: this.#delivery,
            send: (text) => this.#transport.send(text),
            first: this.#options.firstAck,
        });
        this.#inbox = new Inbox(clock, (received) => this.#guard(() => this.#run(received)));
        this.#remote = new RemoteCalls();
        const respond = (number, text) => this.#respond(number, text);
        this.#local = new LocalCalls({ locate, findClass, adapt, maxMessageSize, respond });
    }

    // Called by the application

    /**
     * Call a method on the server, now or when it can be reached.
     * @param {number} objectID which object there
     * @param {string} methodName
     * @param {ArrayLike} args see {@link encodeCall}
     * @param {object} kwargs keyword arguments
     * @returns {Deferred} of the result. It fails with RemoteError or NoSuchMethod if the server responds with an error;
     *     with ConnectionLost once the page is lost; with MessageTooLarge or Overflow if the call was not made.
     * @throws {TypeError} if an argument has no JSON; its text names the argument
     */
    callRemote(objectID, methodName, args = [], kwargs = {}) {
        const text = encodeCall(objectID, methodName, args, kwargs, this.#options.adapt);
        const deferred = new Deferred();
        try {
            this.#demandSendable(text);
            this.#remote.callSent(this.#delivery.addMessage(text), deferred, methodName);
        } catch (error) {
            deferred.errback(error);
            return deferred;
        }
        this.#flush();
        return deferred;
    }

    /** Send nothing until as many calls of `unpause`: the calls made meanwhile are one batch. */
    pause() {
        this.#pauses += 1;
    }

    unpause() {
        this.#pauses = Math.max(0, this.#pauses - 1);
        this.#flush();
    }

    /** Run no message of the server until as many calls of `release`: the objects that it calls do not exist yet. */
    hold() {
        this.#inbox.hold();
    }

    release() {
        this.#inbox.release();
    }

    /** End the session: acknowledge, and close its socket with the reason. Does nothing if the page is lost already. */
    close(reason = "the page was closed") {
        this.#acknowledgements.acknowledge();
        this.#transport?.close(CLOSE_PAGE_LOST, reason);
        this.lost(reason);
    }

    // Called by the socket

    /** The token and the number of the newest socket: what {@link reportLeft} reports. */
    get identity() {
        return [this.#options.token, this.#sockets];
    }

    /** Whether there is a socket, be it that the server has not answered on it yet. */
    get hasSocket() {
        return this.#transport !== null;
    }

    /** Whether a call of the application has no result yet. */
    get isWaiting() {
        return this.#remote.size > 0;
    }

    /** Encode the next socket's `open`. It is valid for that one only; show it when there is no other socket. */
    opening() {
        this.#sockets += 1;
        return encodeOpen(this.#options.token, this.#delivery.received, this.#sockets);
    }

    /**
     * A new socket is connected, the only one from now on, and its server has been sent the {@link opening}.
     * @param {function(string)} send sends one text frame
     * @param {function(number, string)} close closes the socket with this code and reason, because the page is lost
     */
    connect(send, close) {
        this.disconnected();
        if (this.reason === null) {
            this.#transport = { send, close };
        }
    }

    /**
     * The server sent `text` on the newest socket.
     *
     * Call this in a task of the event loop for each message, as a WebSocket does. Callbacks of a response run at once;
     * code that awaits it runs at the end of that task, and so before the next message. Messages that were delayed by
     * {@link hold} continue in a new task after each response for the same reason.
     */
    messageReceived(text) {
        if (this.#transport !== null) {
            this.#guard(() => this.#received(decode(text), text));
        }
    }

    /** The socket is lost; the session waits for the next. */
    disconnected() {
        const wasOpen = this.#isOpen;
        this.#forgetTransport();
        if (wasOpen) {
            this.#hook("disconnected");
        }
    }

    /**
     * The page is lost, because of `reason`, a string, and with the socket's `closeCode`, if there is one: every call fails. Does
     * nothing if it is lost already.
     */
    lost(reason, closeCode = undefined) {
        if (this.reason === null) {
            this.reason = new ConnectionLost(reason);
            this.closeCode = closeCode;
            this.#forgetTransport();
            this.#inbox.close();
            this.#hook("connectionEnding", this.reason);
            this.#remote.failAll(this.reason);
            this.#hook("connectionLost", this.reason);
        }
    }

    #forgetTransport() {
        this.#transport = null;
        this.#isOpen = false;
        this.#inbox.drop();
        this.#acknowledgements.stop();
    }

    // Sending

    #demandSendable(text) {
        const { maxMessageSize } = this.#options;
        if (this.reason !== null) {
            throw this.reason;
        }
        if (byteLength(text) > maxMessageSize) {
            throw new MessageTooLarge(`the call is larger than the ${maxMessageSize} bytes that the server takes`);
        }
    }

    #respond(number, text) {
        if (this.reason === null) {
            this.#delivery.addMessage(text, true);
            this.#delivery.responded(number);
            this.#flush();
        }
    }

    /** Send what the open socket has not carried yet. Without one it is sent on the next. */
    #flush() {
        if (this.#isOpen && this.#pauses === 0) {
            const { send } = this.#transport;
            mapped(this.#delivery.takeUnsent(), (text) => send(text));
        }
    }

    // Receiving

    #received(message, text) {
        // `opened` comes first, and once.
        if (message.kind !== "noop" && this.#isOpen === (message.kind === "opened")) {
            throw new ProtocolError("a message out of place");
        }
        if (message.kind === "opened") {
            this.worker = message.worker;
            this.#resume(message.received);
        } else if (message.kind === "ack") {
            this.#delivery.acknowledged(message.number);
        } else if (message.kind === "noop") {
            this.#acknowledgements.keptAlive();
        } else {
            this.#inbox.add({ message, text });
        }
    }

    #resume(received) {
        this.#delivery.resume(received);
        this.#isOpen = true;
        this.#acknowledgements.start();
        this.#flush();
        const isFirst = !this.#everOpened;
        this.#everOpened = true;
        this.#hook(isFirst ? "connectionMade" : "resumed");
    }

    #run({ message, text }) {
        const number = this.#delivery.messageReceived();
        if (message.kind === "respond") {
            this.#delivery.acknowledged(message.number);
            this.#remote.responseReceived(message, this.#options.findClass);
            this.#inbox.continueLater();
        } else {
            this.#local.callReceived(number, message);
        }
        this.#acknowledgements.due(text);
    }

    /** Run `f`, in which the server may prove to be in error; the page is lost then. */
    #guard(f) {
        try {
            f();
        } catch (error) {
            if (!(error instanceof ProtocolError)) {
                throw error;
            }
            this.#transport?.close(error.closeCode, error.message);
            this.lost(error.message, error.closeCode);
        }
    }

    #hook(name, ...args) {
        try {
            this.#options.hooks[name]?.(...args);
        } catch (error) {
            this.#options.log(error, `The hook ${name} failed`);
        }
    }
}
