"""
A tree of widgets that grows and is pruned. See `growing.tree`.
"""
