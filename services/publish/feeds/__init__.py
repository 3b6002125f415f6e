"""What machines read of the site: feeds and sitemaps. Pure: the same stories give the same bytes."""
