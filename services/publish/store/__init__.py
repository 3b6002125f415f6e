"""The site store: tables and migrations, the fold that writes them, the queries that read them."""
