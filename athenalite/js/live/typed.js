/** What a person has typed into the fields of a page: text, and what was checked or selected. */

import { invoke } from "../members.js";

/** What the names of the server's methods begin with in `data-athena-handlers`. */
export const REMOTE = "@";

/** The forms that are sent to methods of the server. */
export const LIVE_FORMS = 'form[data-athena-handlers*="onsubmit=@"]';

/** The fields that a person can see and change. */
export const FIELDS = "input:not([type=hidden], [type=submit], [type=button], [type=reset], [type=image]), textarea, select";

/** Whether a field is checked or not, and has no text. */
export const isToggle = (field) => field.type === "checkbox" || field.type === "radio";

/** The radio buttons of which one is checked at a time, if `field` is one; otherwise it alone. */
export function groupOf(field) {
    if (field.type !== "radio" || !field.name) {
        return [field];
    }
    const found = invoke(field.getRootNode(), "querySelectorAll", `input[type=radio][name="${CSS.escape(field.name)}"]`);
    return [...found].filter((one) => one.form === field.form);
}

/** Whether a field differs from what came with the page. */
export function isChanged(field) {
    if (field.options) {
        const options = [...field.options];
        // Without a default the first option is selected.
        return options.some((option) => option.selected !== option.defaultSelected)
            && (options.some((option) => option.defaultSelected) || field.selectedIndex > 0);
    }
    // The value of a box that has none is "on", and its default is "".
    return isToggle(field) ? field.checked !== field.defaultChecked : field.value !== field.defaultValue;
}

/** What is in a field, for {@link putBack}; it can be written as JSON. */
export function typedIn(field) {
    if (field.options) {
        return [...field.options].map((option) => Number(option.selected));
    }
    return isToggle(field) ? field.checked : field.value;
}

/** Put into a field what was in it. No event is dispatched. */
export function putBack(field, typed) {
    if (field.options) {
        [...field.options].forEach((option, index) => { option.selected = Boolean(typed[index]); });
    } else if (isToggle(field)) {
        // Its value would become an attribute, which it need not have had.
        field.checked = typed;
    } else {
        field.value = typed;
    }
}

/** The selection of a field for its `setSelectionRange`, or null if it has none. */
export function selectionOf(node) {
    const { selectionStart, selectionEnd, selectionDirection } = node;
    return typeof selectionStart === "number" ? [selectionStart, selectionEnd, selectionDirection] : null;
}
