"""Who is here: the open pages of a site for its operator, and a page that shows them."""
