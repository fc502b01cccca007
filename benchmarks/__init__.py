"""Commands that measure athenalite; ``README.rst`` lists them."""
