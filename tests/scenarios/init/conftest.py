"""Small ones of Discord and of Slack on this machine, and a service that has papers."""

from tests.support.discord.world import fake as discord_
from tests.support.email.world import server as mails
from tests.support.slack.world import fake as slack_
from tests.support.sources.world import clock, server

__all__ = ["clock", "discord_", "mails", "server", "slack_"]
