"""Open pages are told of what moves: server-sent events from what the web process sees of the store."""
