/**
 * An application in TypeScript, for tests/project/test_declarations.py: it is compiled, and never run. A line behind
 * `@ts-expect-error` must be an error, or the compiler complains.
 */

import {
    AlreadyCalledError, AthenaError, ConnectionLost, Deferred, DeferredList, Failure, FirstError, JSONValue,
    MessageTooLarge, NoSuchChild, NoSuchMethod, NodeAttributeError, NodeNotFound, Overflow, ProtocolError, RemoteError,
    PageWidget, UnsafeInteger, Widget, WidgetInfo, fail, gatherResults, maybeDeferred, registerClass, succeed,
} from "athenalite";

/** What the server may refuse. */
export class Refused extends Error {
    constructor(reason: string, readonly retryAfter: number) {
        super(reason);
    }
}

export class ChatterWidget extends Widget {
    #lines = this.nodeByAttribute("name", "lines");
    #message = this.nodeByAttribute<HTMLInputElement>("name", "message");
    // As a comment with @type is in JavaScript.
    #bar: SVGRectElement = this.nodeById("bar");
    #room: string;

    constructor(node: Element, room: string) {
        super(node);
        this.#room = room;
        this.node.title = `${this.#room} ${this.objectID}`;
    }

    async doSay(node: HTMLFormElement, event: SubmitEvent): Promise<void> {
        event.preventDefault();
        try {
            const count = await this.callRemote<number>("say", this.#message.value, { loud: true });
            this.show(`${count.toFixed()} heard it`);
            // @ts-expect-error: a number is no text
            this.show(count);
        } catch (error) {
            if (error instanceof Refused) {
                this.show(`${error.message}, again in ${error.retryAfter} s`);
            } else if (error instanceof RemoteError) {
                this.show(`${error.type} ${error.message} ${error.reference ?? ""} ${error.argument ?? ""} ${error.args.length}`);
            } else if (!(error instanceof ConnectionLost)) {
                throw error;
            }
        }
    }

    /** Called by the server. */
    show(text: string): void {
        const line = document.createElement("p");
        line.textContent = text;
        this.#lines.append(line);
    }

    async add(): Promise<ChatterWidget> {
        const info = await this.callRemoteKw<WidgetInfo>("makeChatter", { room: this.#room }, 1, 2);
        const child = await this.addChildWidgetFromWidgetInfo<ChatterWidget>(info);
        this.node.append(child.node);
        child.show("hello");
        this.removeChildWidget(child);
        child.setWidgetParent(null);
        return child;
    }

    ends(): Deferred<string> {
        return this.detach().addCallback(() => "gone").addErrback((failure: Failure) => {
            const lost = failure.check(ConnectionLost);
            return lost === null ? String(failure.error) : lost.message;
        });
    }

    override loaded(): void {
        this.childWidgets.forEach((child) => child.nodeById("title").focus());
        this.#bar.width.baseVal.value = this.nodeById<HTMLInputElement>("note").valueAsNumber;
        this.widgetParent?.addChildWidget(this);
        this.nodesByAttribute("class", "line").map((node) => node.hidden);
        this.nodeByAttribute("name", "perhaps", null)?.remove();
    }

    override detached(): void {
        this.node.remove();
    }

    wrong(): void {
        // @ts-expect-error: it may be null
        this.nodeByAttribute("name", "perhaps", null).remove();
        // @ts-expect-error: a method has a name
        this.callRemote();
        // @ts-expect-error: keyword arguments are an object
        this.callRemoteKw("say", 3);
        // @ts-expect-error: the number is the server's
        this.objectID = 7;
        // @ts-expect-error: no such method
        this.callremote("say");
        // @ts-expect-error: what the client keeps to itself
        this._athenaDetachClient();
        // @ts-expect-error: a widget, and no node
        this.addChildWidget(this.node);
    }
}

class Misled extends Widget {
    // @ts-expect-error: it is called without arguments
    override nodeInserted(where: string): void {}
}

/** What the element exposes. */
interface Room {
    say(text: string, loud?: boolean): number;
    names(): Promise<string[]>;
    leave(): void;
}

/** Calls that are checked by it. */
export class RoomWidget extends Widget<Room> {
    async right(): Promise<string[]> {
        const heard: number = await this.callRemote("say", "hello");
        const louder: number = await this.callRemote("say", "hello", heard > 1);
        const named: Deferred<number> = this.callRemoteKw("say", { text: "hello" });
        await this.callRemote("leave");
        return louder + await named > 0 ? this.callRemote("names") : [];
    }

    async wrong(): Promise<void> {
        // @ts-expect-error: no such method
        this.callRemote("shout", "hello");
        // @ts-expect-error: it takes a text
        this.callRemote("say", 3);
        // @ts-expect-error: it takes an argument
        this.callRemote("say");
        // @ts-expect-error: it takes two at most
        this.callRemote("say", "hello", true, 1);
        // @ts-expect-error: it gives a number
        const text: string = await this.callRemote("say", "hello");
        // @ts-expect-error: it gives a number
        const other: string = await this.callRemoteKw("say", { text });
        // @ts-expect-error: no such method
        this.callRemoteKw("shout", { text: other });
    }
}

// @ts-expect-error: what is called is a method
class NoRoom extends Widget<{ size: number }> {}

/** The page's own widget. */
class Main extends PageWidget<{ title(): string }> {
    #shown = "";

    override async connectionMade(): Promise<void> {
        this.#shown = await this.callRemote("title");
        // @ts-expect-error: no such method
        this.callRemote("titel");
    }

    override resumed(): void {
        document.title = this.#shown;
    }

    connectionLost(reason: string): void {
        document.title = reason;
    }
}

class AnyMain extends PageWidget {
    override disconnected(): void {
        this.callRemote<string>("anything", 1).addCallback((text) => text.trim());
        this.callRemoteKw("anything", { a: 1 }, 2);
        // @ts-expect-error: what the client keeps to itself
        this._page;
    }
}

registerClass("Chat.NoRoom", NoRoom);
export { AnyMain, Main };
registerClass("Chat.Chatter", ChatterWidget);
registerClass("Chat.Misled", Misled);
// @ts-expect-error: an instance is no class
registerClass("Chat.Chatter", new ChatterWidget(document.body, "lobby"));

export function widgetOf(node: Node): ChatterWidget | null {
    const widget = Widget.get(node);
    return widget instanceof ChatterWidget ? widget : null;
}

export async function deferreds(): Promise<void> {
    const one: Deferred<number> = succeed(1);
    const text: Deferred<string> = one.addCallback((value, suffix: string) => `${value}${suffix}`, "st");
    const later: Deferred<number> = one.addCallback(async (value) => value + 1);
    const either: Deferred<string> = one.addCallbacks((value) => String(value), (failure) => String(failure.error));
    const [first, second]: string[] = await gatherResults([text, either]);
    const all = new DeferredList([one, text], false, true, true);
    all.addBoth((results) => results);
    all.resultList.forEach((each) => each?.[0]);
    const tried: number = await maybeDeferred(() => later);
    const never: Deferred<string> = new Deferred<string>();
    never.callback(first + second + tried);
    never.pause();
    never.unpause();
    // @ts-expect-error: a text was promised
    never.callback(3);
    // @ts-expect-error: the result is a number
    one.addCallback((value: string) => value);
    fail(new Error("no")).addErrback((failure) => failure.check(TypeError)?.message);
}

export function errors(error: unknown): string {
    if (error instanceof NoSuchMethod) {
        return `${error.objectID}.${error.methodName}`;
    }
    if (error instanceof ProtocolError) {
        return String(error.closeCode);
    }
    if (error instanceof FirstError) {
        return `${error.index}: ${error.err.error}`;
    }
    if (error instanceof NodeAttributeError) {
        return `${error.attribute}=${error.value} in ${error.root.tagName}`;
    }
    const classes = [
        AthenaError, ConnectionLost, MessageTooLarge, NoSuchChild, Overflow, UnsafeInteger,
        AlreadyCalledError, NodeNotFound,
    ];
    return classes.find((each) => error instanceof each)?.name ?? "unknown";
}

export const said: JSONValue = { texts: ["a", null, { b: [1, true] }] };
// @ts-expect-error: a date is not JSON
export const unsaid: JSONValue = { when: new Date() };
// @ts-expect-error: what is not exported cannot be imported
import { Session } from "athenalite";
