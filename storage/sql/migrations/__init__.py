"""How the tables came to be: numbered steps, run by Alembic within `storage.sql.database.migrate`."""
