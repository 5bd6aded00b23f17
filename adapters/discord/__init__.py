"""Paperboy on Discord. All knowledge of Discord, its markup and its limits is in this folder."""
