"""Zotero, by its Web API."""
