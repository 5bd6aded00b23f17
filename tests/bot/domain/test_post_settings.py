"""How the settings of a daily post are described."""

from datetime import time

from bot.domain.destinations import Destination, Layout, Quiet, Scope
from bot.domain.people import Place, Topic
from bot.domain.post_settings import describe, describe_days, describe_topics

PLACE = Place("discord", "1", "2")


def test_days_are_described_as_people_write_them() -> None:
    assert describe_days(frozenset(range(7))) == "every day"
    assert describe_days(frozenset(range(5))) == "Mon-Fri"
    assert describe_days(frozenset({0, 1})) == "Mon, Tue"


def test_a_post_is_described_with_everything_that_is_set() -> None:
    plain = Destination(place=PLACE, at=time(9), timezone="Europe/Berlin")
    assert describe(plain) == "5 papers at 09:00 Europe/Berlin, every day, all in one message."
    special = Destination(place=PLACE, count=1, chosen_layout=Layout.COMPACT, quiet=Quiet.SKIP, minimum=3, weekly=4)
    assert describe(special) == (
        "1 paper at 09:00 UTC, every day, all in one message, at least 3 expected upvotes, "
        "nothing on a day without papers, a round-up on Fri."
    )


def test_a_post_that_holds_more_than_its_topics_says_so() -> None:
    assert describe(Destination(place=PLACE, scope=Scope.TOPICS_FIRST)).endswith(
        ", all in one message, the topics first."
    )
    assert describe(Destination(place=PLACE, scope=Scope.EVERYTHING)).endswith(", about anything, the topics in front.")


def test_one_upvote_is_one() -> None:
    assert "at least 1 expected upvote," in describe(Destination(place=PLACE, minimum=1, quiet=Quiet.SKIP))


def test_topics_are_described_with_those_blocked_last() -> None:
    topics = [Topic("diffusion"), Topic("crypto", wanted=False), Topic("proteins")]
    assert describe_topics(topics) == "diffusion, proteins; not crypto"
    assert describe_topics([]) == ""
