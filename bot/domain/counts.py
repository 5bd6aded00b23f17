"""Counts as people write them."""


def plural(count: int, noun: str) -> str:
    """`upvote` or `upvotes`, as the count asks."""
    return noun if count == 1 else noun + "s"


def counted(count: int, noun: str) -> str:
    """`1 paper`, `1,204 papers`."""
    return f"{count:,} {plural(count, noun)}"


def compact(count: int) -> str:
    """A count as people write it: 950, 1.2k, 34k, 1.1M."""
    for size, suffix in ((1_000_000, "M"), (1_000, "k")):
        if count >= size:
            value = count / size
            return f"{value:.1f}".rstrip("0").rstrip(".") + suffix if value < 10 else f"{value:.0f}{suffix}"
    return str(count)
