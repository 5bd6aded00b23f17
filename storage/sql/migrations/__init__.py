"""Numbered steps that create and change the tables, run by Alembic within `storage.sql.schema.migrate`."""
