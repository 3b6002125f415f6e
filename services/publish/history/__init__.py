"""What became of a story from revision to revision, as far as it is worked out without a store."""
