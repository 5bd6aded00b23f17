"""Pictures of papers."""

import pytest

from bot.domain.thumbnails import safe_thumbnail

PICTURES = "https://cdn-thumbnails.huggingface.co/social-thumbnails/papers"


@pytest.mark.parametrize("paper", ["2310.00001", "hep-th/9901001"])
def test_hugging_faces_picture_of_a_paper_is_known(paper: str) -> None:
    assert safe_thumbnail(f"{PICTURES}/{paper}.png") == f"{PICTURES}/{paper}.png"


@pytest.mark.parametrize(
    "url",
    [
        "",
        "http://cdn-thumbnails.huggingface.co/social-thumbnails/papers/2310.00001.png",
        "https://evil.example/social-thumbnails/papers/2310.00001.png",
        "https://cdn-thumbnails.huggingface.co.evil.example/social-thumbnails/papers/2310.00001.png",
        "https://cdn-thumbnails.huggingface.co@evil.example/social-thumbnails/papers/2310.00001.png",
        "https://cdn-thumbnails.huggingface.co/social-thumbnails/users/ana.png",
        f"{PICTURES}/2310.00001.svg",
        f"{PICTURES}/2310.00001.png?reader=ana",
        f"{PICTURES}/2310.00001.png\n",
        f"{PICTURES}/{'a' * 600}.png",
        "attachment://a.png",
    ],
)
def test_a_picture_from_elsewhere_is_not_fetched(url: str) -> None:
    assert safe_thumbnail(url) == ""
