"""Slack: the commands, posts and reactions of a workspace, translated to and from the core."""

PLATFORM = "slack"
"""The `platform` of its accounts and places."""
