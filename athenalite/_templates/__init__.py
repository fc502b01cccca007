"""Templates: the XML parser, and what is computed once for each."""
