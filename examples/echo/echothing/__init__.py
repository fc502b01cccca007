"""
The echo application, the first part of Athena's tutorial. See `echothing.echobox`.
"""
