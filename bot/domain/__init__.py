"""Papers, people, places, messages and posts: plain data and rules."""
