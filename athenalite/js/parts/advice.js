/** Texts about likely mistakes of an application's author: a script of its own, which is loaded when there is one. */

// Events that the browser has and that no property of an element is called for.
const WITHOUT_PROPERTY = [
    "compositionstart", "compositionupdate", "compositionend", "focusin", "focusout", "touchstart", "touchmove", "touchend", "touchcancel",
    "fullscreenchange", "fullscreenerror", "beforematch", "beforexrselect", "DOMActivate", "encrypted", "waitingforkey", "contentvisibilityautostatechange",
    "enterpictureinpicture", "leavepictureinpicture", "scrollsnapchange", "scrollsnapchanging", "gesturestart", "gesturechange", "gestureend",
];

/** About an event of a template's handler that has no property; null if the browser has it nevertheless. */
function aboutEvent(eventName, methodName) {
    const isNamed = eventName.startsWith("on");
    if (isNamed && WITHOUT_PROPERTY.includes(eventName.slice(2))) {
        return null;
    }
    const advice = isNamed ? "Is it misspelt? If your own code dispatches it, give it a name with a dash" : `Write event="on${eventName}"`;
    return `The browser has no event "${eventName}", for which a template's athena:handler names the method ${methodName}. ${advice}.`;
}

/** About an event of a node whose widget is detached. */
function aboutEnded(objectID, eventName, methodName) {
    return `Widget ${objectID} has ended, and ${methodName} is not called for ${eventName}. Remove its node in detached().`;
}

/** About widgets of the document whose nodes are not there. */
function aboutMissing() {
    return "The HTML parser has removed the nodes of widgets, because HTML does not allow them there, such as a form in a form, or a tr outside "
        + "of a table; use other root elements in their templates";
}

export { aboutEnded, aboutEvent, aboutMissing };
