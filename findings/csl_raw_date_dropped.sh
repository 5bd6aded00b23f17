#!/usr/bin/env bash
# citeproc-py 0.11.1: a date that CSL-JSON gives in `raw` ("2020-05-01") is left out of the citation, without a word.
# Expected: the year 2020, as the same item has with `date-parts`; reference managers write both forms.
# Seen: "(Doe)" in place of "(Doe, 2020)".
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check citeproc-py==0.11.1
"$folder/venv/bin/python" - <<'PYTHON'
from citeproc import Citation, CitationItem, CitationStylesBibliography, CitationStylesStyle, formatter
from citeproc.source.json import CiteProcJSON

STYLE = "harvard-cite-them-right"  # comes with the package


def cited(issued):
    item = {
        "id": "doe",
        "type": "article-journal",
        "title": "One",
        "author": [{"family": "Doe", "given": "Jane"}],
        "issued": issued,
    }
    style = CitationStylesStyle(STYLE, validate=False)
    bibliography = CitationStylesBibliography(style, CiteProcJSON([item]), formatter.plain)
    citation = Citation([CitationItem("doe")])
    bibliography.register(citation)
    return bibliography.cite(citation, lambda item: None)


found = {"date-parts": cited({"date-parts": [[2020, 5, 1]]}), "raw": cited({"raw": "2020-05-01"})}
print(found)
assert found["date-parts"] == "(Doe, 2020)"
assert found["raw"] == "(Doe)", "raw dates are read now"
PYTHON
