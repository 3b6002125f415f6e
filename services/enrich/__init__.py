"""Enrich: says of a story who, where and what about, and never holds it back."""
