"""The first set-up, question by question."""
