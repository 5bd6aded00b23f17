"""Pictures, where what draws them is installed."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bot.ports import Plots


def plots() -> "Plots | None":
    """What draws charts; None where the extra `plots` is not installed."""
    from adapters.plots import Drawing, is_installed

    return Drawing() if is_installed() else None
