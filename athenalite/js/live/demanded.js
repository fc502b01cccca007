/** Scripts that are loaded on demand: {@link demanded}. */

/**
 * Wait for a script. If it cannot be loaded, ask once more, by another address: Firefox never asks again for one that was refused.
 * @param {Promise} loading what `import("...")` returned: only where the name is a literal does it become an address
 * @param {string} script the same name, which becomes the same address
 * @param {Function} AthenaError the class of the error if that fails, too. The page shows an `AthenaError` of the client to the person
 * @returns {Promise} of what the script exports
 */
export async function demanded(loading, script, AthenaError) {
    try {
        return await loading;
    } catch {
        const address = `${script}?${Date.now()}`;
        try {
            return await import(address);
        } catch (cause) {
            throw new AthenaError("A script could not be loaded", { cause });
        }
    }
}
