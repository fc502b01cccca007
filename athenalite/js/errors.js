/**
 * The client's errors:
 *
 *     AthenaError
 *      +-- ConnectionLost     the page is lost; the call will not be answered
 *      +-- NoSuchMethod       the object called has no such method, or does not expose it
 *      +-- NoSuchChild        the widget is no child of that one
 *      +-- RemoteError        the server's method failed
 *      +-- MessageTooLarge    the server takes no message of this size
 *      +-- Overflow           too much is unacknowledged
 *      +-- UnsafeInteger      JavaScript would round an integer that the server has sent
 *      +-- ProtocolError      the server broke the protocol
 *
 * A value that JSON cannot represent is the caller's mistake, and a TypeError as anywhere else in JavaScript.
 */

import { writeJSON } from "./jsontext.js";

/** The root of every error made here. */
export class AthenaError extends Error {
    name = "AthenaError";
}

/**
 * The page is lost for good; `message` is the reason, the same as on the server. The method called may or may not have run.
 */
export class ConnectionLost extends AthenaError {
    name = "ConnectionLost";
}

/** There is no method `methodName` to be called on the object number `objectID`, or no such object any more. */
export class NoSuchMethod extends AthenaError {
    name = "NoSuchMethod";

    /**
     * @param {number} objectID
     * @param {string} methodName
     */
    constructor(objectID, methodName) {
        super(`object ${objectID} has no method ${writeJSON(String(methodName))} to be called`);
        this.objectID = objectID;
        this.methodName = methodName;
    }
}

/** A widget was to be taken from a parent that it does not have. */
export class NoSuchChild extends AthenaError {
    name = "NoSuchChild";
}

/**
 * The server's method failed. `message` is its text, `type` the name of its class; where the server gave them,
 * `reference` is what its log calls an error it does not describe, `argument` the argument it refused, `jsClass` and
 * `args` the dotted name of a more specific JavaScript class and the arguments to make an instance with.
 */
export class RemoteError extends AthenaError {
    name = "RemoteError";

    /**
     * @param {{ type: string, message: string, reference?: string, argument?: string, jsClass?: string, args?: unknown[] }} error
     *     an `error` of the protocol
     */
    constructor({ type, message, reference, argument, jsClass, args = [] }) {
        super(message);
        /** The name of the Python exception's class. */
        this.type = type;
        /** What the server's log calls an error that it does not describe. */
        this.reference = reference;
        /** The argument that the server refused. */
        this.argument = argument;
        /** The dotted name of a more specific JavaScript class. */
        this.jsClass = jsClass;
        /** The arguments to make an instance of that class with. */
        this.args = args;
    }
}

/** The message would be larger than the receiver takes. It was not sent, and the connection stays open. */
export class MessageTooLarge extends AthenaError {
    name = "MessageTooLarge";
}

/** The page has as many unacknowledged messages as it may have. The call was not made; try again later. */
export class Overflow extends AthenaError {
    name = "Overflow";
}

/**
 * The server has sent an integer beyond 2^53, which JavaScript would round. What has it is refused: the method is not called,
 * the call has this as its error, the widget is not made. The server is to send a string.
 */
export class UnsafeInteger extends AthenaError {
    name = "UnsafeInteger";

    /**
     * @param {string} where what has it
     * @param {string} digits
     * @param {ErrorOptions} [options]
     */
    constructor(where, digits, options) {
        super(`${where}: JavaScript would round the integer ${digits}, which is beyond 2^53; send it as a string`, options);
    }
}

/**
 * The server broke the protocol: the page is lost, and its socket is closed with `closeCode` (RFC 6455 section 7.4).
 */
export class ProtocolError extends AthenaError {
    name = "ProtocolError";

    /**
     * @param {string} message
     * @param {number} closeCode
     */
    constructor(message, closeCode = 1002) {
        super(message);
        this.closeCode = closeCode;
    }
}
