import os
import sqlite3
from datetime import date
from typing import Annotated

from msgspec import Meta, Struct

from athenalite.live import FieldError, LiveElement, SharedElement, expose, part, renderer, sibpath, xmlfile

MAKE = "CREATE TABLE IF NOT EXISTS thing (key INTEGER PRIMARY KEY, place REAL, text TEXT UNIQUE, due TEXT)"


class Thing(Struct):
    text: Annotated[str, Meta(min_length=1, max_length=80)]
    due: date | None = None


class Things(SharedElement):
    """The things of all people, in a database."""

    docFactory = xmlfile(sibpath(__file__, "things.html"))

    def __init__(self, path):
        super().__init__()
        self.database = sqlite3.connect(path, isolation_level=None)
        self.database.execute(MAKE)
        rows = self.database.execute("SELECT key, text, due FROM thing ORDER BY place")
        self.all = {key: Thing(text, due and date.fromisoformat(due)) for key, text, due in rows}

    @part.each("all")
    def things(self, request, tag, thing):
        return tag.fillSlots(text=thing.text, due=str(thing.due or ""))

    def put(self, thing, key=None):
        if any(other.text == thing.text for one, other in self.all.items() if one != key):
            raise FieldError("text", "This is on the list.")
        key = key or max(self.all, default=0) + 1
        values = thing.text, thing.due and thing.due.isoformat(), key
        if not self.database.execute("UPDATE thing SET text = ?, due = ? WHERE key = ?", values).rowcount:
            self.database.execute("INSERT INTO thing (text, due, key, place) VALUES (?, ?, ?, ?)", (*values, key))
        self.all[key] = thing
        self.rerender("things", key)

    def remove(self, key):
        self.database.execute("DELETE FROM thing WHERE key = ?", (key,))
        self.all.pop(key, None)
        self.rerender("things", key)

    def raiseUp(self, key):
        """Put a thing first."""
        self.database.execute("UPDATE thing SET place = (SELECT min(place) - 1 FROM thing) WHERE key = ?", (key,))
        if key in self.all:
            self.all = {key: self.all[key], **self.all}
            self.rerender("things", key)


THINGS = Things(os.environ.get("TODO", "todo.sqlite"))


class Todo(LiveElement):
    """One person's page."""

    docFactory = xmlfile(sibpath(__file__, "todo.html"))
    cssModule = "Live"
    key = None

    @renderer
    def list(self, request, tag):
        return tag[THINGS]

    @part
    def form(self, request, tag):
        thing = THINGS.all.get(self.key, Thing(""))
        return tag.fillSlots(text=thing.text, due=str(thing.due or ""), what="Add" if self.key is None else "Save")

    @expose
    def save(self, thing: Thing):
        THINGS.put(thing, self.key)
        self.edit(None)

    @expose
    def edit(self, key: int | None):
        self.key = key
        self.rerender("form")

    @expose
    def remove(self, key: int):
        THINGS.remove(key)

    @expose
    def first(self, key: int):
        THINGS.raiseUp(key)
