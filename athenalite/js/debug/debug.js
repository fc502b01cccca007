/**
 * The debug panel: shows what {@link recorder.js} has recorded, and cuts the connection. It is a widget without an element: it calls
 * nothing on the server, and so is not in what it shows, and works while there is no connection.
 */

import { invoke, read } from "../members.js";
import { Map, Set, removeNode, setAttribute } from "../natives.js";
import { storageKey } from "../storage.js";
import { TopLayer } from "../toplayer.js";
import { OVERLAY_RULES_BESIDE, PANEL_RULES } from "./rules.js";
import { lineNode, panelNodes, totalText } from "./shown.js";

/** As `recorder.js` has it. */
const RECORDED = Symbol.for("athenalite.recorder");
/** For how long the connection is cut, in milliseconds. */
const CUT = 5000;
/** Names the entry of the tab's storage that keeps the panel open over a reload. */
const OPEN = "debug";

const clientOfPanel = await import("../main.js");

function sheetOf(rules) {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(rules);
    return sheet;
}

class DebugPanel extends clientOfPanel.Widget {
    #nodes;
    #recorder;
    #page;
    #shown = new Map();
    #isDue = false;
    #beside = sheetOf(OVERLAY_RULES_BESIDE);

    /**
     * @param {HTMLElement} node
     * @param {Page} page
     * @param {Recorder} recorder
     */
    constructor(node, page, recorder) {
        super(node);
        this.#page = page;
        this.#recorder = recorder;
        this.#nodes = panelNodes(node.ownerDocument);
        const { tab, close, cut, clear, minor, lines, panel, section } = this.#nodes;
        const root = node.attachShadow({ mode: "open" });
        root.adoptedStyleSheets = [sheetOf(PANEL_RULES)];
        root.append(section);
        read(node.ownerDocument, "adoptedStyleSheets").push(this.#beside);
        tab.addEventListener("click", () => this.open());
        close.addEventListener("click", () => this.close());
        cut.addEventListener("click", () => recorder.cut(CUT));
        clear.addEventListener("click", () => recorder.recording.clear());
        minor.addEventListener("change", () => lines.toggleAttribute("data-minor", minor.checked));
        panel.addEventListener("keydown", (event) => {
            if (event.key === "Escape") {
                event.stopPropagation();
                this.close();
            }
        });
        // What happens in the panel is no event of the application's.
        for (const type of ["click", "keydown", "input", "change"]) {
            section.addEventListener(type, (event) => event.stopPropagation());
        }
        recorder.recording.changed = () => this.#changed();
        this.#show(Boolean(this.#remember((storage, key) => storage.getItem(key))));
    }

    open() {
        this.#show(true);
        this.#remember((storage, key) => storage.setItem(key, "open"));
        this.#nodes.close.focus();
    }

    close() {
        this.#show(false);
        this.#remember((storage, key) => storage.removeItem(key));
        this.#nodes.tab.focus();
    }

    #show(isOpen) {
        const { tab, panel } = this.#nodes;
        panel.hidden = !isOpen;
        tab.hidden = isOpen;
        this.#beside.disabled = !isOpen;
        setAttribute(tab, "aria-expanded", `${isOpen}`);
        this.#update();
    }

    #remember(f) {
        try {
            return f(sessionStorage, storageKey(window, OPEN));
        } catch {
            // The storage is forbidden.
            return null;
        }
    }

    // A page may get a thousand messages between two frames.
    #changed() {
        if (!this.#isDue) {
            this.#isDue = true;
            requestAnimationFrame(() => {
                this.#isDue = false;
                this.#update();
            });
        }
    }

    #update() {
        const { tab, panel, state, totals, cut } = this.#nodes;
        const { recording, isCut } = this.#recorder;
        const [name, text] = this.#state();
        if (state.textContent !== text) {
            state.textContent = text;
        }
        for (const node of [tab, state]) {
            setAttribute(node, "data-state", name);
        }
        // It keeps the focus, unlike one that is disabled.
        setAttribute(cut, "aria-disabled", `${isCut}`);
        if (!panel.hidden) {
            totals.textContent = `${totalText("sent", recording.sent)} \u00b7 ${totalText("received", recording.received)}`;
            this.#updateLines(recording.lines);
        }
    }

    #state() {
        const { session } = this.#page;
        if (session.reason !== null) {
            return ["lost", "Lost"];
        }
        if (this.#recorder.isCut) {
            return ["cut", "Connection cut"];
        }
        return session.hasSocket ? ["connected", "Connected"] : ["cut", "Connecting"];
    }

    #updateLines(recorded) {
        const { lines } = this.#nodes;
        const isAtEnd = lines.scrollHeight - lines.scrollTop - lines.clientHeight < 8;
        const kept = new Set(recorded.map(({ id }) => id));
        for (const [id, node] of this.#shown) {
            if (!kept.has(id)) {
                removeNode(node);
                this.#shown.delete(id);
            }
        }
        const fresh = recorded.filter(({ id }) => !this.#shown.has(id));
        const made = fresh.map((line) => lineNode(this.node.ownerDocument, line));
        fresh.forEach(({ id }, index) => this.#shown.set(id, made[index]));
        lines.append(...made);
        if (isAtEnd) {
            lines.scrollTop = lines.scrollHeight;
        }
    }
}

const pageData = invoke(document, "getElementById", "athena-page");
if (pageData[RECORDED]) {
    const host = invoke(document, "createElement", "athenalite-debug");
    new TopLayer(host).show();
    new DebugPanel(host, clientOfPanel.Widget.page, pageData[RECORDED]);
}

export { DebugPanel };
