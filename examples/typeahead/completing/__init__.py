"""
A field that is completed while one types. See `completing.typeahead`.
"""
