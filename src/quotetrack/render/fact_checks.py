"""Fact-checks as text."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from quotetrack.core.domain import FactCheck, MatchedCheck
from quotetrack.render.text import one_line, visible


def check_line(check: FactCheck) -> str:
    """Return "fact-checked: 'claim' - verdict, publisher, day" with the address; what is unknown is left out."""
    verdict = f" - {check.verdict}" if check.verdict else ""
    rest = "".join(f", {each}" for each in (check.publisher, check.published) if each)
    return visible(f"fact-checked: '{check.claim}'{verdict}{rest} <{check.url}>")


def fact_checked_lines(checks: Sequence[MatchedCheck]) -> Iterator[str]:
    """Yield a line for each fact-check of an utterance: "Fact-checked: “claim” – verdict, publisher, day: address"."""
    for match in checks:
        by_a_person = " (confirmed by a person)" if match.is_confirmed else ""
        yield visible(f"  Fact-checked: {verdict_text(match.check)}: {match.check.url}{by_a_person}")


def verdict_text(check: FactCheck) -> str:
    """Return "“claim” – verdict, publisher, day"; what is unknown is left out."""
    said = ", ".join(str(each) for each in (check.verdict, check.publisher, check.published) if each)
    return f"“{one_line(check.claim)}”{f' – {one_line(said)}' if said else ''}"


def listed_line(check: FactCheck) -> str:
    """Return one line of a list: number, claimant, and the fact-check as it is shown."""
    claimant = f"{check.claimant}, " if check.claimant else ""
    return visible(f"{check.id}. {claimant}{check_line(check)}")
