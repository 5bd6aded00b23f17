"""The daily post: composed once, sent once."""
