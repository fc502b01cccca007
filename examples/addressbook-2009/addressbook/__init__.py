"""
An address book with Athena.
"""
