"""Text from outside: what is safe to log, and cookies."""
