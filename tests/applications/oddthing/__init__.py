"""Elements with invalid values and errors."""
