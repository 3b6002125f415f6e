"""Feeds: when each is asked, fetched safely, read, and subscribed to at a hub."""
