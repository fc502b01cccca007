/**
 * Reads and writes JSON where a script that was loaded before the client has replaced the browser's own `JSON`: a script of its own,
 * which other pages do not load.
 */

import { charOf, codeAt, defineProperty } from "../natives.js";

const ESCAPED = { __proto__: null, '"': '\\"', "\\": "\\\\", "\b": "\\b", "\f": "\\f", "\n": "\\n", "\r": "\\r", "\t": "\\t" };
const UNESCAPED = { __proto__: null, '"': '"', "\\": "\\", "/": "/", b: "\b", f: "\f", n: "\n", r: "\r", t: "\t" };
const WORDS = { __proto__: null, true: true, false: false, null: null };
const HEX = "0123456789abcdef";
const NUMBER = /^-?(0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?$/;
const WORD = /[\w.+-]/;

/** The JSON of a string, where the browser's is not to be had. */
function quoted(text) {
    let result = '"';
    for (let index = 0; index < text.length; index += 1) {
        const char = text[index];
        result += ESCAPED[char] ?? (char < " " || isLone(text, index) ? unicodeEscape(codeAt(char)) : char);
    }
    return `${result}"`;
}

function isHigh(char) {
    return char >= "\ud800" && char <= "\udbff";
}

function isLow(char) {
    return char >= "\udc00" && char <= "\udfff";
}

function isLone(text, index) {
    return isHigh(text[index]) ? !isLow(text[index + 1]) : isLow(text[index]) && !isHigh(text[index - 1]);
}

function unicodeEscape(code) {
    return `\\u${HEX[code >> 12]}${HEX[(code >> 8) & 15]}${HEX[(code >> 4) & 15]}${HEX[code & 15]}`;
}

/** What `text` is, where the browser's JSON.parse is not to be had. @throws {SyntaxError} */
function readJSON(text) {
    const reader = new JSONReader(text);
    const value = reader.value();
    reader.demand(reader.peek() === undefined);
    return value;
}

class JSONReader {
    #text;
    #at = 0;

    constructor(text) {
        this.#text = text;
    }

    demand(condition) {
        if (!condition) {
            throw new SyntaxError(`Not JSON at character ${this.#at}`);
        }
    }

    /** The character behind blanks; undefined at the end. */
    peek() {
        const text = this.#text;
        while (text[this.#at] === " " || text[this.#at] === "\n" || text[this.#at] === "\r" || text[this.#at] === "\t") {
            this.#at += 1;
        }
        return text[this.#at];
    }

    #take(char) {
        const found = this.peek() === char;
        this.#at += found ? 1 : 0;
        return found;
    }

    value() {
        const char = this.peek();
        if (char === "[") {
            return this.#array();
        }
        return char === "{" ? this.#object() : char === '"' ? this.#string() : this.#word();
    }

    #array() {
        const result = [];
        this.#list("[", "]", () => {
            result[result.length] = this.value();
        });
        return result;
    }

    #object() {
        const result = {};
        this.#list("{", "}", () => {
            this.demand(this.peek() === '"');
            const key = this.#string();
            this.demand(this.#take(":"));
            // "__proto__" is a key like any other.
            defineProperty(result, key, { value: this.value(), writable: true, enumerable: true, configurable: true });
        });
        return result;
    }

    #list(open, close, item) {
        this.#take(open);
        if (!this.#take(close)) {
            do {
                item();
            } while (this.#take(","));
            this.demand(this.#take(close));
        }
    }

    #string() {
        const text = this.#text;
        let result = "";
        this.#take('"');
        while (text[this.#at] !== '"') {
            const char = text[this.#at];
            this.demand(char >= " ");
            this.#at += 1;
            result += char === "\\" ? this.#escape() : char;
        }
        this.#at += 1;
        return result;
    }

    #escape() {
        const char = this.#text[this.#at];
        this.#at += 1;
        if (char !== "u") {
            this.demand(char in UNESCAPED);
            return UNESCAPED[char];
        }
        let code = 0;
        for (let count = 0; count < 4; count += 1) {
            const digit = this.#text[this.#at];
            this.demand((digit >= "0" && digit <= "9") || (digit >= "a" && digit <= "f") || (digit >= "A" && digit <= "F"));
            code = code * 16 + Number(`0x${digit}`);
            this.#at += 1;
        }
        return charOf(code);
    }

    #word() {
        const text = this.#text;
        let word = "";
        for (let char = text[this.#at]; char !== undefined && WORD.test(char); char = text[this.#at]) {
            word += char;
            this.#at += 1;
        }
        this.demand(word in WORDS || NUMBER.test(word));
        return word in WORDS ? WORDS[word] : Number(word);
    }
}

export { quoted, readJSON };
