/**
 * One page's conversation with its server. It outlives its sockets.
 *
 * Whether there is a socket is a field, not a dimension of every decision: messages go into the delivery, and from
 * there onto whatever socket there is, now or later. What is received is counted when it is run, not when it arrives;
 * so what still waits to be run when a socket is lost is simply dropped, and the server sends it again.
 */
import { LocalCalls, RemoteCalls } from "./calls.js";
import { Deferred } from "./deferred.js";
import { Delivery } from "./delivery.js";
import { ConnectionLost, MessageTooLarge, NoSuchMethod, ProtocolError } from "./errors.js";
import { CLOSE_PAGE_LOST, encodeOpen } from "./handshake.js";
import { byteLength, decode, encodeAck, encodeCall } from "./wire.js";

// Messages are acknowledged after so many (each counts once more for every KiB), or after so many milliseconds. A page's own
// `firstAck` and `ackDelay` are less: those that hear the same are not to acknowledge it all at once.
export const ACK_EVERY = 64;
export const ACK_DELAY = 5000;

const DEFAULTS = {
    locate(objectID, methodName) {
        throw new NoSuchMethod(objectID, methodName);
    },
    findClass: () => undefined,
    adapt: (value) => value,
    hooks: {},
    firstAck: ACK_EVERY,
    ackDelay: ACK_DELAY,
    log: (error, text) => console.error(text, error),
    maxMessageSize: 64 * 1024,
    maxMessagesKept: 10_000,
    maxBytesKept: 4 * 1024 * 1024,
};

export class Session {
    /** Why the page was lost, a {@link ConnectionLost}; null while it is not. */
    reason = null;
    /** The token and the number of the newest socket: what {@link reportLeft} reports. */
    get identity() { return [this.#options.token, this.#sockets]; }

    #options;
    #clock;
    #delivery;
    #owed = 0;
    #ackAfter;
    #remote;
    #local;
    #transport = null;
    #opened = false;
    #everOpened = false;
    #sockets = 0;
    #paused = 0;
    #held = 0;
    #running = false;
    // What is still to be run.
    #incoming = [];
    #ackTimer = null;
    #turnTimer = null;

    /**
     * @param {object} options
     * @param {string} options.token the page's
     * @param {{setTimeout, clearTimeout}} options.clock as a window has them
     * @param {function(number, string): function} options.locate finds what the server calls, see {@link LocalCalls}
     * @param {function(string)} options.findClass the JavaScript class of a dotted name, or undefined
     * @param {function} options.adapt gets each value to be sent, and returns what is to be sent for it
     * @param {object} options.hooks any of `connectionMade()`, once; `disconnected()` and `resumed()`, each time; and,
     *     once, `connectionEnding(reason)`, before the outstanding calls fail, and `connectionLost(reason)`, when every
     *     one has failed with that reason
     * @param {function(Error, string)} options.log told what nobody else is told
     * @param {number} options.maxMessageSize in bytes, what the server takes
     * @param {number} options.maxMessagesKept how many messages may wait for their acknowledgement
     * @param {number} options.maxBytesKept and how many bytes of them
     */
    constructor(options) {
        this.#options = { ...DEFAULTS, ...options };
        const { locate, findClass, adapt, maxMessageSize, maxMessagesKept, maxBytesKept, log } = this.#options;
        this.#clock = this.#options.clock;
        this.#ackAfter = this.#options.firstAck;
        this.#delivery = new Delivery({ maxMessages: maxMessagesKept, maxBytes: maxBytesKept });
        this.#remote = new RemoteCalls(log);
        const respond = (number, text) => this.#respond(number, text);
        this.#local = new LocalCalls({ locate, findClass, adapt, maxMessageSize, respond });
    }

    // What the application does

    /**
     * Call a method on the server, now or when it can be reached.
     * @param {number} objectID which object there
     * @param {string} methodName
     * @param {ArrayLike} args see {@link encodeCall}
     * @param {object} kwargs keyword arguments
     * @returns {Deferred} of the result. It fails with RemoteError or NoSuchMethod, as the server says; ConnectionLost
     *     once the page is lost; MessageTooLarge or Overflow, and then the call was not made.
     * @throws {TypeError} if an argument has no JSON; it says which
     */
    callRemote(objectID, methodName, args = [], kwargs = {}) {
        const text = encodeCall(objectID, methodName, args, kwargs, this.#options.adapt);
        const deferred = new Deferred();
        try {
            this.#demandSendable(text);
            this.#remote.callSent(this.#delivery.addMessage(text), deferred);
        } catch (error) {
            deferred.errback(error);
            return deferred;
        }
        this.#flush();
        return deferred;
    }

    /** Send nothing until as many calls of `unpause`, so that what is said meanwhile travels together. */
    pause() {
        this.#paused += 1;
    }

    unpause() {
        this.#paused = Math.max(0, this.#paused - 1);
        this.#flush();
    }

    /** Run nothing that the server says until as many calls of `release`: what it speaks to is still being made. */
    hold() {
        this.#held += 1;
    }

    release() {
        this.#held = Math.max(0, this.#held - 1);
        this.#runIncoming();
    }

    /** End the session, and tell the server. Does nothing if the page is lost already. */
    close(reason = "the page was closed") {
        this.#transport?.close(CLOSE_PAGE_LOST, reason);
        this.lost(reason);
    }

    // What its sockets do

    /** `open`, which says whose the next socket is. It is for one socket, and to be shown while there is no other. */
    opening() {
        this.#sockets += 1;
        return encodeOpen(this.#options.token, this.#delivery.received, this.#sockets);
    }

    /**
     * There is a new socket, the only one from now on, and its server has been shown the {@link opening}.
     * @param {function(string)} send sends one text frame
     * @param {function(number, string)} close closes the socket with this code and reason, for the page is lost
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
     * Call this from a turn of the event loop for each message, as a WebSocket does. Callbacks of a response run at
     * once; what awaits it runs at the end of that turn, and so before the next message. Messages that had to wait
     * here, after {@link hold}, are run with a turn after each response for the same reason.
     */
    messageReceived(text) {
        if (this.#transport !== null) {
            this.#guard(() => this.#received(decode(text), text.length));
        }
    }

    /** The socket is gone; the session waits for the next. */
    disconnected() {
        const opened = this.#opened;
        this.#forgetTransport();
        if (opened) {
            this.#hook("disconnected");
        }
    }

    /** The page is lost, because of `reason`, a string: every call fails. Does nothing if it is lost already. */
    lost(reason) {
        if (this.reason === null) {
            this.reason = new ConnectionLost(reason);
            this.#forgetTransport();
            this.#clock.clearTimeout(this.#turnTimer);
            this.#hook("connectionEnding", this.reason);
            this.#remote.failAll(this.reason);
            this.#hook("connectionLost", this.reason);
        }
    }

    #forgetTransport() {
        this.#transport = null;
        this.#opened = false;
        this.#incoming = [];
        this.#clock.clearTimeout(this.#ackTimer);
        this.#ackTimer = null;
    }

    // Sending

    #demandSendable(text) {
        const most = this.#options.maxMessageSize;
        if (this.reason !== null) {
            throw this.reason;
        }
        if (byteLength(text) > most) {
            throw new MessageTooLarge(`the call is larger than the ${most} bytes that the server takes`);
        }
    }

    #respond(number, text) {
        if (this.reason === null) {
            this.#delivery.addMessage(text, true);
            this.#delivery.responded(number);
            this.#flush();
        }
    }

    /** Give the socket what it has not carried yet; without one, the next will be given it. */
    #flush() {
        if (this.#opened && this.#paused === 0) {
            const { send } = this.#transport;
            this.#delivery.toOffer().forEach((text) => send(text));
        }
    }

    #owe() {
        if (this.#delivery.untold === 0) {
            this.#owed = 0;
        }
        if (this.#opened && this.#owed >= this.#ackAfter) {
            this.#acknowledge();
        } else if (this.#opened && this.#owed > 0 && this.#ackTimer === null) {
            this.#ackTimer = this.#clock.setTimeout(() => {
                this.#ackTimer = null;
                this.#acknowledge();
            }, this.#options.ackDelay);
        }
    }

    #acknowledge() {
        this.#owed = 0;
        this.#ackAfter = ACK_EVERY;
        if (this.#delivery.untold > 0) {
            this.#transport.send(encodeAck(this.#delivery.ackToSend()));
        }
    }

    // Receiving

    #received(message, length) {
        // `opened` comes first, and once.
        if (message.kind !== "noop" && this.#opened === (message.kind === "opened")) {
            throw new ProtocolError("a message out of place");
        }
        if (message.kind === "opened") {
            this.#resume(message.received);
        } else if (message.kind === "ack") {
            this.#delivery.acknowledged(message.number);
        } else if (message.kind !== "noop") {
            this.#incoming.push({ message, length });
            this.#runIncoming();
        }
    }

    #resume(received) {
        this.#delivery.resume(received);
        this.#opened = true;
        this.#flush();
        const first = !this.#everOpened;
        this.#everOpened = true;
        this.#hook(first ? "connectionMade" : "resumed");
    }

    #runIncoming() {
        // A method that releases, or is called while another runs, must not run the next message inside itself.
        if (this.#running) {
            return;
        }
        this.#running = true;
        while (this.#incoming.length && this.#held === 0 && this.#turnTimer === null) {
            this.#guard(() => this.#run(this.#incoming.shift()));
        }
        this.#running = false;
    }

    #run({ message, length }) {
        const number = this.#delivery.messageReceived();
        this.#owed += 1 + Math.floor(length / 1024);
        if (message.kind === "respond") {
            this.#delivery.acknowledged(message.number);
            this.#remote.responseReceived(message, this.#options.findClass);
            if (this.#incoming.length) {
                this.#letTurnPass();
            }
        } else {
            this.#local.callReceived(number, message);
        }
        this.#owe();
    }

    /** What awaits the response just run is to run before the next message; nobody can know how many ticks that takes. */
    #letTurnPass() {
        this.#turnTimer = this.#clock.setTimeout(() => {
            this.#turnTimer = null;
            this.#runIncoming();
        }, 0);
    }

    #guard(f) {
        try {
            f();
        } catch (error) {
            if (!(error instanceof ProtocolError)) {
                throw error;
            }
            this.#transport?.close(error.closeCode, error.message);
            this.lost(error.message);
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
