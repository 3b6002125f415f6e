"""How the model of the top-level Media Topics is trained; ``python -m tools.train_topics`` is the command."""
