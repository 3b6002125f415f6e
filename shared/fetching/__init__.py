"""Fetching from addresses that strangers named. One rule for every service of what may be asked, and of whom."""
