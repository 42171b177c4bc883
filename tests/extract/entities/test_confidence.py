"""How sure a name is: its features, the others that are told, and which names are given."""

from __future__ import annotations

import pytest

from quotetrack.core.domain import Alternative, Span
from quotetrack.extract.attribution.rules import FoundMention
from quotetrack.extract.entities import confidence
from quotetrack.extract.entities.confidence import How, Resolved
from quotetrack.extract.entities.features import MentionKind


def found(chance: float = 0.95) -> FoundMention:
    return FoundMention(Span(0, 3), Span(0, 3), None, "after_cue", chance, True)


def resolved(name: str = "Ada Berg", how: How = How.CHOSEN, chance: float = 0.7, others=()) -> Resolved:
    return Resolved(name, how, MentionKind.PRONOUN, chance, others, None, False)


TEXT = "Ada said so."


def chance_of(found: FoundMention, name: Resolved, second: tuple[FoundMention, Resolved] | None = None) -> float:
    return confidence.chances_of([confidence.name_features(TEXT, found, name, second)])[0]


def test_no_names_have_no_chances() -> None:
    assert confidence.chances_of([]) == []


def test_a_likelier_choice_of_a_likelier_mention_is_surer() -> None:
    def chance(mention: float, choice: float) -> float:
        name = resolved(chance=choice, others=(("Ida Lund", 1 - choice),))
        return chance_of(found(mention), name)

    assert chance(0.99, 0.99) > chance(0.99, 0.6) > 0
    assert chance(0.99, 0.9) > chance(0.4, 0.9)


def test_a_second_mention_that_disagrees_takes_away_and_one_that_agrees_adds() -> None:
    def chance(second: str) -> float:
        other = (found(0.3), resolved(second))
        return chance_of(found(), resolved(), other)

    assert chance("Ada Berg") > chance("Ida Lund")


@pytest.mark.parametrize(
    ("name", "is_given"),
    [
        (resolved(), False),  # a person chosen with a chance of .29
        (resolved(how=How.OTHER), True),
        (resolved(how=How.DESCRIBED), True),
        (resolved(how=How.PRONOUN), False),
        (resolved(name="", how=How.OTHER), False),
    ],
)
def test_what_the_mention_says_is_given_and_an_unlikely_choice_is_not(name: Resolved, is_given: bool) -> None:
    assert confidence.is_given(name, 0.29) is is_given


def test_a_likely_choice_is_given() -> None:
    assert confidence.is_given(resolved(), confidence.SHOWN)


def test_the_others_share_what_the_name_leaves() -> None:
    name = resolved(others=(("Ida Lund", 0.2), ("Bo Vale", 0.1)))
    assert confidence.alternatives_of("Ada Berg", 0.7, [(name, 1.0)], with_name=False) == (
        Alternative("Ida Lund", 0.2),
        Alternative("Bo Vale", 0.1),
    )
    assert confidence.alternatives_of("Ada Berg", 0.3, [(name, 1.0)], with_name=True)[0] == Alternative("Ada Berg", 0.3)


def test_at_most_three_are_told_and_no_empty_name() -> None:
    name = resolved(others=(("", 0.2), *((f"Ida {number}", 0.1) for number in range(5))))
    told = confidence.alternatives_of("Ada Berg", 0.2, [(name, 1.0)], with_name=True)
    assert len(told) == 3 and all(each.name for each in told)
