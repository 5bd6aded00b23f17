import pytest

from bot.domain.follows import FollowKind
from bot.domain.paper_ids import PaperId
from bot.domain.papers import Paper
from bot.errors import UserError
from bot.library.follows import Names, is_of_lab, namesakes, read_follow


def paper(number: int, *authors: str, organization: str = "") -> Paper:
    return Paper(id=PaperId(f"2601.0000{number}"), title=f"Paper {number}", authors=authors, organization=organization)


@pytest.mark.parametrize(
    ("typed", "kind", "value"),
    [
        ('author:"Ada Lovelace"', FollowKind.AUTHOR, "Ada Lovelace"),
        ("author:Ada  Lovelace", FollowKind.AUTHOR, "Ada Lovelace"),
        ("By: “Ada Lovelace”", FollowKind.AUTHOR, "Ada Lovelace"),
        ("lab:deepmind", FollowKind.LAB, "deepmind"),
        ("2310.06825", FollowKind.VERSION, "2310.06825"),
        ("version:2310.06825", FollowKind.VERSION, "2310.06825"),
        ("https://arxiv.org/abs/2310.06825v1", FollowKind.VERSION, "https://arxiv.org/abs/2310.06825v1"),
        ("cited-by:2310.06825", FollowKind.CITED_BY, "2310.06825"),
        ("Cites: https://arxiv.org/abs/2310.06825", FollowKind.CITED_BY, "https://arxiv.org/abs/2310.06825"),
        ("cited by:“Attention is all you need”", FollowKind.CITED_BY, "Attention is all you need"),
        ("cited-by:doi:10.1145/3292500", FollowKind.CITED_BY, "doi:10.1145/3292500"),
        ('"state space models"', FollowKind.QUERY, '"state space models"'),
        ("diffusion cat:cs.CV", FollowKind.QUERY, "diffusion cat:cs.CV"),
        ("diffusion author:ho", FollowKind.QUERY, "diffusion author:ho"),
    ],
)
def test_what_is_typed_says_what_is_followed(typed: str, kind: FollowKind, value: str) -> None:
    assert read_follow(typed) == (kind, value)


@pytest.mark.parametrize(
    ("typed", "answer"),
    [
        ("", "from 1 to 200"),
        ("x" * 201, "from 1 to 200"),
        ("author:", "Write a name"),
        ("author:J", "Write a name"),
        ("robots lab:meta", "stands alone"),
        ("robots cited-by:2310.06825", "stands alone"),
        ("cited-by:", "stands alone"),
        ("after:2020-99", "not a date"),
    ],
)
def test_what_cannot_be_followed_is_answered_with_what_can(typed: str, answer: str) -> None:
    with pytest.raises(UserError, match=answer):
        read_follow(typed)


@pytest.mark.parametrize(
    ("followed", "author", "alike"),
    [
        ("Geoffrey Hinton", "Geoffrey E. Hinton", True),
        ("Geoffrey Hinton", "G. Hinton", True),
        ("G. Hinton", "Geoffrey Hinton", True),
        ("hinton", "Geoffrey Hinton", True),
        ("Geoffrey Hinton", "Gerald Hinton", False),
        ("Geoffrey Hinton", "Geoffrey Hilton", False),
        ("Geoffrey Hinton", "G. H.", False),
        ("Müller", "Jan Mueller", True),
        ("Mueller", "Jan Müller", True),
        ("Ødegård", "Odegard", True),
        ("李明", "李明", True),
    ],
)
def test_a_name_is_found_however_it_is_written(followed: str, author: str, *, alike: bool) -> None:
    assert Names([(7, paper(1, "Someone Else", author))]).papers_by(followed) == ([7] if alike else [])


def test_papers_with_the_people_of_another_of_the_name_are_left_out() -> None:
    names = Names([(1, paper(1, "Wei Wang", "Ana Ro")), (2, paper(2, "Wei Wang", "Ben Su")), (3, paper(3, "Wei Wang"))])
    assert names.papers_by("Wei Wang", not_with=["ana ro"]) == [2, 3]


def test_people_of_one_name_are_told_apart_by_whom_they_write_with() -> None:
    written = [
        paper(1, "Wei Wang", "Ana Ro", organization="Lab A"),
        paper(2, "Wei Wang", "Ben Su"),
        paper(3, "W. Wang", "Ana Ro", "Eva Li"),
        paper(4, "Eva Li", "Wei Wang"),
        paper(5, "Somebody Else"),
    ]
    first, second = namesakes("Wei Wang", written)
    assert [each.title for each in first.papers] == ["Paper 1", "Paper 3", "Paper 4"]
    assert (set(first.coauthors), first.labs) == ({"Ana Ro", "Eva Li"}, ("Lab A",))
    assert (second.papers, second.coauthors, second.labs) == ((written[1],), ("Ben Su",), ())


def test_a_lab_is_known_by_its_words_side_by_side() -> None:
    known = paper(1, organization="Google DeepMind")
    assert is_of_lab(known, "deepmind")
    assert is_of_lab(known, "google deepmind")
    assert not is_of_lab(known, "deep")
    assert not is_of_lab(paper(2), "deepmind")
