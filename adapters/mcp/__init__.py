"""Assistants: commands as tools of the Model Context Protocol."""
