import { readFileSync } from "node:fs";

/** The cases of tests/vectors/`name`. */
export function vectors(name) {
    return JSON.parse(readFileSync(new URL(`../vectors/${name}`, import.meta.url), "utf8"));
}
