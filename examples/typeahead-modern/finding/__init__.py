"""
Type-ahead with a widget that is an ES module: characters by their names. See `finding.characters`.
"""
