"""Elements with event handlers of all kinds."""
