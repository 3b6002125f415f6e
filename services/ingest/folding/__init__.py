"""The same text from several providers, and nameless copy, known again."""
