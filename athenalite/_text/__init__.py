"""Text: what is logged, and how often; cookies, markup and URLs."""
