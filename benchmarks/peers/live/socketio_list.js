const socket = io();
const list = document.getElementById("things");
const form = document.getElementById("form");
const button = form.querySelector("button");
const { text: textField, due: dueField } = form.elements;
let editing = null;

function edit(key, text, due) {
    editing = key;
    textField.value = text;
    dueField.value = due ?? "";
    button.textContent = key === null ? "Add" : "Save";
}

function put(key, text, due) {
    let item = document.getElementById(`thing-${key}`);
    if (item === null) {
        item = document.getElementById("item").content.firstElementChild.cloneNode(true);
        item.id = `thing-${key}`;
        item.querySelector(".first").onclick = () => socket.emit("first", key);
        item.querySelector(".done").onclick = () => socket.emit("remove", key);
        list.append(item);
    }
    item.querySelector("b").textContent = text;
    item.querySelector("i").textContent = due ?? "";
    item.querySelector(".edit").onclick = () => edit(key, text, due);
}

function show(errors) {
    for (const field of [textField, dueField]) {
        field.setAttribute("aria-invalid", field.name in errors);
        document.getElementById(`${field.name}-error`).textContent = errors[field.name] ?? "";
    }
}

socket.on("all", (things) => {
    list.replaceChildren();
    for (const thing of things) {
        put(...thing);
    }
});
socket.on("put", put);
socket.on("gone", (key) => document.getElementById(`thing-${key}`)?.remove());
socket.on("first", (key) => list.prepend(document.getElementById(`thing-${key}`)));

form.addEventListener("submit", (event) => {
    event.preventDefault();
    socket.emit("save", textField.value, dueField.value || null, editing, (errors) => {
        show(errors);
        if (Object.keys(errors).length === 0) {
            edit(null, "", "");
        }
    });
});
