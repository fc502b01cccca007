"""What became of the names of Nevow."""
