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


def size_in_words(size: int) -> str:
    """Bytes as people write them, in powers of a thousand: `950 B`, `12.3 MB`, `1.5 TB`."""
    value = float(size)
    for unit in ("B", "kB", "MB", "GB"):
        if value < 999.95:
            return f"{value:.0f} {unit}" if unit == "B" else f"{value:.1f} {unit}"
        value /= 1_000
    return f"{value:.1f} TB"
