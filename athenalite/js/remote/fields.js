/** The fields of forms: what they contain, and what is wrong with it. */

import { invoke } from "../members.js";
import {
    Map, append, getAttribute, hasAttribute, isElement, mapped, parentOf, removeAttribute, removeNode, selectAll, setAttribute,
} from "../natives.js";
import { isConnected, localNameOf, ownerOf } from "../live/matching.js";
import { FIELDS, isChanged, putBack, selectionOf, typedIn } from "../live/typed.js";

const INVALID = "aria-invalid";
const DESCRIBED = "aria-describedby";

/** The nodes with errors, by their controls and forms; also by removed controls, until errors are cleared the next time. */
const alerts = new Map();
let count = 0;

/** A form's field named "elements" hides them. */
const elementsProperty = Object.getOwnPropertyDescriptor(HTMLFormElement.prototype, "elements");
const resetForm = HTMLFormElement.prototype.reset;

const controlsOf = (form) => elementsProperty.get.call(form);
const isForm = (node) => localNameOf(node) === "form";

/** Whether a control is a checkbox without a value of its own, which is true or false. */
function isLonely(node) {
    return node.localName === "input" && node.type === "checkbox" && hasAttribute(node, "name") && !hasAttribute(node, "value");
}

/** The fields of a form and its button, or one control, as pairs of names and values. */
export function fieldsOf(node, submitter) {
    if (isForm(node)) {
        const lonely = [...controlsOf(node)].filter((one) => isLonely(one) && !invoke(one, "matches", ":disabled"));
        const names = lonely.map((one) => getAttribute(one, "name"));
        // Files are sent before: see filesOf.
        const pairs = [...new FormData(node, submitter)].filter(([name, value]) => typeof value === "string" && !names.includes(name));
        return [...pairs, ...lonely.map((one) => [getAttribute(one, "name"), one.checked])];
    }
    const name = getAttribute(node, "name");
    // The value of a field for files is a path that there is not.
    if (!name || !("value" in node) || node.localName === "button" || node.type === "file") {
        return [];
    }
    if (node.localName === "select" && node.multiple) {
        return mapped(node.selectedOptions, (option) => [name, option.value]);
    }
    return [[name, isLonely(node) ? node.checked : node.value]];
}

/** The files that are chosen in a form, with their controls and the names of these. */
export function filesOf(form) {
    const controls = mapped(controlsOf(form), (one) => one).filter((one) => one.type === "file" && getAttribute(one, "name"));
    return controls.filter((one) => !invoke(one, "matches", ":disabled"))
        .flatMap((control) => mapped(control.files, (file) => ({ field: getAttribute(control, "name"), file, control })));
}

const chosenFiles = (field) => mapped(field.files, (file) => file);
const fileIdentityOf = ({ name, size, lastModified }) => [name, size, lastModified];

/** Choose files. The list of a field is emptied when its form is reset. */
function putFiles(field, files) {
    const chosen = new DataTransfer();
    files.forEach((file) => chosen.items.add(file));
    field.files = chosen.files;
}

/** What is in the fields of a form that is sent, for {@link resetFields}. */
export function contentsOf(form) {
    const fields = isForm(form) ? mapped(controlsOf(form), (one) => one).filter((one) => invoke(one, "matches", FIELDS)) : [];
    return new Map(fields.map((field) => [field, JSON.stringify(field.type === "file" ? chosenFiles(field).map(fileIdentityOf) : typedIn(field))]));
}

/**
 * Empty a form that was taken, but for what was typed while it was sent: that is of the next one.
 * @param {Map} sent the {@link contentsOf} it
 */
export function resetFields(node, sent) {
    if (!isForm(node)) {
        return;
    }
    // A field that came meanwhile was not sent.
    const typed = [...contentsOf(node)].filter(([field, content]) => isChanged(field) && content !== sent.get(field))
        .map(([field]) => (field.type === "file" ? [field, chosenFiles(field), putFiles] : [field, typedIn(field), putBack, selectionOf(field)]));
    resetForm.call(node);
    for (const [field, what, put, selection] of typed) {
        put(field, what);
        if (selection) {
            field.setSelectionRange(...selection);
        }
    }
}

function clear(node) {
    const alert = alerts.get(node);
    if (alert) {
        alerts.delete(node);
        const id = getAttribute(alert, "id");
        const others = (getAttribute(node, DESCRIBED) ?? "").split(/\s+/).filter((one) => one !== id);
        removeAttribute(node, INVALID);
        if (others.length) {
            setAttribute(node, DESCRIBED, others.join(" "));
        } else {
            removeAttribute(node, DESCRIBED);
        }
        if (alert.localName === "output") {
            alert.textContent = "";
        } else {
            removeNode(alert);
        }
    }
}

/**
 * Remove the errors of a form and its controls, or of one control; and those of removed controls: another form that was
 * rendered in their place would show them.
 */
export function clearErrors(node) {
    const cleared = [node, ...(isForm(node) ? controlsOf(node) : [])];
    [...alerts.keys()].filter((one) => !isConnected(one) || cleared.includes(one)).forEach(clear);
}

/** The node of the template for the errors of a control: `<output for="its id">`. */
function outputFor(control, form) {
    const id = getAttribute(control, "id");
    return id && form ? [...selectAll(form, "output[for]")].find((one) => getAttribute(one, "for").split(/\s+/).includes(id)) : undefined;
}

function showAt(node, text, form) {
    clear(node);
    let alert = outputFor(node, form);
    if (!alert) {
        alert = ownerOf(node).createElement(isForm(node) ? "p" : "span");
        alert.className = "athena-error";
        if (isForm(node)) {
            append(node, alert);
        } else {
            invoke(parentOf(node), "insertBefore", alert, node.nextSibling);
        }
    }
    count += 1;
    if (!hasAttribute(alert, "id")) {
        setAttribute(alert, "id", `athena-error-${count}`);
    }
    setAttribute(alert, "role", "alert");
    alert.textContent = text;
    alerts.set(node, alert);
    if (!isForm(node)) {
        setAttribute(node, INVALID, "true");
        setAttribute(node, DESCRIBED, [getAttribute(node, DESCRIBED), getAttribute(alert, "id")].filter(Boolean).join(" "));
    }
}

/**
 * Show errors at their fields, and those of no field at `node`.
 * @param {Element} node a form or a control
 * @param {[string, string][]} errors names and texts
 * @param {boolean} focuses whether the first field with an error gets the focus
 */
export function showErrors(node, errors, focuses) {
    const form = isForm(node) ? node : node.form ?? null;
    const fields = form ? [...controlsOf(form)] : [node];
    let first = null;
    let rest = [];
    for (const [name, text] of errors) {
        const control = fields.find((one) => isElement(one) && getAttribute(one, "name") === name && one.type !== "hidden");
        if (control && (isForm(node) || control === node)) {
            showAt(control, text, form);
            first ??= control;
        } else {
            rest = [...rest, name ? `${name}: ${text}` : text];
        }
    }
    if (rest.length) {
        showAt(node, rest.join(" "), form);
    }
    if (focuses) {
        first?.focus();
    }
}
