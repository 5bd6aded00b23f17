"""A semester of a lab, from installing to removing: what everybody does, all that is said, and what is kept.

`semester.script` holds what people do, `docs/semester.md` all of it with the bot's answers. When an answer changes on
purpose, `UPDATE_TRANSCRIPTS=1` writes it anew; read the difference before you commit it.
"""

import os
from pathlib import Path

import pytest

from tests.support.semester.lab import Lab
from tests.support.semester.play import Play
from tests.support.semester.readers import READERS

SCRIPT = Path(__file__).with_name("semester.script")
TRANSCRIPT = Path(__file__).parents[3] / "docs" / "semester.md"


async def test_the_semester_goes_as_written(lab: Lab) -> None:
    played = await Play(lab).perform(SCRIPT.read_text(encoding="utf-8"))
    if os.environ.get("UPDATE_TRANSCRIPTS"):
        TRANSCRIPT.write_text(played, encoding="utf-8")
    assert played == TRANSCRIPT.read_text(encoding="utf-8")


@pytest.mark.parametrize("name", ["zotero.ris", "bbt__arxiv_preprints.biblatex", "mendeley__desktop_export.bib"])
async def test_a_library_that_somebody_exported_comes_in_and_goes_out_again(lab: Lab, name: str) -> None:
    if not LIBRARIES.exists():
        pytest.skip(f"needs {LIBRARIES}: libraries that people exported are not in this repository")
    await lab.discord.command("ben", f"/papers import file:{name}", LIBRARIES)
    [(told, *_)] = [said.lines for said in lab.discord.heard()]
    count = int(told.partition(" ")[0])
    assert count, told
    for kind, file, reader in FORMATS:
        await lab.discord.command("ben", f"/papers export papers:me format:{kind}", LIBRARIES)
        assert len(list(READERS[reader](lab.handed(file)))) == count


LIBRARIES = Path(__file__).parents[4] / "shared" / "data" / "libraries"
FORMATS = [
    ("bibtex", "papers.bib", "pybtex"),
    ("ris", "papers.ris", "rispy"),
    ("csl", "papers.csl.json", "citeproc"),
]
