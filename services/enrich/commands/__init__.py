"""What an operator can ask of the rules and the enrichers, and order about a story that is held."""

from services.enrich.commands.command import COMMANDS, run_command

__all__ = ["COMMANDS", "run_command"]
