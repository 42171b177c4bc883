"""A changed word that turns the sense raises a flag, and a mere rewording does not. All sentences are invented."""

from collections import Counter

import pytest
from tests.linking.sense_edits import REWORDED, edits_by_kind

from quotetrack.lang.en.opposites import are_opposites
from quotetrack.linking.wordings import differences

EDITS = edits_by_kind()
LEAST_FLAGGED = 0.92  # of the edits of a kind
MOST_FALSE_FLAGS = 0.03  # of mere rewordings


@pytest.mark.parametrize(
    ("kind", "least"), [("not", 40), ("opposite", 350), ("number", 80), ("name", 15), ("modal", 12)]
)
def test_a_changed_word_that_turns_the_sense_raises_its_flag(kind: str, least: int) -> None:
    unflagged = [edit for edit in EDITS[kind] if kind not in differences(*edit)]
    assert len(EDITS[kind]) >= least
    assert len(unflagged) <= (1 - LEAST_FLAGGED) * len(EDITS[kind]), unflagged


def test_hardly_any_edit_raises_no_flag_at_all() -> None:
    edits = [edit for kind, its_edits in EDITS.items() if kind != REWORDED for edit in its_edits]
    assert sum(not differences(*edit) for edit in edits) <= 0.02 * len(edits)


def test_few_mere_rewordings_are_flagged() -> None:
    flagged = Counter(flag for edit in EDITS[REWORDED] for flag in differences(*edit))
    assert len(EDITS[REWORDED]) >= 140
    assert flagged.total() <= MOST_FALSE_FLAGS * len(EDITS[REWORDED]), flagged


@pytest.mark.parametrize(
    ("one", "other", "are"),
    [
        ("rises", "fell", True),
        ("stopped", "starting", True),
        ("omitted", "included", True),
        ("acquitted", "convicted", True),
        ("cheaper", "costlier", True),
        ("hotly", "coldly", True),
        ("women", "man", True),
        ("legally", "illegally", True),
        ("careless", "careful", True),
        ("upgraded", "downgraded", True),
        ("import", "port", False),
        ("inside", "side", False),
        ("inform", "form", False),
        ("rise", "climb", False),
        ("fall", "fall", False),
    ],
)
def test_opposites_are_found_in_all_their_forms(one: str, other: str, are: bool) -> None:
    assert are_opposites(one, other) is are_opposites(other, one) is are


@pytest.mark.parametrize(
    ("one", "other", "flags"),
    [
        ("The rich will pay more and the poor less for it", "The rich will pay less and the poor more for it", True),
        ("I thank the women and men of this harbour town", "I thank the men and women of this harbour town", False),
        ("The harbour board owes us $40 for each boat", "The harbour board owes us €40 for each boat", True),
        ("The harbour board owes us $1,000 for each boat", "The harbour board owes us $1000 for each boat", False),
        ("They will say that it cost 5 million crowns", "They will say that it cost 5 crowns", True),
        ("They will not accept the offer of the board", "They will reject the offer of the board", True),
        ("We shall go in if the captain asks us to", "We shall go out if the captain asks us to", True),
        (
            "We will sail in the morning and carry out our work at sea",
            "We will carry out our work at sea and sail in the morning",
            False,
        ),
    ],
)
def test_words_are_opposites_only_where_one_stands_for_the_other(one: str, other: str, flags: bool) -> None:
    assert bool(differences(one, other)) is bool(differences(other, one)) is flags
