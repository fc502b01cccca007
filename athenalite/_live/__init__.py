"""Live templates: renderers that are rendered again, and methods that templates call."""
