from bot.domain.categories import subclasses
from bot.domain.preprint_categories import BIORXIV, MEDRXIV


def test_subjects_are_written_as_the_servers_do() -> None:
    assert (len(BIORXIV), len(MEDRXIV)) == (27, 51)
    assert {"animal behavior and cognition", "zoology", "clinical trials", "cell biology"} <= BIORXIV
    assert {"hiv aids", "urology", "otolaryngology", "genetic and genomic medicine", "dermatology"} <= MEDRXIV
    assert all(subject == " ".join(subject.split()).lower() for subject in BIORXIV | MEDRXIV)


def test_no_subject_is_a_category_of_arxiv() -> None:
    assert not any(map(subclasses, BIORXIV | MEDRXIV))
