"""What the selects of the setup offer, and the command lines that a choice stands for."""

from bot.domain.counts import counted
from bot.domain.destinations import Destination
from bot.domain.post_settings import LAYOUT_BY_COUNT, SCOPES

SELECTS: dict[str, tuple[str, dict[str, str]]] = {
    "count": ("papers a post", {str(n): counted(n, "paper") for n in range(1, 11)}),
    "days": ("days", {"daily": "Every day", "weekdays": "Monday to Friday", "mon": "Once a week, on Mondays"}),
    "scope": ("scope", {scope.value: name for scope, name in SCOPES.items()}),
    "layout": (
        "layout",
        {
            "auto": LAYOUT_BY_COUNT,
            "cards": "A message for each paper",
            "threads": "A message for each paper, with a thread",
            "compact": "All papers in one message",
        },
    ),
}
"""What each select sets -> what that is called, and the values with their names."""

_DAYS = {"daily": frozenset(range(7)), "weekdays": frozenset(range(5)), "mon": frozenset({0})}
_LAYOUTS = {
    "auto": ("digest layout auto", "digest threads off"),
    "cards": ("digest layout cards", "digest threads off"),
    "threads": ("digest layout cards", "digest threads on"),
    "compact": ("digest layout compact",),
}


def lines_of(what: str, value: str) -> tuple[str, ...]:
    """The command lines that set a channel as was chosen."""
    return _LAYOUTS[value] if what == "layout" else (f"digest {what} {value}",)


def chosen(destination: Destination) -> dict[str, str]:
    """The value of each select that stands for how the channel is set; empty for one the select does not have."""
    days = next((name for name, days in _DAYS.items() if days == destination.days), "")
    layout = "threads" if destination.opens_threads else destination.chosen_layout or "auto"
    return {"count": str(destination.count), "days": days, "scope": destination.scope, "layout": layout}
