"""Pages and elements."""
