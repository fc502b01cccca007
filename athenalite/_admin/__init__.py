"""Lists the open pages of a site for its operator, and serves a page that shows them."""
