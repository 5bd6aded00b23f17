#!/usr/bin/env bash
# feedparser 6.0.14: an Atom entry that has content and no <link> is said to link to its <id>, a `tag:` URI here.
# Expected of a reader: no link, as RFC 4287 lets an entry with content have none, and an id is a name, not an address.
# Seen: entry.link is the id, although entry.links is absent and the feed is well-formed.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check feedparser==6.0.14
"$folder/venv/bin/python" - <<'PYTHON'
import feedparser

feed = """<feed xmlns="http://www.w3.org/2005/Atom">
<id>tag:example.org,2024:papers</id><title>Papers</title><updated>2024-01-01T00:00:00Z</updated>
<entry><id>tag:example.org,2024:papers/7</id><title>Seven</title><updated>2024-01-01T00:00:00Z</updated>
<author><name>Ada Example</name></author><content>About seven.</content></entry></feed>"""
read = feedparser.parse(feed)
[entry] = read.entries
print({"link": entry.get("link"), "links": entry.get("links"), "bozo": read.bozo})
assert not read.bozo
assert entry.get("links") is None
assert entry.get("link") == entry["id"], "an id is no link any more"
PYTHON
