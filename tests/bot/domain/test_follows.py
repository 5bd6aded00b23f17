from dataclasses import replace
from datetime import date

from bot.domain.follows import Follow, FollowKind

ADA = Follow(owner="o", place="o", kind=FollowKind.AUTHOR, value="Ada Lovelace", since=date(2026, 1, 19))


def test_a_follow_is_called_as_it_is_typed() -> None:
    assert ADA.name == 'author:"Ada Lovelace"'
    assert replace(ADA, kind=FollowKind.LAB, value="deepmind").name == "lab:deepmind"
    assert replace(ADA, kind=FollowKind.QUERY, value="diffusion cat:cs.CV").name == "diffusion cat:cs.CV"
