#!/usr/bin/env bash
# pylatexenc 2.11: LatexNodes2Text drops text that LaTeX prints.
# Expected: "the gzip format" and "x < y". Seen: "the  format" and "x y", without a word about it.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check pylatexenc==2.11
"$folder/venv/bin/python" - <<'PYTHON'
from pylatexenc.latex2text import LatexNodes2Text

read = LatexNodes2Text().latex_to_text
seen = [read(r"the \texttt{gzip} format"), read(r"x \textless y")]
print(seen)
assert seen == ["the  format", "x y"], "the text is not dropped any more"
PYTHON
