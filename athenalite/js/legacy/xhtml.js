/**
 * Starts the client in a page that is served as XHTML: Chromium runs no module that an XML parser has met
 * (crbug.com/717643), but any that a script asks for. This is no module, and stands in such pages only.
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
