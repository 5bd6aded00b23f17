"""Links that act for somebody."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.email.signed_links import Links, Purpose
from bot.errors import UserError
from bot.runtime.clocks import StandingClock
from tests.support.email.letters import CLOCK, LINKS, NOW


def test_a_link_is_good_for_its_purpose_its_time_and_its_key() -> None:
    token = LINKS.token(Purpose.SAVE, "tag", "2601.03236")
    assert LINKS.token(Purpose.SAVE, "tag", "2601.03236") == token
    for purpose in set(Purpose) - {Purpose.SAVE}:
        with pytest.raises(UserError, match="incomplete"):
            LINKS.read(purpose, token)
    late = Links(LINKS.base, ["key"], StandingClock(NOW + timedelta(days=92)))
    with pytest.raises(UserError, match="expired"):
        late.read(Purpose.SAVE, token)
    assert late.read(Purpose.UNSUBSCRIBE, LINKS.token(Purpose.UNSUBSCRIBE, "tag")) == ("tag",)
    assert Links(LINKS.base, ["new", "key"], CLOCK).read(Purpose.SAVE, token) == ("tag", "2601.03236")
    with pytest.raises(UserError, match="incomplete"):
        Links(LINKS.base, ["new"], CLOCK).read(Purpose.SAVE, token)


@given(st.text() | st.text("abcdefgh0123456789-_.", max_size=200))
def test_a_made_up_token_is_none(token: str) -> None:
    with pytest.raises(UserError):
        LINKS.read(Purpose.UNSUBSCRIBE, token)
