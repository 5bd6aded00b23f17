"""People, places, and what several acts on one paper come to."""

import pytest

from bot.domain.people import Account, FeedbackKind, Place, person_key, private_talk, resulting_kind

SAVE, LIKE, DISLIKE = FeedbackKind.SAVE, FeedbackKind.LIKE, FeedbackKind.DISLIKE


@pytest.mark.parametrize(
    ("acts", "kind"),
    [
        ([], None),
        ([(SAVE, True)], SAVE),
        ([(SAVE, True), (SAVE, False)], None),
        ([(DISLIKE, True), (LIKE, True)], LIKE),
        ([(DISLIKE, True), (LIKE, True), (LIKE, False)], DISLIKE),
        ([(SAVE, True), (LIKE, True)], SAVE),
        ([(SAVE, True), (LIKE, True), (LIKE, False)], SAVE),
        ([(SAVE, True), (DISLIKE, True)], DISLIKE),
        ([(SAVE, True), (DISLIKE, True), (DISLIKE, False)], SAVE),
        ([(SAVE, True), (DISLIKE, True), (SAVE, False)], DISLIKE),
        ([(LIKE, True), (SAVE, True), (SAVE, False)], LIKE),
        ([(LIKE, False), (SAVE, True)], SAVE),
    ],
)
def test_the_last_word_counts_and_taking_it_back_brings_back_the_one_before(
    acts: list[tuple[FeedbackKind, bool]], kind: FeedbackKind | None
) -> None:
    assert resulting_kind(acts) is kind


def test_keys_are_shared_by_no_other_place_or_person() -> None:
    channel = Place("slack", "T1", "C1", "#papers")
    assert channel.key == "slack:T1:C1"
    assert channel.workspace_key == "slack:T1"
    assert person_key(7) == "person:7"


def test_a_private_talk_is_with_one_account_of_one_workspace() -> None:
    talk = private_talk(Account("slack", "T1/U1", "ana"))
    assert (talk.key, talk.private, talk.name) == ("slack:T1:@U1", True, "ana")
    assert private_talk(Account("discord", "42")).key == "discord::@42"
