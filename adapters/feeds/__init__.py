"""Feeds of papers, for feed readers."""
