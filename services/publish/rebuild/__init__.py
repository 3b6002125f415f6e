"""The site made again beside the live one, and the proof that both are the same."""
