"""What an operator can do from a command line."""
