import os
import sqlite3
import sys
from datetime import date

import socketio
from aiohttp import web

MAKE = "CREATE TABLE IF NOT EXISTS thing (key INTEGER PRIMARY KEY, place REAL, text TEXT UNIQUE, due TEXT)"

sio = socketio.AsyncServer(async_mode="aiohttp")
app = web.Application()
sio.attach(app)

database = sqlite3.connect(os.environ.get("TODO", "todo.sqlite"), isolation_level=None)
database.execute(MAKE)
things = {key: (text, due) for key, text, due in database.execute("SELECT key, text, due FROM thing ORDER BY place")}


def check(text, due, key):
    errors = {}
    if not isinstance(text, str) or not 0 < len(text) <= 80:
        errors["text"] = "1 to 80 characters"
    elif any(other == text for one, (other, _) in things.items() if one != key):
        errors["text"] = "This is on the list."
    try:
        if due is not None:
            date.fromisoformat(due)
    except (TypeError, ValueError):
        errors["due"] = "A date."
    return errors


@sio.event
async def connect(sid, environ):
    await sio.emit("all", [(key, text, due) for key, (text, due) in things.items()], to=sid)


@sio.event
async def save(sid, text, due, key):
    if not isinstance(key, int):
        key = None
    errors = check(text, due, key)
    if not errors:
        key = key or max(things, default=0) + 1
        if not database.execute("UPDATE thing SET text = ?, due = ? WHERE key = ?", (text, due, key)).rowcount:
            database.execute("INSERT INTO thing (text, due, key, place) VALUES (?, ?, ?, ?)", (text, due, key, key))
        things[key] = text, due
        await sio.emit("put", (key, text, due))
    return errors


@sio.event
async def remove(sid, key):
    database.execute("DELETE FROM thing WHERE key = ?", (key,))
    things.pop(key, None)
    await sio.emit("gone", key)


@sio.event
async def first(sid, key):
    global things
    database.execute("UPDATE thing SET place = (SELECT min(place) - 1 FROM thing) WHERE key = ?", (key,))
    if key in things:
        things = {key: things[key], **things}
        await sio.emit("first", key)


async def index(request):
    return web.FileResponse("socketio_list.html")


app.router.add_get("/", index)
app.router.add_static("/static", ".")
app.router.add_static("/lib", "../node_modules/socket.io-client/dist")

if __name__ == "__main__":
    web.run_app(app, port=int(sys.argv[1]))
