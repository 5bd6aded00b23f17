"""What reactions in Slack came to."""

from bot.domain.people import Account, FeedbackKind
from bot.library.app import App


async def feedback_kinds(app: App, user: str = "U1") -> set[tuple[str, FeedbackKind]]:
    """What a user thinks of papers."""
    person = await app.store.person(Account("slack", f"T1/{user}"))
    return {(entry.paper_id, entry.kind) for entry in await app.store.feedback_of(person)}
