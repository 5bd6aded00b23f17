"""The search index on disk, derived from the papers of the store."""
