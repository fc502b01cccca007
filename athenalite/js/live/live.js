/** Live templates: parts that the server renders again. Pages that have some load this script. */

import { isolate } from "../log.js";
import { demanded } from "./demanded.js";
import { watchPerson } from "./morph.js";
import { nestedWidgets } from "./nested.js";
import { ShownParts } from "./shown.js";
import { REMOTE } from "./typed.js";

const client = await import("../main.js");
const page = client.Widget.page;
const parts = new ShownParts(page.document);
const updateNested = nestedWidgets(client.Widget);
const handleEvent = page.handleEvent.bind(page);

/** For handlers that have come with a part, and that no template had when the page was loaded. */
async function handleLater(...given) {
    const { handleRemote } = await demanded(import("../remote/remote.js"), "../remote/remote.js", client.AthenaError);
    return handleRemote(...given);
}

page.handleEvent = (node, eventName, methodName, event) => (methodName.startsWith(REMOTE)
    ? handleLater(node, methodName, event) : handleEvent(node, eventName, methodName, event));

watchPerson(page.document);

/** Called by the server: show the part `name`. If it has new widgets, load what they need. */
function show(name, what, why, scripts = [], styles = []) {
    const showNow = () => {
        parts.show(name, what, why, page.overlay);
        updateNested();
    };
    page.modules.loadStylesheets(styles);
    if (!scripts.length) {
        showNow();
        return;
    }
    // What comes behind finds the widgets.
    page.session.hold();
    page.modules.loadModules(scripts).addBoth((result) => {
        isolate(`The part ${name} could not be shown`, showNow);
        page.session.release();
        return result;
    });
}

export { show };
