"""Widgets with mistakes in them."""
