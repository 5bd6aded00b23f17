"""The tables, as SQLAlchemy sees them, a module per subject; `migrations` bring a database to this shape.

`every` has all of them. Who needs few imports their modules: making fifty tables takes longer than a search.
"""
