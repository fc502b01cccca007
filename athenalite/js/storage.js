/** The tab's session storage, in which a page remembers something for the next one at its address. */

/** Names an entry: when the page was made again. */
export const MADE = "made";

/** The key of an entry. Frames share the storage, hence the path. */
export function storageKey({ location }, name) {
    return `athenalite ${name} ${location.pathname}`;
}

/** Remove an entry, if the storage is not forbidden. */
export function forget(window, name) {
    try {
        window.sessionStorage.removeItem(storageKey(window, name));
    } catch {
        // Then there is no entry.
    }
}
