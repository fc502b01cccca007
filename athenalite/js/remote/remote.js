/** Events and forms of live templates that call methods of the server. Pages whose templates have some load this script. */

import { logError } from "../log.js";
import { invoke } from "../members.js";
import { addListener, getAttribute, selectAll, settle } from "../natives.js";
import { LIVE_FORMS, REMOTE } from "../live/typed.js";
import { showErrors } from "./fields.js";
import { RemoteEvents } from "./remoteevents.js";

const athenalite = await import("../main.js");
const livePage = athenalite.Widget.page;
const remote = new RemoteEvents(livePage, athenalite);
const handleOther = livePage.handleEvent.bind(livePage);

/** Call the method of the server for an event. @returns {boolean | undefined} false to prevent the default */
function handleRemote(node, methodName, event) {
    return remote.handle(node, methodName.slice(REMOTE.length), event);
}

livePage.handleEvent = (node, eventName, methodName, event) => (methodName.startsWith(REMOTE)
    ? handleRemote(node, methodName, event) : handleOther(node, eventName, methodName, event));

let isRecovering = false;

function loadRecovery() {
    if (!isRecovering) {
        isRecovering = true;
        const loading = import("../parts/recovery.js");
        const remind = (field, text) => showErrors(field, [[getAttribute(field, "name"), text]], false);
        const again = livePage.status.texts?.["field-again"];
        settle(loading, (recovery) => recovery.recover(window, remind, again), (error) => {
            // The connection may be lost: the next input tries again.
            isRecovering = false;
            logError(error, "What is typed would be lost by a reload");
        });
    }
}

if (selectAll(livePage.document, LIVE_FORMS).length) {
    loadRecovery();
}
// A part may be rendered with one later.
addListener(livePage.document, "input", ({ target: { form } }) => form && invoke(form, "matches", LIVE_FORMS) && loadRecovery(), true);

export { handleRemote };
