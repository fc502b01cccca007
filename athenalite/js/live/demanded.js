/** Scripts that are loaded on demand: {@link demanded}. */

/**
 * @param {Promise} loading what `import()` of the script returned
 * @param {string} script its address
 * @param {Function} AthenaError the class of the error; the page shows that of the client to the person
 * @returns {Promise} of what the script exports. If it could not be loaded, a further attempt asks the server again, and by another address:
 *     some browsers keep for ever that it has refused one.
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
