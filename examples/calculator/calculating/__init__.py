"""
A calculator whose arithmetic is done by the server. See `calculating.calculator`.
"""
