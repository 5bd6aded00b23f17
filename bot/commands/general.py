"""About Paperboy itself: help and status."""

from typing import Annotated

from bot.cards import long_date
from bot.commands.call import Call, paragraphs, registry
from bot.errors import UserError
from bot.messages import Message, code, strong, text
from bot.registry import Command, Says


@registry.command("help", private=True)
async def help_(
    call: Call, command: Annotated[str, Says("A command to explain.", complete="commands", rest=True)] = ""
) -> Message:
    """List the commands, or explain one."""
    if command:
        return _explain(_named(command))
    lines = [text(code(each.usage), "  ", each.summary) for each in registry if call.admin or not each.admin]
    return Message(title="What Paperboy can do", body=tuple(lines))


def _named(typed: str) -> Command:
    found, rest = registry.find(typed)
    if rest.strip():
        raise UserError(f"There is no command `{typed}`. `/papers help` lists everything.")
    return found


def _explain(command: Command) -> Message:
    options = [text(code(option.name), "  ", option.says.description) for option in command.options]
    marks = [("Only for admins of the channel.", command.admin), ("Only you see the answer.", command.private)]
    return Message(
        title=command.usage,
        body=paragraphs(
            command.summary,
            " ".join(command.details.split()),
            *options,
            " ".join(told for told, true in marks if true),
        ),
    )


@registry.command(private=True)
async def status(call: Call) -> Message:
    """Tell how many papers there are and how fresh the sources are."""
    store = call.library.store
    lines = [text(strong(f"{await store.count_papers():,}"), " papers")]
    for state in await store.source_states():
        fresh = f"last read {long_date(state.succeeded_at.date())}" if state.succeeded_at else "never read"
        lines.append(text(strong(state.name), f": {fresh}", f"; failing: {state.error}" if state.error else ""))
    return Message(title="Status", body=tuple(lines))
