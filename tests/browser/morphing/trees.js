/** Random markup, each a change of the one before, while another script changes the page: what results, and what is kept. */

import { equal, parsedFresh } from "./stage.js";

/** Numbers that look random, the same for each seed (mulberry32). */
class Chance {
    #state;

    constructor(seed) {
        this.#state = seed * 0x9E3779B9;
    }

    next() {
        this.#state = (this.#state + 0x6D2B79F5) | 0;
        let value = Math.imul(this.#state ^ (this.#state >>> 15), 1 | this.#state);
        value = (value + Math.imul(value ^ (value >>> 7), 61 | value)) ^ value;
        return ((value ^ (value >>> 14)) >>> 0) / 2 ** 32;
    }

    below(count) {
        return Math.floor(this.next() * count);
    }

    is(share) {
        return this.next() < share;
    }

    of(list) {
        return list[this.below(list.length)];
    }

    shuffle(list) {
        for (let index = list.length - 1; index > 0; index -= 1) {
            const other = this.below(index + 1);
            [list[index], list[other]] = [list[other], list[index]];
        }
    }
}

const NAMES = ["div", "b", "ul", "input", "svg", "section"];
const TEXTS = ["text", "a &amp; b", " ", "𝄞"];

/** Markup that changes. */
class Trees {
    #chance;
    #count = 0;

    constructor(chance) {
        this.#chance = chance;
        this.children = [0, 0, 0, 0, 0].map(() => this.#node(0));
    }

    #node(depth) {
        const chance = this.#chance;
        if (depth && chance.is(0.3)) {
            return chance.of(TEXTS);
        }
        const attributes = {};
        for (const name of ["class", "title", "hidden"]) {
            if (chance.is(0.25)) {
                attributes[name] = chance.of("xyz");
            }
        }
        if (chance.is(0.25)) {
            attributes.style = `color: ${chance.of(["red", "blue"])};`;
        }
        if (chance.is(0.5)) {
            attributes[chance.of(["id", "data-athena-key"])] = `n${this.#count += 1}`;
        }
        const name = chance.of(NAMES);
        const count = name === "input" || depth > 2 ? 0 : chance.below(4);
        return { name, attributes, children: Array.from({ length: count }, () => this.#node(depth + 1)) };
    }

    /** Change some nodes. */
    change(nodes = this.children, depth = 0) {
        const chance = this.#chance;
        for (let count = chance.below(3); count; count -= 1) {
            const what = chance.next();
            if (what < 0.3 || !nodes.length) {
                nodes.splice(chance.below(nodes.length + 1), 0, this.#node(depth));
            } else if (what < 0.6) {
                nodes.splice(chance.below(nodes.length), 1);
            } else if (what < 0.8) {
                chance.shuffle(nodes);
            } else {
                nodes[chance.below(nodes.length)] = this.#node(depth);
            }
        }
        for (const node of nodes) {
            if (typeof node !== "string") {
                if (chance.is(0.3)) {
                    node.attributes.class = chance.of(["x", "x y", "z"]);
                }
                if (chance.is(0.4) && node.name !== "input") {
                    this.change(node.children, depth + 1);
                }
            }
        }
    }

    markup(nodes = this.children) {
        return nodes.map((node) => {
            if (typeof node === "string") {
                return node;
            }
            const inside = Object.entries(node.attributes).map(([name, value]) => ` ${name}="${value}"`).join("");
            return `<${node.name}${inside}>${node.name === "input" ? "" : `${this.markup(node.children)}</${node.name}>`}`;
        }).join("");
    }
}

const keptAs = (node) => `${node.localName} ${node.getAttribute("data-athena-key") ?? node.id}`;

/** Elements with a key, by it, each with its parent: what is in both renderings is never made again. */
function keyedIn(root) {
    return new Map([...root.querySelectorAll("[id], [data-athena-key]")].map((node) => [keptAs(node), [node, node.parentNode]]));
}

/** What another script does: it adds nodes, classes and attributes. */
function meddle(root, chance) {
    const nodes = [root, ...root.querySelectorAll("*:not(input, hr)")];
    const parent = chance.of(nodes);
    parent.insertBefore(document.createElement("hr"), chance.of([...parent.childNodes, null]));
    const other = chance.of(nodes);
    if (other !== root) {
        other.setAttribute("data-foreign", "1");
        other.classList.add("foreign");
    }
}

/** The tree without what {@link meddle} has done, with classes in an order of their own. */
function cleaned(root) {
    const copy = root.cloneNode(true);
    copy.querySelectorAll("hr").forEach((node) => node.remove());
    for (const node of copy.querySelectorAll("[data-foreign]")) {
        node.removeAttribute("data-foreign");
        node.classList.remove("foreign");
    }
    for (const node of copy.querySelectorAll("[class]")) {
        const names = [...node.classList].toSorted();
        node.removeAttribute("class");
        names.forEach((name) => node.classList.add(name));
    }
    copy.normalize();
    return copy;
}

async function runTree(stages, seed) {
    const chance = new Chance(seed);
    const trees = new Trees(chance);
    const stage = await stages.open(trees.markup());
    const isMeddled = seed % 2 === 1;
    for (let step = 0; step < 8; step += 1) {
        if (isMeddled) {
            meddle(stage.node, chance);
        }
        const before = keyedIn(stage.node);
        const foreign = [...stage.node.querySelectorAll("hr")].map((node) => [node, node.parentNode]);
        trees.change();
        const markup = trees.markup();
        stage.put(markup);
        const shown = cleaned(stage.node);
        const fresh = parsedFresh("div", markup);
        fresh.setAttribute("data-athena-part", stage.node.getAttribute("data-athena-part"));
        if (!shown.isEqualNode(cleaned(fresh))) {
            throw new Error(`seed ${seed}: ${shown.innerHTML} is not ${fresh.innerHTML}`);
        }
        for (const [key, [node, parent]] of keyedIn(stage.node)) {
            const [old, itsParent] = before.get(key) ?? [node, parent];
            if (old !== node && itsParent === parent) {
                throw new Error(`seed ${seed}: ${key} was made again`);
            }
        }
        for (const [node, parent] of foreign) {
            if (parent.isConnected && node.parentNode !== parent) {
                throw new Error(`seed ${seed}: a foreign node is gone`);
            }
        }
    }
}

export const treeCases = {
    /** What the page has is the new rendering, and what another script has added. */
    async trees(stages, count) {
        for (let seed = 1; seed <= count; seed += 1) {
            await runTree(stages, seed);
        }
    },

    /** Of keyed nodes those move that are in no longest run of nodes in their order. */
    async moves(stages, count) {
        const chance = new Chance(1);
        const item = (key) => `<p data-athena-key="${key}">${key}</p>`;
        let keys = Array.from({ length: 9 }, (_, index) => index);
        const stage = await stages.open(keys.map(item).join(""));
        for (let turn = 0; turn < count; turn += 1) {
            const old = keys;
            keys = [...keys];
            if (turn % 2) {
                chance.shuffle(keys);
            } else {
                keys.unshift(keys.splice(chance.below(keys.length), 1)[0]);
            }
            const observer = new MutationObserver(() => {});
            observer.observe(stage.node, { childList: true });
            stage.put(keys.map(item).join(""));
            const moved = observer.takeRecords().reduce((sum, { addedNodes }) => sum + addedNodes.length, 0);
            observer.disconnect();
            stage.has(keys.map(item).join(""));
            equal(moved, keys.length - lengthOfRun(keys.map((key) => old.indexOf(key))), "moves");
        }
    },
};

/** How long a longest rising run of these numbers is, slowly. */
function lengthOfRun(numbers) {
    const ends = [];
    numbers.forEach((number, index) => {
        ends[index] = 1 + Math.max(0, ...ends.slice(0, index).filter((_, other) => numbers[other] < number));
    });
    return Math.max(...ends);
}

