import sys
from random import randrange

import socketio
from aiohttp import web

sio = socketio.AsyncServer(async_mode="aiohttp")
app = web.Application()
sio.attach(app)
tasks = {}


async def measure(sid):
    while True:
        loads = [randrange(100) for _ in range(50)]
        await sio.emit("measured", {"loads": loads, "mean": sum(loads) / 50}, to=sid)
        await sio.sleep(0.5)


@sio.event
async def connect(sid, environ):
    tasks[sid] = sio.start_background_task(measure, sid)


@sio.event
async def disconnect(sid):
    tasks.pop(sid).cancel()


async def index(request):
    return web.FileResponse("socketio_dashboard.html")


app.router.add_get("/", index)
app.router.add_static("/static", ".")
app.router.add_static("/lib", "../node_modules/socket.io-client/dist")

if __name__ == "__main__":
    web.run_app(app, port=int(sys.argv[1]))
