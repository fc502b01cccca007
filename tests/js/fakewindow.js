/** A document with these fields and editable nodes. */
export const documentWith = (fields = [], editable = []) => ({
    querySelectorAll: (selector) => (selector.includes("contenteditable") ? editable : fields),
    querySelector: () => null,
    addEventListener(type, f) {
        this[type] = f;
    },
});

/** A window of the tab that has this storage. */
export function makeWindow(storage = new Map()) {
    return {
        document: documentWith(),
        location: { pathname: "/chat", reloads: 0, reload() { this.reloads += 1; } },
        sessionStorage: {
            getItem: (key) => storage.get(key) ?? null,
            setItem: (key, value) => storage.set(key, String(value)),
            removeItem: (key) => storage.delete(key),
        },
    };
}
