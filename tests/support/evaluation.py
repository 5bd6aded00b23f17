"""Rankings whose scores do not matter."""

from bot.evaluation.report import Answers


def ranked(**rankings: str) -> Answers:
    """Answers to queries, each a word whose letters are the items, best first."""
    return Answers({name: [(item, 0.0) for item in items] for name, items in rankings.items()})
