"""
The echo application with a widget that is an ES module. See `echoing.echobox`.
"""
