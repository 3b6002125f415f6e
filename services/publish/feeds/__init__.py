"""What machines read of the site: feeds and sitemaps. Pure: stories in, bytes out."""
