/**
 * Start the client in a page that is served as XHTML: Chromium runs no module of a document that is parsed as XML
 * (crbug.com/717643), but any that a script imports. This is not a module, and is used in such pages only.
 */
(() => {
    // A named element hides what the document has of the same name.
    const read = (name) => Reflect.get(Object.getPrototypeOf(document), name, document);
    const address = new URL(read("currentScript").dataset.client, location).href;
    const start = () => import(address);
    if (read("readyState") === "loading") {
        read("addEventListener").call(document, "DOMContentLoaded", start, { once: true });
    } else {
        start();
    }
})();
