"""Find the occasion on which words were said, as the reporter prints it: "an interview with Radio Orle"."""

from __future__ import annotations

from quotetrack.lang.en.occasions import HELD, KIND, TOLD


def kinds_in(words: str) -> frozenset[str]:
    """Return the kinds of occasion that a sentence names: {"interview", "rally"}."""
    return frozenset(kind.lower() for kind in KIND.findall(words))


def occasion_in(words: str) -> str | None:
    """Return the occasion that a sentence names, as printed; None where it names none.

    An event ("a rally in St. Orm") counts before the people who were told ("the council"). Weekdays and months are no
    part of it.
    """
    match = HELD.search(words) or TOLD.search(words)
    return " ".join(match["occasion"].split()) if match else None
