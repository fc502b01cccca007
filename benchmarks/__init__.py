"""Commands that measure athenalite; ``README.rst`` beside them says what each shows."""
