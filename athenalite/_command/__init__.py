"""Private: the command ``athena-widget``."""
