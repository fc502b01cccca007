/** Pieces of markup: `_live/versions.py` finds the difference of two renderings, and this applies it. */

/** The text of which `pieces`, indices and texts in turn, are the difference to `text`. */
export function withPieces(text, pieces) {
    const parts = text.match(/[^"<>]*["<>]|[^"<>]+/g) ?? [];
    for (let index = 0; index < pieces.length; index += 2) {
        parts[pieces[index]] = pieces[index + 1];
    }
    return parts.join("");
}
