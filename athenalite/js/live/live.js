/** Live templates: parts that the server renders again, and events that call its methods. Pages that have some load this script. */

import { isolate, logError } from "../log.js";
import { invoke } from "../members.js";
import { addListener, getAttribute, selectAll, settle } from "../natives.js";
import { showErrors } from "./fields.js";
import { watchPerson } from "./morph.js";
import { NestedWidgets } from "./nested.js";
import { RemoteEvents } from "./remote.js";
import { ShownParts } from "./shown.js";
import { LIVE_FORMS } from "./typed.js";

/** What its names of methods begin with in `data-athena-handlers`. */
const REMOTE = "@";

const client = await import("../main.js");
const page = client.Widget.page;
const parts = new ShownParts(page.document);
const nested = new NestedWidgets(client.Widget);
const remote = new RemoteEvents(page, client);
const handleEvent = page.handleEvent.bind(page);

page.handleEvent = (node, eventName, methodName, event) => (methodName.startsWith(REMOTE)
    ? remote.handle(node, methodName.slice(REMOTE.length), event) : handleEvent(node, eventName, methodName, event));

watchPerson(page.document);

let isRecovering = false;

function loadRecovery() {
    if (!isRecovering) {
        isRecovering = true;
        const loading = import("../parts/recovery.js");
        const remind = (field, text) => showErrors(field, [[getAttribute(field, "name"), text]], false);
        const again = page.status.texts?.["field-again"];
        settle(loading, (recovery) => recovery.recover(window, remind, again), (error) => {
            // The connection may be lost: the next input tries again.
            isRecovering = false;
            logError(error, "What is typed would be lost by a reload");
        });
    }
}

if (selectAll(page.document, LIVE_FORMS).length) {
    loadRecovery();
}
// A part may be rendered with one later.
addListener(page.document, "input", ({ target: { form } }) => form && invoke(form, "matches", LIVE_FORMS) && loadRecovery(), true);

/** Called by the server: show the part `name`. If it has new widgets, load what they need. */
function show(name, what, why, scripts = [], styles = []) {
    const showNow = () => {
        parts.show(name, what, why, page.overlay);
        nested.settle();
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
