"""The content API: what is on the site, for programs."""
