/**
 * Loads scripts, in the order that the server gives, and style sheets. Nothing is loaded twice.
 *
 * The exports of an ES module (a URL in `.mjs`) are found by the module's name and their own, `Chat.ChatterWidget`, and are
 * no globals. Any other script is a classic one, and has its namespace object declared just before it runs.
 *
 * Such a script assigns `ChatThing.Widget = ...` to an object that must exist already, and may replace that object
 * (`TimeClock = ...`) before the module `TimeClock.Pages` runs. So no namespace is declared before its script runs.
 */

import { Deferred, DeferredList, FirstError, succeed } from "./deferred.js";
import { createElement } from "./dom.js";
import { invoke, read } from "./members.js";
import { Map, Set, URL, append, getAttribute, hasOwn, keysOf, mapped, selectAll, settle } from "./natives.js";

/** What ES modules export, by dotted names. */
const exportsByName = new Map();

/** The modules that have run: names and URLs. */
const modulesRun = new Map();

/**
 * Why there is nothing called `name`, for an error's text: its module has not run, or has run and does not have it.
 * @param {string} name such as "A.B.c"
 */
export function whyMissing(name) {
    for (let module = name; module; module = module.slice(0, Math.max(0, module.lastIndexOf(".")))) {
        const url = modulesRun.get(module);
        if (url) {
            const exported = [...exportsByName.keys()].filter((one) => one.startsWith(`${module}.`));
            return `The module ${module} (${url}) has run and does not define it; ${url.endsWith(".mjs")
                ? `write "export class ${name.slice(module.length + 1)}" there. It exports: ${exported}` : `write "${name} = ..." there`}.`;
        }
    }
    return "Does the module that should define it load?";
}

/** As `parent[name]`; an element of this name or id is a property of a window, and no global. */
function namedIn(parent, name) {
    return parent !== globalThis || hasOwn(parent, name) ? parent[name] : undefined;
}

/**
 * What `name`, e.g. `"A.B.c"`, is: the export `c` of the ES module `A.B`, or the global; undefined when it or anything on
 * the way to it is missing.
 * @param {object[]} path what a global is in is appended to this, outermost first: A, then A.B
 */
export function namedAny(name, path = []) {
    if (exportsByName.has(name)) {
        return exportsByName.get(name);
    }
    const parts = String(name).split(".");
    let value = namedIn(globalThis, parts.shift());
    for (const part of parts) {
        if (value === undefined || value === null) {
            return undefined;
        }
        path.push(value);
        value = value[part];
    }
    return value;
}

/** Make sure that there is an object called `name`, and those it is in; one that is there stays as it is. */
export function declareNamespace(name) {
    let parent = globalThis;
    let dotted = "";
    for (const part of name.split(".")) {
        dotted = dotted ? `${dotted}.${part}` : part;
        parent = namedIn(parent, part) ?? (parent[part] = { __name__: dotted });
    }
    return parent;
}

/**
 * The URL that the page's addresses are relative to, as they were when the document was loaded: `history.pushState` changes
 * `document.baseURI`. It has no user name and password, with which a module would be another one.
 * @param {Document} document
 * @param {string} name of a script of the page
 * @param {string} url where that was loaded from
 */
export function baseOf(document, name, url) {
    const [script] = selectAll(document, `script[src$="/${name}"], script[data-client$="/${name}"]`);
    const address = script?.dataset.client ?? script?.getAttribute("src") ?? "/";
    const path = address.replace(/^\.\//, "");
    return url.endsWith(`/${path}`) ? url.slice(0, -path.length) : read(document, "URL");
}

/** The modules and style sheets of one document. */
export class ModuleLoader {
    /**
     * @param {Document} document
     * @param {string} base what addresses are relative to: not the document's own, which `history.pushState` changes
     */
    constructor(document, base = read(document, "URL")) {
        this.document = document;
        this.base = base;
        this.modules = new Map();
        this.stylesheets = new Set();
        // The module that runs last of those requested so far.
        this.last = null;
        // The ES module that runs last of those.
        this.lastESModule = null;
    }

    /**
     * Run modules, in order, after all that were requested earlier; they are fetched in parallel.
     * @param {[string, string][]} modules names and URLs
     * @returns {Deferred} fires when all have run. One that cannot be loaded stops no other, but then the Deferred fails,
     *     when all are over, with a FirstError.
     */
    loadModules(modules) {
        const watchers = mapped(modules, ([name, url]) => this._module(name, url).watch());
        return new DeferredList(watchers, false, false, true).addCallback((results) => {
            const index = results.findIndex(([success]) => !success);
            if (index >= 0) {
                throw new FirstError(results[index][1], index);
            }
        });
    }

    /** Add style sheets, in order, and do not wait for them. */
    loadStylesheets(urls) {
        for (const link of invoke(this.document, "getElementsByTagName", "link")) {
            this.stylesheets.add(this._resolve(getAttribute(link, "href") ?? ""));
        }
        for (const url of urls) {
            const href = this._resolve(url);
            if (!this.stylesheets.has(href)) {
                this.stylesheets.add(href);
                append(read(this.document, "head"), createElement(this.document, "link", { rel: "stylesheet", href }));
            }
        }
    }

    _resolve(url) {
        // Another link's may be none.
        return URL.canParse(url, this.base) ? new URL(url, this.base).href : url;
    }

    _module(name, url) {
        let module = this.modules.get(name);
        if (!module) {
            module = new Module();
            this.modules.set(name, module);
            if (url.endsWith(".mjs")) {
                this._runESModule(module, name, url);
            } else {
                this._runScript(module, name, url);
            }
            // A later request tries again.
            module.over.addCallback((error) => {
                if (error) {
                    this.modules.delete(name);
                }
                return error;
            });
            this.last = module;
        }
        return module;
    }

    _runScript(module, name, url) {
        const script = createElement(this.document, "script", {
            // Inserted scripts that are not async run in the order in which they were inserted, and so do their load events.
            async: false,
            src: this._resolve(url),
            onload() {
                modulesRun.set(name, url);
                module.over.callback(null);
            },
            onerror: () => module.over.callback(new Error(`Could not load the module ${name} from ${url}`)),
        });
        after(this.last, () => declareNamespace(name));
        // They do not wait for ES modules by themselves.
        after(this.lastESModule, () => append(read(this.document, "head"), script));
    }

    _runESModule(module, name, url) {
        const address = this._resolve(url);
        after(this.last, () => settle(import(address),
            (namespace) => {
                for (const key of keysOf(namespace)) {
                    exportsByName.set(`${name}.${key}`, namespace[key]);
                }
                modulesRun.set(name, url);
                module.over.callback(null);
            },
            (error) => {
                const message = `Could not load the module ${name} from ${url}: ${error?.message ?? error}`;
                module.over.callback(new Error(message, { cause: error }));
            }));
        this.lastESModule = module;
    }
}

/** Run `f` when `module` is over, at once if there is none. */
function after(module, f) {
    (module ? module.over : succeed(null)).addCallback((result) => {
        f();
        return result;
    });
}

/** One module that is loading: `over` fires with null when it has run, or with the Error because of which it has not. */
class Module {
    over = new Deferred();

    /** A new Deferred for each caller, which fires as `over` does, with the error as a failure. */
    watch() {
        const watcher = new Deferred();
        this.over.addCallback((error) => {
            if (error) {
                watcher.errback(error);
            } else {
                watcher.callback(null);
            }
            return error;
        });
        return watcher;
    }
}
