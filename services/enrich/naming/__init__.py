"""People, organisations and places as mentions, and how they become tags: pure parts of the enricher ``names``."""
