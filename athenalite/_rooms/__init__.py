"""Private: rooms, whose methods run in every worker of a site, and their engine."""
