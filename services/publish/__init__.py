"""Publish: the projector folds events into the site store, and the web process serves it."""
