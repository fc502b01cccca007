/** The nodes of the debug panel: one for each line, and what is around them. */

import { createElement } from "../dom.js";
import { setAttribute } from "../natives.js";

const ARROWS = { sent: "\u2191", received: "\u2193" };
/** The messages that keep the connection alive. */
const MINOR = ["ack", "noop"];
const UNITS = [[1024 * 1024, "MiB"], [1024, "KiB"]];
/** The longest text that a line shows before it is opened, of its first line. */
const SHORT = 300;

/** A size for people. */
export function sizeText(bytes) {
    const [[size, unit] = []] = UNITS.filter(([least]) => bytes >= least);
    return size ? `${(bytes / size).toFixed(1)} ${unit}` : `${bytes} B`;
}

/** A time of the day, with milliseconds. */
export function timeText(time) {
    const padded = (value, length = 2) => `${value}`.padStart(length, "0");
    return `${[time.getHours(), time.getMinutes(), time.getSeconds()].map((value) => padded(value)).join(":")}.${padded(time.getMilliseconds(), 3)}`;
}

/** How many messages of a direction there were. */
export function totalText(direction, { messages, bytes }) {
    return `${ARROWS[direction]} ${messages} ${direction}, ${sizeText(bytes)}`;
}

/** The node of a line, see {@link Line}. With a text it can be opened. */
export function lineNode(document, line) {
    const make = (tag, className, ...children) => createElement(document, tag, { className }, ...children);
    const [text] = line.text.slice(0, SHORT).split("\n");
    const kind = make("span", "kind");
    if (line.direction) {
        const arrow = make("span", "", `${ARROWS[line.direction]} `);
        setAttribute(arrow, "aria-hidden", "true");
        kind.append(arrow, make("span", "spoken", `${line.direction} `));
    }
    kind.append(line.kind, ...(line.isResent ? [make("span", "resent", " resent")] : []));
    const parts = [
        make("time", "", timeText(line.time)), kind, make("span", "name", line.name), make("code", "text", text),
        make("span", "bytes", line.bytes === null ? "" : sizeText(line.bytes)),
        make("span", "took", line.took === null ? "" : `${Math.round(line.took)} ms`),
    ];
    const node = line.text
        ? make("li", "", make("details", "", make("summary", "line", ...parts), make("pre", "", line.text)))
        : make("li", "", make("div", "line", ...parts));
    setAttribute(node, "data-kind", line.kind);
    for (const [name, value] of [["direction", line.direction], ["resent", line.isResent], ["minor", MINOR.includes(line.kind)]]) {
        if (value) {
            setAttribute(node, `data-${name}`, value === true ? "" : value);
        }
    }
    return node;
}

/** The nodes of the panel, by name. */
export function panelNodes(document) {
    const make = (tag, properties, ...children) => createElement(document, tag, properties, ...children);
    const button = (text) => make("button", { type: "button" }, text);
    const tab = Object.assign(button("Debug"), { className: "tab" });
    const state = make("p", { className: "state", role: "status" });
    const totals = make("p", { className: "totals" });
    const [cut, clear, close] = ["Cut the connection for 5 s", "Clear", "Close"].map(button);
    const minor = make("input", { type: "checkbox" });
    const tools = make("div", { className: "tools" }, cut, make("label", {}, minor, "Keep-alives"), clear);
    const lines = make("ol", { tabIndex: 0 });
    const panel = make("div", { id: "panel", className: "panel", role: "dialog", hidden: true }, make("header", {}, state, totals, tools, close), lines);
    const section = make("section", {}, tab, panel);
    for (const [node, name, value] of [
        [section, "aria-label", "Debug panel"], [panel, "aria-label", "Messages between browser and server"], [lines, "aria-label", "Messages"],
        [tab, "aria-expanded", "false"], [tab, "aria-controls", "panel"],
    ]) {
        setAttribute(node, name, value);
    }
    return { section, tab, panel, state, totals, cut, clear, close, minor, lines };
}
