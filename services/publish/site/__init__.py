"""The live site: pages and their templates, and the server that holds them in memory."""
