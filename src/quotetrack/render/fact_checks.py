"""Fact-checks as text."""

from __future__ import annotations

from quotetrack.core.domain import FactCheck
from quotetrack.render.text import visible


def check_line(check: FactCheck) -> str:
    """Return "fact-checked: 'claim' - verdict, publisher, day" with the address; what is unknown is left out."""
    verdict = f" - {check.verdict}" if check.verdict else ""
    rest = "".join(f", {each}" for each in (check.publisher, check.published) if each)
    return visible(f"fact-checked: '{check.claim}'{verdict}{rest} <{check.url}>")


def listed_line(check: FactCheck) -> str:
    """Return one line of a list: number, claimant, and the fact-check as it is shown."""
    claimant = f"{check.claimant}, " if check.claimant else ""
    return visible(f"{check.id}. {claimant}{check_line(check)}")
