"""The outside world: every folder knows exactly one platform or one kind of source."""
