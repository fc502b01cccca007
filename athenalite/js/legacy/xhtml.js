/**
 * Start the client in a page that is served as XHTML: Chromium runs no module of a document that is parsed as XML
 * (crbug.com/717643), but any that a script imports. This is not a module, and is used in such pages only.
 */
(({ dataset: { client } }) => {
    const address = new URL(client, document.baseURI).href;
    const start = () => import(address);
    if (document.readyState === "loading") {
        document.addEventListener("DOMContentLoaded", start, { once: true });
    } else {
        start();
    }
})(document.currentScript);
