"""The edge to the network: HTTP, WebSockets and what the pages of a site share."""
