"""One enricher a file, each a pure function from an article to what it adds."""
