import os
import sqlite3
import sys

from nicegui import ui

MAKE = "CREATE TABLE IF NOT EXISTS thing (key INTEGER PRIMARY KEY, place REAL, text TEXT UNIQUE, due TEXT)"

database = sqlite3.connect(os.environ.get("TODO", "todo.sqlite"), isolation_level=None)
database.execute(MAKE)
things = {key: (text, due) for key, text, due in database.execute("SELECT key, text, due FROM thing ORDER BY place")}


@ui.refreshable
def list_ui(edit):
    if not things:
        ui.label("There is nothing to do.")
    for key, (text, due) in things.items():
        with ui.row().classes("items-center"):
            ui.label(text).classes("text-bold")
            ui.label(due or "")
            ui.button("First", on_click=lambda key=key: first(key))
            ui.button("Edit", on_click=lambda key=key: edit(key))
            ui.button("Done", on_click=lambda key=key: remove(key))


def put(text, due, key=None):
    key = key or max(things, default=0) + 1
    if not database.execute("UPDATE thing SET text = ?, due = ? WHERE key = ?", (text, due, key)).rowcount:
        database.execute("INSERT INTO thing (text, due, key, place) VALUES (?, ?, ?, ?)", (text, due, key, key))
    things[key] = text, due
    list_ui.refresh()


def remove(key):
    database.execute("DELETE FROM thing WHERE key = ?", (key,))
    things.pop(key, None)
    list_ui.refresh()


def first(key):
    global things
    database.execute("UPDATE thing SET place = (SELECT min(place) - 1 FROM thing) WHERE key = ?", (key,))
    if key in things:
        things = {key: things[key], **things}
        list_ui.refresh()


@ui.page("/")
def todo():
    editing = None

    def edit(key):
        nonlocal editing
        editing = key if key in things else None
        text.value, due.value = things.get(editing, ("", None))
        button.text = "Add" if editing is None else "Save"

    def save():
        if text.validate() and due.validate():
            put(text.value, due.value or None, editing)
            edit(None)
            text.error = None

    def is_new(value):
        return all(other != value for key, (other, _) in things.items() if key != editing)

    ui.label("To do").classes("text-h4")
    list_ui(edit)
    validation = {"1 to 80 characters": lambda value: 0 < len(value) <= 80, "This is on the list.": is_new}
    text = ui.input("What", validation=validation).without_auto_validation()
    due = ui.date_input("When")
    button = ui.button("Add", on_click=save)


ui.run(port=int(sys.argv[1]), reload=False, show=False)
