"""Mailboxes: asked for, confirmed, closed, bounced."""

from dataclasses import replace

import pytest

from bot.domain.destinations import Quiet
from bot.domain.mailboxes import PER_ADDRESS, SOFT_BOUNCES, Ask, mailbox_place
from bot.domain.people import Account
from bot.errors import UserError
from bot.library.app import App
from bot.library.subscriptions import Subscriptions, proposed

YOU = "you@example.org"


@pytest.fixture
def subscriptions(app: App) -> Subscriptions:
    return Subscriptions(app.store, app.clock)


async def test_a_mailbox_opens_when_its_owner_confirms(subscriptions: Subscriptions, app: App) -> None:
    number = await subscriptions.ask(Ask(address=YOU, requester="page", count=3))
    assert await app.store.destination(mailbox_place(YOU).key) is None
    opened = await subscriptions.confirm(number)
    assert (opened.enabled, opened.count, opened.quiet) == (True, 3, Quiet.SKIP)
    assert await app.store.destination(mailbox_place(YOU).key) == opened


async def test_confirming_twice_changes_nothing_and_after_closing_it_fails(subscriptions: Subscriptions) -> None:
    number = await subscriptions.ask(Ask(address=YOU, requester="page"))
    opened = await subscriptions.confirm(number)
    assert await subscriptions.confirm(number) == opened
    await subscriptions.close(opened)
    with pytest.raises(UserError, match="used before"):
        await subscriptions.confirm(number)


async def test_a_link_to_nothing_has_expired(subscriptions: Subscriptions) -> None:
    with pytest.raises(UserError, match="expired"):
        await subscriptions.confirm(77)


async def test_a_requester_gets_the_mailbox_as_their_own(subscriptions: Subscriptions, app: App) -> None:
    ana = await app.store.person(Account("slack", "T1/U1", "ana"))
    opened = await subscriptions.confirm(await subscriptions.ask(Ask(address=YOU, requester="slack", person=ana)))
    assert opened.person == ana
    assert Account("email", YOU, YOU) in await app.store.accounts(ana)
    assert await subscriptions.own(ana, YOU) == opened
    assert await subscriptions.own(ana + 1, YOU) is None


async def test_a_mailbox_of_somebody_with_other_accounts_is_not_taken_over(
    subscriptions: Subscriptions, app: App
) -> None:
    ana, ben = [await app.store.person(Account("slack", f"T1/{name}", name)) for name in ("ana", "ben")]
    await subscriptions.confirm(await subscriptions.ask(Ask(address=YOU, requester="ana", person=ana)))
    await subscriptions.close(await subscriptions.own(ana, YOU) or proposed(YOU))
    number = await subscriptions.ask(Ask(address=YOU, requester="ben", person=ben))
    with pytest.raises(UserError, match="belongs to somebody"):
        await subscriptions.confirm(number)


@pytest.mark.parametrize(("bounces", "hard"), [(1, True), (SOFT_BOUNCES, False)])
async def test_an_address_that_bounced_is_never_written_to_again(
    subscriptions: Subscriptions, app: App, bounces: int, hard: bool
) -> None:
    opened = await subscriptions.confirm(await subscriptions.ask(Ask(address=YOU, requester="page")))
    await app.store.mailbox_tag(opened.place.key)  # as its first mail does
    for _ in range(bounces):
        await subscriptions.bounced(opened, "no such user", hard=hard)
    with pytest.raises(UserError, match="no such user"):
        await subscriptions.save(opened)
    await subscriptions.save(replace(opened, enabled=False))


async def test_nothing_is_resent_where_no_mails_are_to_come(subscriptions: Subscriptions) -> None:
    with pytest.raises(UserError, match="are off"):
        await subscriptions.resend(replace(proposed(YOU), enabled=False))


async def test_asking_for_one_address_goes_on_only_so_often(subscriptions: Subscriptions, app: App) -> None:
    for number in range(20):
        try:
            await subscriptions.ask(Ask(address=f"{number}@example.org", requester="page"))
        except UserError:
            break
    assert PER_ADDRESS < number < 19, "a requester is stopped in the end"
