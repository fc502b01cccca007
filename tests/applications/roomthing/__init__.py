"""A room, and pages that call it."""
