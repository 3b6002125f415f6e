"""What becomes of copy: identity, revisions, corrections, kills, embargoes. Deciding is pure."""
