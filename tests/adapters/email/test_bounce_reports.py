"""Which reports are believed, and that reading one has an end."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.email.bounce_reports import BounceReport, find_tag, read_report
from bot.errors import UserError
from tests.support.email.reports import TAG, dsn


@given(st.binary(max_size=400))
def test_whatever_comes_a_tag_is_found_or_not_or_it_is_no_mail(content: bytes) -> None:
    try:
        assert len(find_tag(content)) in {0, *range(20, 40)}
    except UserError as error:
        assert str(error) == "This is not a mail."


def test_the_tag_is_that_of_the_return_path() -> None:
    assert find_tag(dsn("5.1.1")) == TAG
    assert find_tag(dsn("5.1.1", to="bounces@example.org")) == ""


async def test_a_bounce_is_read_in_a_process_of_its_own() -> None:
    [found] = await read_report(dsn("5.1.1"), TAG)
    assert found == BounceReport("5.1.1 smtp; 550 5.1.1 as it is said on two lines", hard=True, tag=TAG)


async def test_what_the_parser_fails_on_is_a_mistake_of_the_sender() -> None:
    deep = b"".join(b'Content-Type: multipart/mixed; boundary="%d"\r\n\r\n--%d\r\n' % (n, n) for n in range(3_000))
    with pytest.raises(UserError, match="cannot be read"):
        await read_report(deep, TAG)
