"""What a search says that means nothing here."""

import pytest

from bot.domain.messages import plain
from bot.library.app import App
from bot.library.slips import field_slips, slips


def told(app: App, typed: str) -> str:
    return " ".join(map(plain, slips(app.index, typed)))


@pytest.mark.parametrize(
    ("typed", "answer"),
    [
        ("autor:mueller diffusion", "There is no field autor:. Did you mean author:?"),
        ("diffusion autor: mueller", "There is no field autor:. Did you mean author:?"),
        ("categroy:cs.LG", "There is no field categroy:. Did you mean category:?"),
        ("year:2024 diffusion", "There is no field year:. Did you mean after:?"),
        ("ti:attention", "There is no field ti:; words alone are looked for in titles and abstracts."),
        ("cat:LG", "There is no category LG. Did you mean cat:cs.LG?"),
        ("cat:robotics", "There is no category robotics. Did you mean cat:cs.RO?"),
        ("cat:cs.LGG", "There is no category cs.LGG. Did you mean cat:cs.LG?"),
        ("cat:cs.XX", "There is no category cs.XX. cat:cs is all of Computer Science."),
        ("cat:zebra", "There is no category zebra."),
    ],
)
def test_a_slip_is_told_with_what_was_probably_meant(app: App, typed: str, answer: str) -> None:
    assert told(app, typed) == answer


@pytest.mark.parametrize(
    "typed",
    [
        "diffusion author:ho cat:cs.LG",
        "cat:q-bio cat:stat.ML",
        'cat:"cell biology"',
        "arXiv:2310.06825",
        "10.1000/xyz",
        "Science: the endless frontier",
        "RLHF: a survey",
        "LoRA:lowrank",
        "https://arxiv.org/abs/2310.06825",
        "before:x",
        "",
    ],
)
def test_of_what_is_no_slip_nothing_is_told(app: App, typed: str) -> None:
    assert told(app, typed) == ""


def test_two_slips_are_enough(app: App) -> None:
    assert len(slips(app.index, "autor:a categroy:b jornal:c cat:zebra")) == 2
    assert len(field_slips("autor:a categroy:b jornal:c")) == 2
