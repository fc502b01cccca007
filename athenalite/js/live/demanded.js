/** Scripts that are loaded on demand: {@link demanded}. */

import { textOf } from "../texts.js";

/** The English text of the key "unloaded", which only these scripts need. */
export const UNLOADED = "A script could not be loaded";

/**
 * Wait for a script. If it cannot be loaded, ask once more, by another address: Firefox never asks again for one that was refused.
 * @param {Promise} loading what `import("...")` returned: only where the name is a literal does it become an address
 * @param {string} script the same name, which becomes the same address
 * @param {Function} AthenaError the class of the error if that fails, too. The page shows an `AthenaError` of the client to the person
 * @param {{document: Document, status?: {texts: Record<string, string>}}} [page] whose language the error's text has
 * @returns {Promise} of what the script exports
 */
export async function demanded(loading, script, AthenaError, page = null) {
    try {
        return await loading;
    } catch {
        const address = `${script}?${Date.now()}`;
        try {
            return await import(address);
        } catch (cause) {
            const text = page && textOf(page.document, page.status?.texts ?? {}, "unloaded");
            throw new AthenaError(text || UNLOADED, { cause });
        }
    }
}
