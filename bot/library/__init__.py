"""Asks the store, the index and the engine, and answers with papers."""
