"""Where the papers of a feed come from."""

from bot.domain.feeds import Collection


def test_what_is_of_a_place_is_known() -> None:
    assert [each for each in Collection if each.is_of_place] == [
        Collection.CHANNEL,
        Collection.POSTS,
        Collection.CLUB,
    ]
