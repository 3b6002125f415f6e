"""How well each source is: last heard, usual rate, odd silences, gaps, errors."""
