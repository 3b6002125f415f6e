"""Newsroom rules: what an operator decides about copy in ``newsroom.yaml``. Pure; the effects are :mod:`..shelf`'s."""
