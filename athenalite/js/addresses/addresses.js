/** The address of this page: pages whose application changes it load this script. */

import { AddressBar } from "./history.js";

const clientOfPage = await import("../main.js");
const bar = new AddressBar(window, clientOfPage.Widget.page);

/** Called by the server: see {@link AddressBar#show}. */
function showURL(url, isNew, moves, path) {
    bar.show(url, isNew, moves, path);
}

export { showURL };
