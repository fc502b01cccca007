"""
Pages as Athena's applications had them, ported by renaming ``nevow`` in their imports and nothing else.

Each class has the style of one kind of application: a demo of widgets, a machine's screen in SVG, a
tabbed page, a form, a page with an object behind it.
"""
