"""The network side: the HTTP site, WebSockets, and the factory that the pages of a site share."""
