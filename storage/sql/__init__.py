"""The store: everything that is kept, on SQLite or PostgreSQL."""
