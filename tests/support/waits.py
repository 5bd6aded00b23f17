"""Waiting, without any time going by."""


class Waits:
    """Waits that take no time and are remembered; the clock of pacing goes on by them alone."""

    def __init__(self) -> None:
        self.waited: list[float] = []

    async def pause(self, seconds: float) -> None:
        self.waited.append(seconds)

    def seconds(self) -> float:
        return sum(self.waited)
