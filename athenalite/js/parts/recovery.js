/**
 * What was typed into the forms of live templates is there again when the page has been reloaded, by itself or by the person. The
 * tab's session storage has it meanwhile. No handler is run for it. Files cannot be chosen again but by the person, who is
 * reminded. Pages with such forms load this script.
 */

import { LIVE_FORMS, isChanged, putBack, selectionOf, typedIn } from "../live/typed.js";
import { invoke, read } from "../members.js";

/** The tab's only entry. It has the address that it belongs to. */
const ENTRY = "athenalite typed";
/** How long it may be, in characters, of two bytes each. */
const MAX_LENGTH = 64 * 1024;

const BINDINGS = "data-athena-handlers";
/** What would be run if a field got the focus or a selection. */
const FOCUS_HANDLERS = `[${BINDINGS}*="onfocus"], [${BINDINGS}*="onselect"]`;

/** The text at a file field, by the language of the document. `pageTexts` may have another. */
const CHOOSE_AGAIN = {
    __proto__: null,
    en: "Please choose the file again.",
    de: "Bitte wählen Sie die Datei noch einmal.",
    fr: "Veuillez choisir à nouveau le fichier.",
};

/** What parts/uploads.js shows. */
const SENDING = "progress.athena-progress, progress[data-athena-upload]:not([hidden])";

const NEVER = ["password", "hidden", "submit", "button", "reset", "image"];
/** Of `autocomplete`: what the application wants remembered nowhere, and what browsers themselves are careful with. */
const NEVER_COMPLETED = /\boff\b|\bcc-|password|one-time-code/;

const attributeOf = (node, name) => invoke(node, "getAttribute", name);
const idOf = (node) => (attributeOf(node, "id") ?? "").replace(/^athenaid:\d+-/, "");
const isFile = (field) => field.type === "file";
const elementsIn = (form) => [...read(form, "elements")];

/** A short text by which equal ones are known. What is hidden in a form is not in the storage. */
function digestOf(value) {
    const text = JSON.stringify(value);
    let [one, other] = [0x811C9DC5, 0x41C6CE57];
    for (let index = 0; index < text.length; index += 1) {
        const code = text.charCodeAt(index);
        one = Math.imul(one ^ code, 0x01000193);
        other = Math.imul(other ^ code, 0x5F356495);
    }
    return [one, other].map((number) => (number >>> 0).toString(36)).join(".");
}

/** What a form is about: its method and arguments, the item that it is in, and what is hidden in it. */
function identityOf(form) {
    const given = [...read(form, "attributes")].filter(({ name }) => name === BINDINGS || name.startsWith("data-arg-"));
    const item = invoke(form, "closest", "[data-athena-key]");
    return digestOf([
        idOf(form), item && attributeOf(item, "data-athena-key"), given.map(({ name, value }) => [name, value]),
        elementsIn(form).filter(({ type }) => type === "hidden").map(({ name, defaultValue }) => [name, defaultValue]),
    ]);
}

/** What the server has rendered of a field. */
const renderedOf = (field) => digestOf(field.options
    ? [...field.options].map(({ value, defaultSelected }) => [value, defaultSelected])
    : [field.defaultValue, field.defaultChecked]);

/** Keeps what is typed in one window, and puts it back. */
class Recovery {
    #window;
    // A password is one also while it is shown.
    #secrets = new WeakSet();
    #focused = null;

    constructor(window) {
        const { document } = window;
        this.#window = window;
        this.#focused = read(document, "activeElement");
        [...invoke(document, "querySelectorAll", "input[type=password]")].forEach((field) => this.#secrets.add(field));
        invoke(document, "addEventListener", "input", ({ target }) => target.type === "password" && this.#secrets.add(target), true);
        invoke(document, "addEventListener", "focusin", ({ target }) => this.#focusedIn(target));
        // A tab that is not seen may be discarded.
        for (const name of ["pagehide", "visibilitychange"]) {
            window.addEventListener(name, () => this.keep());
        }
    }

    #focusedIn(target) {
        // The dialog about a lost page takes the focus.
        if (!invoke(target, "closest", "[data-athena-dialog]")) {
            this.#focused = target;
        }
    }

    /** Write into the storage what is in the forms, or nothing. */
    keep() {
        const kept = [];
        let room = MAX_LENGTH - JSON.stringify([this.#address, []]).length;
        for (const [name, field, form] of this.#fields()) {
            // It was sent, and may have been taken; not while its files are being sent.
            const isSent = attributeOf(form, "aria-busy") === "true" && !invoke(form, "querySelector", SENDING);
            if (isChanged(field) && !isSent) {
                const typed = isFile(field) ? null : typedIn(field);
                const entry = [name, renderedOf(field), typed, ...(field === this.#focused ? [selectionOf(field)] : [])];
                const length = JSON.stringify(entry).length + 1;
                if (length <= room) {
                    room -= length;
                    kept.push(entry);
                }
            }
        }
        this.#store(kept.length ? JSON.stringify([this.#address, kept]) : null);
    }

    /**
     * Take what is in the storage; if the page has been reloaded, put it back into the fields that are as they were.
     * @param {(field: Element) => void} remind called for the file fields in which something was chosen
     */
    recover(remind) {
        const kept = this.#take();
        for (const [name, field] of kept.size ? this.#fields() : []) {
            const [rendered, typed, ...selections] = kept.get(name) ?? [];
            // In one that is changed, the person, or the browser, was faster.
            if (rendered === renderedOf(field) && !isChanged(field)) {
                if (isFile(field)) {
                    remind(field);
                } else {
                    putBack(field, typed);
                }
                selections.forEach((selection) => this.#focus(field, selection));
            }
        }
    }

    get #address() {
        const { pathname, search } = this.#window.location;
        return pathname + search;
    }

    /** The fields whose content may be kept, with names that tell them apart, and their forms. */
    #fields() {
        const forms = new Map();
        for (const form of invoke(this.#window.document, "querySelectorAll", LIVE_FORMS)) {
            const identity = identityOf(form);
            // Of two that are alike it is not known which is which.
            forms.set(identity, forms.has(identity) ? null : form);
        }
        return [...forms].flatMap(([identity, form]) => (form ? this.#fieldsOf(form, identity) : []));
    }

    #fieldsOf(form, identity) {
        const counts = new Map();
        return elementsIn(form).filter((field) => this.#mayKeep(field, form)).map((field) => {
            const kind = digestOf([field.tagName, field.type, field.name, /checkbox|radio/.test(field.type) ? field.value : ""]);
            counts.set(kind, (counts.get(kind) ?? 0) + 1);
            return [`${identity} ${kind} ${counts.get(kind)}`, field, form];
        });
    }

    #mayKeep(field, form) {
        const complete = attributeOf(field, "autocomplete") ?? attributeOf(form, "autocomplete") ?? "";
        return /^(input|textarea|select)$/i.test(field.tagName) && field.name && !NEVER.includes(field.type)
            && !NEVER_COMPLETED.test(complete.toLowerCase()) && !this.#secrets.has(field);
    }

    #focus(field, selection) {
        const { document } = this.#window;
        if ([null, read(document, "body")].includes(read(document, "activeElement")) && !invoke(field, "closest", FOCUS_HANDLERS)) {
            field.focus({ preventScroll: true });
            if (selection) {
                field.setSelectionRange(...selection);
            }
        }
    }

    #take() {
        const [{ type } = {}] = this.#window.performance.getEntriesByType("navigation");
        try {
            const [address, kept] = JSON.parse(this.#window.sessionStorage.getItem(ENTRY));
            this.#store(null);
            return new Map(type === "reload" && address === this.#address ? kept.map(([name, ...rest]) => [name, rest]) : []);
        } catch {
            // There is none, or it is not ours, or the storage is forbidden.
            return new Map();
        }
    }

    #store(text) {
        try {
            const { sessionStorage } = this.#window;
            sessionStorage.removeItem(ENTRY);
            if (text !== null) {
                sessionStorage.setItem(ENTRY, text);
            }
        } catch {
            // It is forbidden, or full.
        }
    }
}

/**
 * Recover what was typed into this window's page, and keep what is typed from now on. Frames share the storage of their tab.
 * @param {Window} window
 * @param {(field: Element, text: string) => void} remind shows a text at a file field
 * @param {string} [again] the application's text
 */
function recover(window, remind, again) {
    if (window.top === window) {
        new Recovery(window).recover((field) => {
            const [language] = (attributeOf(read(window.document, "documentElement"), "lang") ?? "").toLowerCase().split("-");
            remind(field, again ?? CHOOSE_AGAIN[language] ?? CHOOSE_AGAIN.en);
        });
    }
}

export { MAX_LENGTH, recover };
