"""
A tree of widgets that are ES modules, made and ended while the page lives. See `branching.tree`.
"""
