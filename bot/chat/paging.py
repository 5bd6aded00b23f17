"""Pages of a list: `search diffusion --page 2` asks for the second page of `search diffusion`."""

import re

_PAGE = re.compile(r"\s--page\s+(\d{1,3})\s*$")


def split_page(line: str) -> tuple[str, int | None]:
    """A command line without its page, and the page it asks for; None where it asks for none."""
    match = _PAGE.search(line)
    return (line[: match.start()], max(1, int(match[1]))) if match else (line, None)


def with_page(line: str, page: int) -> str:
    """The command line that shows a page of what `line` lists."""
    return f"{line} --page {page}"


def names_page(line: str) -> bool:
    """Whether a command line asks for a page: its answer takes the place of the page before."""
    return split_page(line)[1] is not None
