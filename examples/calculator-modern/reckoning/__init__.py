"""
A calculator whose arguments are checked, with a widget that is an ES module. See `reckoning.calculator`.
"""
