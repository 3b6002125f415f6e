"""Quality, measured: the enrichers against labelled articles. ``python -m tools.evaluate``; writes docs/tagging.md."""
