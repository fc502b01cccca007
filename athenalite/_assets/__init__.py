"""Scripts, style sheets and the documents that name them."""
