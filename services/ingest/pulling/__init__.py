"""Interfaces that are read page by page, with a cursor that moves when a page is safe."""
