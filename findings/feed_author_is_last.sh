#!/usr/bin/env bash
# feedparser 6.0.14: of a paper with several dc:creator, `entry.author` is the last one, and `entry.authors` has all.
# Expected of a reader: the first author, who a paper is named after, or all of them.
# Seen: the last one, in a feed of RSS 1.0 as journals have it, and in Atom with several <author>.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check feedparser==6.0.14
"$folder/venv/bin/python" - <<'PYTHON'
import feedparser

RSS = """<rdf:RDF xmlns="http://purl.org/rss/1.0/" xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"
xmlns:dc="http://purl.org/dc/elements/1.1/"><channel rdf:about="https://example.org/"><title>Journal</title>
<link>https://example.org/</link></channel><item rdf:about="https://example.org/1"><title>One</title>
<link>https://example.org/1</link><dc:creator>Ada First</dc:creator><dc:creator>Bo Last</dc:creator></item></rdf:RDF>"""
ATOM = """<feed xmlns="http://www.w3.org/2005/Atom"><id>tag:example.org,2024:f</id><title>Papers</title>
<updated>2024-01-01T00:00:00Z</updated><entry><id>tag:example.org,2024:1</id><title>One</title>
<updated>2024-01-01T00:00:00Z</updated><link href="https://example.org/1"/><author><name>Ada First</name></author>
<author><name>Bo Last</name></author></entry></feed>"""
for feed in (RSS, ATOM):
    read = feedparser.parse(feed)
    [entry] = read.entries
    print(read.version, {"author": entry.author, "authors": [author["name"] for author in entry.authors]})
    assert not read.bozo
    assert [author["name"] for author in entry.authors] == ["Ada First", "Bo Last"]
    assert entry.author == "Bo Last", "the author is no longer the last one"
PYTHON
