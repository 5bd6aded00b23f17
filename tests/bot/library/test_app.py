"""What commands, chats and adapters share."""

from bot.library.app import App


async def test_only_with_e_mail_are_there_subscriptions(app: App) -> None:
    with_mail = App.over(app.store, app.index, app.clock, email=True)
    assert with_mail.subscriptions is not None
    assert App.over(app.store, app.index, app.clock).subscriptions is None


async def test_the_library_answers_from_the_apps_own_store_and_index(app: App) -> None:
    [found] = await app.library.search("2601.03236", 1)
    assert await app.store.papers([found.stored.paper.id]) == [found.stored]
