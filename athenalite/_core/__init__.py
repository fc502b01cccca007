"""The protocol without I/O: messages, delivery, calls and sessions."""
