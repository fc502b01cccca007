/** Live templates: parts that the server renders again, and events that call its methods. Pages that have some load this script. */

import { selectAll } from "../natives.js";
import { widgetOf } from "./matching.js";
import { hooks, watchPerson } from "./morph.js";
import { RemoteEvents } from "./remote.js";
import { ShownParts } from "./shown.js";

/** What its names of methods begin with in `data-athena-handlers`. */
const REMOTE = "@";

const client = await import("../main.js");
const page = client.Widget.page;
const parts = new ShownParts(page.document);
const remote = new RemoteEvents(page, client.RemoteError);
const handleEvent = page.handleEvent.bind(page);

page.handleEvent = (node, eventName, methodName, event) => (methodName.startsWith(REMOTE)
    ? remote.handle(node, methodName.slice(REMOTE.length), event) : handleEvent(node, eventName, methodName, event));

/** The widgets of nodes that the server has not rendered again end. */
hooks.removing = (live) => {
    for (const node of live.attributes ? [live, ...selectAll(live, "[id^='athena:']")] : []) {
        const objectID = widgetOf(node);
        if (objectID !== null) {
            client.Widget.fromAthenaID(objectID)._athenaDetachClient();
        }
    }
};

watchPerson(page.document);

/** Called by the server: show the part `name`. */
function show(name, what, why) {
    parts.show(name, what, why, page.overlay);
}

export { show };
