/** Pieces of markup: `_live/versions.py` finds the difference of two renderings, and this applies it. */

/** What becomes of `text` by `what`: another text, or pieces of it, indices and texts in turn. */
export function withPieces(text, what) {
    if (typeof what === "string") {
        return what;
    }
    const parts = text.match(/[^"<>]*["<>]|[^"<>]+/g) ?? [];
    for (let index = 0; index < what.length; index += 2) {
        parts[what[index]] = what[index + 1];
    }
    return parts.join("");
}
