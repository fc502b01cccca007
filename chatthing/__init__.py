"""
A chat room for the browser: the demonstration of athenalite. See `chatthing.chatterbox`.
"""
