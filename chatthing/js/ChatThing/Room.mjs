import { makeNode } from "../ChatThing.mjs";

/** Split a message into text and links. Only whole addresses are links, of these two protocols, without a password. */
function linked(text) {
    const nodes = [];
    let end = 0;
    for (const { 0: found, index } of text.matchAll(/\bhttps?:\/\/[^\s<>"]+/gi)) {
        // What follows is the sentence's.
        const address = found.replace(found.includes("(") ? /[.,:;!?'…]+$/ : /[.,:;!?'…)\]]+$/, "");
        const { href, username, password } = URL.canParse(address) ? new URL(address) : {};
        if (href && !username && !password) {
            const link = makeNode("a", address, { href, target: "_blank", rel: "noopener noreferrer nofollow" });
            nodes.push(text.slice(end, index), link);
            end = index + address.length;
        }
    }
    return [...nodes, text.slice(end)];
}

/** @param {number} when seconds since 1970 */
function makeTime(when) {
    const date = new Date(when * 1000);
    const isToday = date.toDateString() === new Date().toDateString();
    const text = date.toLocaleString([], { dateStyle: isToday ? undefined : "short", timeStyle: "short" });
    return makeNode("time", text, { dateTime: date.toISOString(), title: date.toLocaleString() });
}

/** The hue of a person's color in degrees, the same on every page. */
function hueOf(name) {
    let sum = 0;
    for (const character of name) {
        sum = (sum * 31 + character.codePointAt(0)) % 3600;
    }
    // Similar sums have very different hues.
    return sum * 137 % 360;
}

/** The people who are here, and the conversation, whose newest line is in view unless the reader has scrolled back. */
export class Room {
    #widget;
    #people = new Set();
    #area;
    #newest = makeNode("button", "New messages", { type: "button", hidden: true, onclick: () => this.#showNewest() });
    #isFollowing = true;
    #title = document.title;
    #unread = 0;

    constructor(widget) {
        this.#widget = widget;
        this.#area = widget.named("scrollArea");
        this.#area.after(this.#newest);
        this.#area.onscroll = () => this.#noteScrolling();
        // The on-screen keyboard of a phone would cover the newest line.
        new ResizeObserver(() => this.#keepNewestInView()).observe(this.#area);
        document.addEventListener("visibilitychange", () => this.#countUnread(0));
    }

    /** Show who is here, and these messages in place of those that are shown, unless they are null. */
    show(people, messages) {
        this.#people = new Set(people);
        this.#showPeople();
        if (messages) {
            // Screen readers announce what is new, not what was there before.
            this.#area.ariaLive = "off";
            this.#area.replaceChildren();
            messages.forEach((message) => this.addMessage(...message));
            this.#countUnread(0);
            setTimeout(() => this.#area.ariaLive = null);
        }
    }

    addPerson(name) {
        this.#people.add(name);
        this.#showPeople();
    }

    removePerson(name) {
        this.#people.delete(name);
        this.#showPeople();
    }

    addAnnouncement(message, when) {
        this.#addLine("announcement", [message, makeTime(when)]);
    }

    addMessage(name, text, when) {
        const isOwn = name === this.#widget.username;
        // People want to see their own messages.
        this.#isFollowing ||= isOwn;
        this.#countUnread(isOwn ? 0 : this.#unread + 1);
        const line = this.#addLine(isOwn ? "own" : "others", [
            makeNode("bdi", name), ": ", makeNode("bdi", linked(text)), makeTime(when)]);
        line.style.setProperty("--hue", hueOf(name));
    }

    #showPeople() {
        const names = [...this.#people].sort((one, other) => one.localeCompare(other));
        this.#widget.named("presence").hidden = !names.length;
        this.#widget.named("people").replaceChildren(...names.map((name) => {
            const person = makeNode("li", makeNode("bdi", name));
            person.style.setProperty("--hue", hueOf(name));
            return person;
        }));
    }

    /** How many messages came while another tab was shown is in the title. */
    #countUnread(count) {
        this.#unread = document.hidden ? count : 0;
        document.title = (this.#unread ? `(${this.#unread}) ` : "") + this.#title;
    }

    #addLine(className, content) {
        const line = makeNode("div", content, { className });
        this.#area.append(line);
        this.#newest.hidden = this.#isFollowing;
        this.#keepNewestInView();
        return line;
    }

    #keepNewestInView() {
        if (this.#isFollowing) {
            this.#area.scrollTop = this.#area.scrollHeight;
        }
    }

    /** A reader who scrolls to the newest line follows the conversation again. */
    #noteScrolling() {
        const { scrollHeight, scrollTop, clientHeight } = this.#area;
        // These three are rounded differently.
        this.#isFollowing = scrollHeight - scrollTop - clientHeight < 8;
        this.#newest.hidden ||= this.#isFollowing;
    }

    /** Scroll a reader of older messages to the newest. */
    #showNewest() {
        this.#isFollowing = true;
        // The button that has the focus is about to be hidden.
        this.#area.focus();
        this.#newest.hidden = true;
        this.#keepNewestInView();
    }
}
