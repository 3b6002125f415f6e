"""Searching, as far as it is decided without a store: words, questions, snippets, words nearby."""
