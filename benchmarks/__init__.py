"""Measurements. Each prints ratios against a peer or a baseline of the same run; none is asserted in a test."""
