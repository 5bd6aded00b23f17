"""Where papers are kept (the store, the truth) and found (the index, derived from it)."""
