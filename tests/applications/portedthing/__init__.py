"""
Pages as Athena's applications wrote them, moved over by renaming ``nevow`` in their imports and nothing else.

Each class is written after the habits of one kind of application: a demo of widgets, a machine's screen in SVG, a
tabbed page, a form, a page with an object behind it.
"""
