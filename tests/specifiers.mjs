/**
 * What node finds in ES modules: reads a JSON array of texts, and writes for each the specifiers of its static imports, each
 * once, or null if it is no module. Run with --experimental-vm-modules by tests/assets/test_importlexer.py.
 */
import { readFileSync } from "node:fs";
import { SourceTextModule } from "node:vm";

function specifiersOf(text) {
    try {
        return [...new Set(new SourceTextModule(text).dependencySpecifiers)];
    } catch {
        return null;
    }
}

console.log(JSON.stringify(JSON.parse(readFileSync(0, "utf8")).map(specifiersOf)));
