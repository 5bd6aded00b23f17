"""Takes the picture of the terminal chat for README: rich draws what is said, a browser photographs it.

    python -m e2e.terminal_picture docs/images

Papers are those of the bundled sample, at the moment it ends. Needs chromium, and for emoji the font Noto Color Emoji.
"""

import argparse
import asyncio
import io
import tempfile
from pathlib import Path

from PIL import Image
from rich.console import Console

from bot import bootstrap
from e2e.browser import browser
from e2e.discord_pictures import sample_library

WIDTH, HEIGHT, COLUMNS = 1000, 1245, 100

_LINES = ("/papers search vision-language-action robot manipulation", ":bookmark: 1", "/papers foryou")


async def main(folder: Path) -> None:
    """Take the picture."""
    screen = Console(file=io.StringIO(), record=True, width=COLUMNS, highlight=False, force_terminal=True)
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as made:  # the browser may still write
        async with sample_library(Path(made) / "data") as app:
            chat = bootstrap.console_chat(app, screen, person="ana", channel="#papers")
            await bootstrap.play(chat, _LINES, screen)
        page = Path(made) / "chat.html"
        style = f"body {{ margin: 0 }} svg {{ width: {WIDTH}px }}"
        page.write_text(f"<style>{style}</style>{screen.export_svg(title='paperboy chat')}", encoding="utf-8")
        picture = folder / "demo.png"
        async with browser(Path(made)) as shown:
            await shown.open(page.as_uri())
            await shown.until("document.readyState === 'complete'")
            await shown.screenshot(picture, width=WIDTH, height=HEIGHT)
    Image.open(picture).quantize(256).save(picture, optimize=True)


if __name__ == "__main__":
    arguments = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    arguments.add_argument("folder", type=Path)
    asyncio.run(main(arguments.parse_args().folder))
