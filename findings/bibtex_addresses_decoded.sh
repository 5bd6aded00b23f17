#!/usr/bin/env bash
# bibtexparser 2.1.0 with pylatexenc 2.11: decoding LaTeX on reading also "decodes" DOIs and links.
# Expected of a reader: doi = 10.1000/182%2Fx~y and url = https://example.org/a~b?c=1&d=2, as they stand in the file.
# Seen: `%` begins a comment and cuts the DOI, which is then another paper's; `~` becomes a no-break space, `&` a blank.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check bibtexparser==2.1.0 pylatexenc==2.11
"$folder/venv/bin/python" - <<'PYTHON'
from bibtexparser.entrypoint import parse_string
from bibtexparser.middlewares import LatexDecodingMiddleware

entry = r"@article{a, title={Two}, doi={10.1000/182%2Fx~y}, url={https://example.org/a~b?c=1&d=2}}"
[read] = parse_string(entry, append_middleware=[LatexDecodingMiddleware()]).entries
seen = {field.key: field.value for field in read.fields}
print(seen)
assert seen["doi"] == "10.1000/182", "the DOI is not cut any more"
assert seen["url"] == "https://example.org/a\xa0b?c=1   d=2", "the link is not changed any more"
PYTHON
