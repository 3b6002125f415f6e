"""Ingest: takes copy in, decides what it is, and admits it once."""
