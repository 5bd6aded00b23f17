"""Every table, as `metadata` knows them once this module is loaded, and the columns with the key of a place."""

from storage.sql.tables.alerts import cited_papers, citing_papers, follows, matches
from storage.sql.tables.catalog import aliases, papers, signals, vectors
from storage.sql.tables.channels import (
    awaited,
    bots,
    delegates,
    emoji,
    posts,
    reminders,
    saved_commands,
    shown,
    sightings,
    topics,
    unfurled,
    watched,
)
from storage.sql.tables.clubs import club_meetings, club_nominations, club_votes, clubs
from storage.sql.tables.email import mail_asks, mail_suppressions, mailboxes
from storage.sql.tables.fetching import lookups, services, sources
from storage.sql.tables.metadata import metadata
from storage.sql.tables.readers import accounts, feedback, feeds, link_codes, notes, people, tags
from storage.sql.tables.schedule import deliveries, destinations
from storage.sql.tables.workspaces import installations, oauth_states, seen_events
from storage.sql.tables.zotero import zotero_items, zotero_libraries

__all__ = [
    "PLACE_COLUMNS",
    "accounts",
    "aliases",
    "awaited",
    "bots",
    "cited_papers",
    "citing_papers",
    "club_meetings",
    "club_nominations",
    "club_votes",
    "clubs",
    "delegates",
    "deliveries",
    "destinations",
    "emoji",
    "feedback",
    "feeds",
    "follows",
    "installations",
    "link_codes",
    "lookups",
    "mail_asks",
    "mail_suppressions",
    "mailboxes",
    "matches",
    "metadata",
    "notes",
    "oauth_states",
    "papers",
    "people",
    "posts",
    "reminders",
    "saved_commands",
    "seen_events",
    "services",
    "shown",
    "sightings",
    "signals",
    "sources",
    "tags",
    "topics",
    "unfurled",
    "vectors",
    "watched",
    "zotero_items",
    "zotero_libraries",
]

PLACE_COLUMNS = (
    feedback.c.place,
    feeds.c.place,
    notes.c.owner,
    tags.c.owner,
    topics.c.owner,
    posts.c.place,
    shown.c.owner,
    awaited.c.owner,
    sightings.c.place,
    reminders.c.place,
    watched.c.place,
    unfurled.c.place,
    saved_commands.c.place,
    follows.c.place,
    zotero_libraries.c.owner,
    destinations.c.key,
)
"""The columns with the key of a place; an owner may be a person, too."""
