/**
 * What `import { ... } from "athenalite"` gives an application's ES modules.
 *
 * Have your editor find it: `"include": ["js", "path/to/athenalite/js/athenalite.d.ts"]` in a tsconfig.json or jsconfig.json.
 */
declare module "athenalite" {
    /** What JSON can say. */
    export type JSONValue = null | boolean | number | string | JSONValue[] | { [name: string]: JSONValue };

    /** What the server sends for an element. */
    export interface WidgetInfo {
        id: number;
        class: string;
        initArguments: unknown[];
        markup: string;
        children?: { id: number; class: string; initArguments: unknown[] }[];
        requiredModules?: [name: string, url: string][];
        requiredCSSModules?: string[];
    }

    /**
     * The base class of widgets. The server names a subclass in an element's `jsClass`, `"Module.Class"`; it is made with
     * the element's node and `getInitialArguments()`. The server can call its methods, `async` ones too.
     */
    export class Widget {
        constructor(node: Element, ...initArguments: any[]);

        /** The widget that `node` is in, which is made if need be. */
        static get(node: Node): Widget;
        /** The widget with this number. */
        static fromAthenaID(objectID: number): Widget;

        /** The element's node. */
        readonly node: HTMLElement;
        readonly objectID: number;
        readonly childWidgets: Widget[];
        readonly widgetParent: Widget | null;

        /**
         * Call an exposed method of this widget's element on the server. While the line is down, the call waits.
         * When the method fails, this fails with an instance of the exception's `jsClass`, or else a {@link RemoteError};
         * with a {@link ConnectionLost} when the page is lost.
         */
        callRemote<T = any>(methodName: string, ...args: unknown[]): Deferred<T>;
        /** {@link callRemote} with keyword arguments, and positional ones after them. */
        callRemoteKw<T = any>(methodName: string, kwargs: Record<string, unknown>, ...args: unknown[]): Deferred<T>;

        /** This widget's own element whose id in the template is `id`. @throws {NodeNotFound} */
        nodeById(id: string): HTMLElement;
        /** The one node with this attribute. @throws {NodeAttributeError} when there is none @throws {Error} when several */
        nodeByAttribute<E extends Element = HTMLElement>(name: string, value: string): E;
        /** The one node with this attribute, or `defaultNode`, be it null. @throws {Error} when there are several */
        nodeByAttribute<E extends Element = HTMLElement, D = E>(name: string, value: string, defaultNode: D): E | D;
        firstNodeByAttribute<E extends Element = HTMLElement>(name: string, value: string): E;
        nodesByAttribute<E extends Element = HTMLElement>(name: string, value: string): E[];

        /** Make a widget of an element that the server sent. Its node must be put into the document by the caller. */
        addChildWidgetFromWidgetInfo<W extends Widget = Widget>(info: WidgetInfo): Deferred<W>;
        addChildWidget(child: Widget): void;
        /** @throws {NoSuchChild} */
        removeChildWidget(child: Widget): void;
        removeAllChildWidgets(): void;
        setWidgetParent(parent: Widget | null): void;

        /** End this widget and those in it, here and on the server. */
        detach(): Deferred<void>;
        /** Called when this widget has ended. Its node is where it was; override this to remove it. */
        detached(): void;
        /** Called when this widget has been made and has its parent. */
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

    /** A Deferred that has `result` already. */
    export function succeed<T>(result: T): Deferred<T>;
    /** A Deferred that has failed already. */
    export function fail(error: unknown): Deferred<never>;
    /** The result of `f()`, whether it returns, throws, or returns a Deferred or a Promise. */
    export function maybeDeferred<T>(f: () => T | PromiseLike<T>): Deferred<T>;
    /** The values of all; fails with a {@link FirstError} at the first failure. */
    export function gatherResults<T>(deferreds: Deferred<T>[]): Deferred<T[]>;

    /** The root of the errors that are made by athenalite. */
    export class AthenaError extends Error {}
    /** The page is lost for good; what was called may or may not have run. */
    export class ConnectionLost extends AthenaError {}
    export class MessageTooLarge extends AthenaError {}
    export class NoSuchChild extends AthenaError {}
    export class NoSuchMethod extends AthenaError {
        constructor(objectID: number, methodName: string);
        objectID: number;
        methodName: string;
    }
    /** As much is waiting to be acknowledged as may be kept; the call was not made. */
    export class Overflow extends AthenaError {}
    /** The server broke the protocol. */
    export class ProtocolError extends AthenaError {
        constructor(message: string, closeCode?: number);
        closeCode: number;
    }
    /** The server's method failed. */
    export class RemoteError extends AthenaError {
        constructor(error: {
            type: string; message: string; reference?: string; argument?: string; jsClass?: string; args?: unknown[];
        });
        /** The name of the Python exception's class. */
        type: string;
        /** What the server's log calls an error that it does not describe. */
        reference?: string;
        /** The argument that the server refused. */
        argument?: string;
        /** The dotted name of a JavaScript class that says more, and the arguments to make one with. */
        jsClass?: string;
        args: unknown[];
    }

    export class AlreadyCalledError extends Error {}
    export class FirstError extends Error {
        constructor(err: Failure, index: number);
        err: Failure;
        index: number;
    }
    export class NodeNotFound extends Error {}
    /** No node of those below `root` has this attribute. */
    export class NodeAttributeError extends NodeNotFound {
        constructor(root: Element, attribute: string, value: string);
        root: Element;
        attribute: string;
        value: string;
    }
}
