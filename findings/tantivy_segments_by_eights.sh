#!/usr/bin/env bash
# tantivy 0.27.0 (the package for Python): how many segments an index ends in depends on how many commits wrote it, not
# on how many documents it has: of the same 645,120 documents 64 commits leave one segment, 63 leave fourteen.
# Expected: about as many either way, or a way to have them merged; `wait_merging_threads` waits only for merges that the
# policy has begun (eight segments of about a size), and the policy cannot be chosen. A search looks for its best
# documents in every segment.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check tantivy==0.27.0
cd "$folder"
"$folder/venv/bin/python" - <<'PYTHON'
import os

import tantivy

DOCUMENTS = 64 * 63 * 160
schema = tantivy.SchemaBuilder().add_text_field("text").build()


def segments(commits: int) -> int:
    os.mkdir(f"index-{commits}")
    index = tantivy.Index(schema, path=f"index-{commits}")
    writer = index.writer(100_000_000, 1)
    document = tantivy.Document(text="paper")
    for _ in range(commits):
        for _ in range(DOCUMENTS // commits):
            writer.add_document(document)
        writer.commit()
    writer.wait_merging_threads()
    index.reload()
    assert index.searcher().num_docs == DOCUMENTS
    return index.searcher().num_segments


found = {commits: segments(commits) for commits in (64, 63)}
print(found)
assert found == {64: 1, 63: 14}, "segments are merged otherwise now"
PYTHON
