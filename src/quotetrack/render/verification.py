"""The checks of `verify` as text."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from quotetrack.pipeline.verification import Verdict, Verified
from quotetrack.render.text import count


@dataclass(slots=True)
class VerificationTally:
    """Counts of what was verified, by verdict; what could not be checked is counted by its reason."""

    noun: str  # "row", or "record" for the versions and quotations of a store
    verdicts: Counter[Verdict] = field(default_factory=Counter)
    unchecked: dict[str, list[str]] = field(default_factory=dict)

    def count(self, verified: Verified) -> None:
        """Add the checks of one row, version or quotation."""
        self.verdicts[verified.verdict] += 1
        if verified.verdict is Verdict.UNCHECKED:
            first = next(check for check in verified.checks if check.verdict is Verdict.UNCHECKED)
            self.unchecked.setdefault(f"{first.step}: {first.reason}", []).append(verified.where)

    def lines(self) -> Iterator[str]:
        """Yield how much holds, fails and cannot be checked, and why not."""
        holds, fails = self.verdicts[Verdict.HOLDS], self.verdicts[Verdict.FAILS]
        unchecked = self.verdicts[Verdict.UNCHECKED]
        rows = count(self.verdicts.total(), self.noun)
        yield f"{rows}: {holds} hold, {fails} fail, {unchecked} cannot be checked."
        for reason, places in self.unchecked.items():
            yield f"Not checked: {reason} ({len(places)}, first {places[0]})."


def failure_lines(verified: Verified) -> Iterator[str]:
    """Yield each check that fails, with its reason."""
    for check in verified.checks:
        if check.verdict is Verdict.FAILS:
            yield f"{verified.where}: fails at {check.step}: {check.reason}"
