"""The recommendation engine: pure functions over papers and arrays."""
