"""
The chat application with widgets that are ES modules. See `chatting.chatterbox`.
"""
