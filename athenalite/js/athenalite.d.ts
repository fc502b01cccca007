/**
 * What `import { ... } from "athenalite"` gives an application's ES modules. Made by tools/declarations.py.
 *
 * Have your editor find it: `"include": ["js", "path/to/athenalite/js/athenalite.d.ts"]` in a tsconfig.json or a
 * jsconfig.json.
 */
declare module "athenalite" {
    /** What JSON can say. */
    export type JSONValue = null | boolean | number | string | JSONValue[] | { [name: string]: JSONValue };

    /** What the server sends for an element. */
    export type WidgetInfo = {
        id: number;
        class: string;
        initArguments: unknown[];
        markup: string;
        children?: {
            id: number;
            class: string;
            initArguments: unknown[];
        }[] | undefined;
        requiredModules?: [name: string, url: string][] | undefined;
        requiredCSSModules?: string[] | undefined;
    };

    /**
     * The base class of a page's own widget, whose methods the page's own exposed methods answer. The server names a subclass
     * in the page's `jsClass`, `"Module.Class"`; one is made before the document's widgets.
     *
     * A subclass may have a method `connectionLost(reason)`. It is called when the page is lost, with a text, in the place of
     * the usual dialog.
     * @template Remote the methods that the page exposes, as an
     *     interface: `class Main extends PageWidget<MainPage>`, or in JavaScript `@extends {PageWidget<MainPage>}`
     */
    export class PageWidget<Remote extends { [Method in keyof Remote]: (...args: any[]) => any; } = any> {
        /** @param page to be passed on by a subclass */
        constructor(page: object);
        /**
         * Call a method that the page exposes. While there is no connection, the call waits.
         * @returns as of a widget
         */
        callRemote<T = never, Name extends keyof Remote & string = keyof Remote & string>(methodName: Name, ...args: Parameters<Remote[Name]>): Deferred<{
            0: Awaited<ReturnType<Remote[Name]>>;
            1: T;
        }[[T] extends [never] ? 0 : 1]>;
        /** {@link callRemote} with keyword arguments, and positional ones after them. */
        callRemoteKw<T = never, Name extends keyof Remote & string = keyof Remote & string>(methodName: Name, kwargs: Record<string, unknown>, ...args: unknown[]): Deferred<{
            0: Awaited<ReturnType<Remote[Name]>>;
            1: T;
        }[[T] extends [never] ? 0 : 1]>;
        /** Called when the page is connected for the first time. */
        connectionMade(): void;
        /** Called when the connection is lost for the moment. */
        disconnected(): void;
        /** Called when the page is connected again. */
        resumed(): void;
    }

    /**
     * The base class of widgets. The server names a subclass in an element's `jsClass`; its constructor is called with the
     * element's node and `getInitialArguments()`, and must pass the node on. Its methods, `async` ones too, can be called by the
     * server.
     * @template Remote the methods that its element exposes, as an
     *     interface: `class Chatter extends Widget<ChatterElement>`, or in JavaScript `@extends {Widget<ChatterElement>}`. The
     *     names, arguments and results of calls are checked by it, and not without it.
     */
    export class Widget<Remote extends { [Method in keyof Remote]: (...args: any[]) => any; } = any> {
        /**
         * The widget that `node` is in, which is made if need be.
         * @throws {Error} when it is in none
         */
        static get(node: Node): Widget;
        /**
         * The widget with this number, which is made if its node is in the document.
         * @throws {Error} when there is none
         */
        static fromAthenaID(objectID: number): Widget;
        constructor(node: Element, ...initArguments: any[]);
        /** The element's node. */
        readonly node: HTMLElement;
        /** @readonly @type {number} */
        readonly objectID: number;
        /** @readonly @type {Widget[]} */
        readonly childWidgets: Widget[];
        /** @readonly @type {Widget | null} */
        readonly widgetParent: Widget | null;
        /**
         * Call an exposed method of this widget's element on the server. While there is no connection, the call waits.
         * @returns the result, which can be awaited;
         *     fails with the error that the server's method raised, as an instance of its `jsClass` or else a {@link RemoteError}, or
         *     with a {@link ConnectionLost}
         */
        callRemote<T = never, Name extends keyof Remote & string = keyof Remote & string>(methodName: Name, ...args: Parameters<Remote[Name]>): Deferred<{
            0: Awaited<ReturnType<Remote[Name]>>;
            1: T;
        }[[T] extends [never] ? 0 : 1]>;
        /** {@link callRemote} with keyword arguments, and positional ones after them. */
        callRemoteKw<T = never, Name extends keyof Remote & string = keyof Remote & string>(methodName: Name, kwargs: Record<string, unknown>, ...args: unknown[]): Deferred<{
            0: Awaited<ReturnType<Remote[Name]>>;
            1: T;
        }[[T] extends [never] ? 0 : 1]>;
        /**
         * This widget's own element whose id in the template is `id`.
         * @throws {NodeNotFound}
         */
        nodeById<E extends Element = HTMLElement>(id: string): E;
        /**
         * The one node in this widget's with this attribute; `defaultNode`, be it null, when there is none.
         * @throws {NodeAttributeError} when there is none, and no default
         * @throws {Error} when there are several
         */
        nodeByAttribute<E extends Element = HTMLElement, D = E>(name: string, value: string, defaultNode?: D | undefined): E | D;
        /**
         * The first of {@link nodesByAttribute}.
         * @throws {NodeAttributeError} when there is none
         */
        firstNodeByAttribute<E extends Element = HTMLElement>(name: string, value: string): E;
        /**
         * All nodes in this widget's with this attribute, in document order.
         * @param name @param {string} value @returns {E[]}
         */
        nodesByAttribute<E extends Element = HTMLElement>(name: string, value: string): E[];
        /**
         * Make a widget of an element that the server sent. Its node is not in the document: the caller must put it there.
         * @returns the widget, a child of this
         */
        addChildWidgetFromWidgetInfo<W extends Widget<any> = Widget<any>>(info: WidgetInfo): Deferred<W>;
        addChildWidget(child: Widget): void;
        /** @param child @throws {NoSuchChild} */
        removeChildWidget(child: Widget): void;
        removeAllChildWidgets(): void;
        setWidgetParent(parent: Widget | null): void;
        /**
         * End this widget and those in it, here and on the server.
         * @returns fires when both have done so
         */
        detach(): Deferred<void>;
        /** Called when this widget has ended. Its node is where it was; override this to remove it. */
        detached(): void;
        /** Called when this widget has been made and has its parent; in a widget that came later, its children, too. */
        loaded(): void;
        /** Called when the node is in the document, of widgets that came with the document only. */
        nodeInserted(): void;
    }

    /** Have widgets of the class `name` made with `widgetClass`, where that is not what a module of that name exports. */
    export function registerClass(name: string, widgetClass: new (node: Element, ...initArguments: any[]) => unknown): void;

    /** A result that comes later, as Twisted has it: its callbacks run at once when it comes. It can be awaited. */
    export class Deferred<T = any> implements PromiseLike<T> {
        /** Whether there is, or was, a result. */
        called: boolean;
        /** How often it was paused and not yet unpaused. */
        paused: number;
        /** The result of the last callback that has run. */
        result: T | Failure | undefined;
        addCallbacks<R>(
            callback: ((value: T, ...args: any[]) => R | PromiseLike<R>) | null,
            errback: ((failure: Failure, ...args: any[]) => R | PromiseLike<R>) | null,
            callbackArgs?: unknown[], errbackArgs?: unknown[],
        ): Deferred<R>;
        addCallback<R>(callback: (value: T, ...args: any[]) => R | PromiseLike<R>, ...args: unknown[]): Deferred<R>;
        addErrback<R>(errback: (failure: Failure, ...args: any[]) => R | PromiseLike<R>, ...args: unknown[]): Deferred<T | R>;
        addBoth<R>(callback: (result: T | Failure, ...args: any[]) => R | PromiseLike<R>, ...args: unknown[]): Deferred<R>;
        /** @throws {AlreadyCalledError} */
        callback(result?: T | PromiseLike<T>): void;
        /** @throws {AlreadyCalledError} */
        errback(error: unknown): void;
        pause(): void;
        unpause(): void;
        then<R = T, E = never>(
            onFulfilled?: ((value: T) => R | PromiseLike<R>) | null,
            onRejected?: ((error: any) => E | PromiseLike<E>) | null,
        ): Promise<R | E>;
    }

    /** Many results as one: `[true, value]` or `[false, failure]` of each. */
    export class DeferredList extends Deferred<any> {
        constructor(
            deferreds: Deferred[], fireOnOneCallback?: boolean, fireOnOneErrback?: boolean, consumeErrors?: boolean,
        );
        resultList: ([success: boolean, result: any] | undefined)[];
    }

    /** What went wrong, on its way through errbacks. `error` is what was thrown. */
    export class Failure {
        constructor(error: unknown);
        error: any;
        /** The error when it is an instance of `errorType`, otherwise null. */
        check<E>(errorType: new (...args: any[]) => E): E | null;
    }

    /** A Deferred that has failed already. */
    export function fail(error: unknown): Deferred<never>;

    /** The values of all; fails with a {@link FirstError} at the first failure. */
    export function gatherResults<T>(deferreds: Deferred<T>[]): Deferred<T[]>;

    /** The result of `f()`, whether it returns, throws, or returns a Deferred or a Promise. */
    export function maybeDeferred<T>(f: () => T | PromiseLike<T>): Deferred<T>;

    /** A Deferred that has `result` already. */
    export function succeed<T>(result: T): Deferred<T>;

    /** The root of every error made here. */
    export class AthenaError extends Error {
    }

    /** The page is lost for good; `message` is the reason, the same as on the server. The method called may or may not have run. */
    export class ConnectionLost extends AthenaError {
    }

    /** The message would be larger than the receiver takes. It was not sent, and the connection stays open. */
    export class MessageTooLarge extends AthenaError {
    }

    /** A widget was to be taken from a parent that it does not have. */
    export class NoSuchChild extends AthenaError {
    }

    /** There is no method `methodName` to be called on the object number `objectID`, or no such object any more. */
    export class NoSuchMethod extends AthenaError {
        constructor(objectID: number, methodName: string);
        objectID: number;
        methodName: string;
    }

    /** The page has as many unacknowledged messages as it may have. The call was not made; try again later. */
    export class Overflow extends AthenaError {
    }

    /** The server broke the protocol: the page is lost, and its socket is closed with `closeCode` (RFC 6455 section 7.4). */
    export class ProtocolError extends AthenaError {
        constructor(message: string, closeCode?: number);
        closeCode: number;
    }

    /**
     * The server's method failed. `message` is its text, `type` the name of its class; where the server gave them,
     * `reference` is what its log calls an error it does not describe, `argument` the argument it refused, `jsClass` and
     * `args` the dotted name of a more specific JavaScript class and the arguments to make an instance with.
     */
    export class RemoteError extends AthenaError {
        constructor({ type, message, reference, argument, jsClass, args }: {
            type: string;
            message: string;
            reference?: string;
            argument?: string;
            jsClass?: string;
            args?: unknown[];
        });
        /** The name of the Python exception's class. */
        type: string;
        /** What the server's log calls an error that it does not describe. */
        reference: string | undefined;
        /** The argument that the server refused. */
        argument: string | undefined;
        /** The dotted name of a more specific JavaScript class. */
        jsClass: string | undefined;
        /** The arguments to make an instance of that class with. */
        args: unknown[];
    }

    /**
     * The server has sent an integer beyond 2^53, which JavaScript would round. What has it is refused: the method is not called,
     * the call has this as its error, the widget is not made. The server is to send a string.
     */
    export class UnsafeInteger extends AthenaError {
        /** @param where what has it */
        constructor(where: string, digits: string, options?: ErrorOptions | undefined);
    }

    /** The result of a Deferred was given twice. */
    export class AlreadyCalledError extends Error {}

    /** The first error of a {@link DeferredList}, of the Deferred at `index` of the list. */
    export class FirstError extends Error {
        constructor(err: Failure, index: number);
        err: Failure;
        index: number;
    }

    /** No node below `root` has the attribute `attribute` with the value `value`. */
    export class NodeAttributeError extends NodeNotFound {
        constructor(root: Element, attribute: string, value: string);
        root: Element;
        attribute: string;
        value: string;
    }

    /** No node is where one was looked for. */
    export class NodeNotFound extends Error {
    }
}
