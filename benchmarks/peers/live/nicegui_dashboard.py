import sys
from random import randrange

from nicegui import ui


def draw(history):
    points = " ".join(f"{x},{100 - y:.1f}" for x, y in enumerate(history))
    return f'''<svg viewBox="0 0 59 100" width="600" height="100" preserveAspectRatio="none">
        <polyline points="{points}" fill="none" stroke="teal" /></svg>'''


@ui.page("/")
def dashboard():
    history = [0.0] * 60

    def measure():
        loads = [randrange(100) for _ in rows]
        history[:] = [*history[1:], sum(loads) / len(loads)]
        for (label, progress), load in zip(rows, loads, strict=True):
            label.set_text(f"{load} %")
            progress.set_value(load / 100)
        chart.set_content(draw(history))

    ui.label("Machines").classes("text-h4")
    chart = ui.html(draw(history), sanitize=False)
    rows = []
    with ui.grid(columns=3):
        for number in range(50):
            ui.label(f"Machine {number}")
            rows.append((ui.label(), ui.linear_progress(show_value=False)))
    ui.timer(0.5, measure)


ui.run(port=int(sys.argv[1]), reload=False, show=False)
