"""A baseline without effort: the nearest capitalised name as speaker, the day of publication as day.

The quoted spans are our own, so that attribution and dating alone are compared.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from quotetrack.core.domain import UNKNOWN_DAY, Article, Attribution, DateBasis, Quotation, SaidOn, Span

# Two capitalised words or more, or one that begins neither a sentence nor a quotation ("The", "But").
_NAME = re.compile(
    r"""[A-ZÀ-Þ][\w’'.-]*(?:\ [A-ZÀ-Þ][\w’'.-]*)+ | (?:(?<=[a-z,]\ )|(?<=,[”"]\ )) [A-ZÀ-Þ][\w’'-]+""", re.VERBOSE
)


def trivial_baseline(article: Article, quotations: Sequence[Quotation]) -> list[Quotation]:
    """Return the quotations with the nearest name outside any of them, said on the day of publication."""
    parts = [part for quotation in quotations for part in quotation.parts]
    names = [Span(*match.span()) for match in _NAME.finditer(article.text)]
    outside = [name for name in names if not any(name.overlap(part) for part in parts)]
    day = article.published_on
    said = SaidOn(day, day, DateBasis.IMPLIED) if day else UNKNOWN_DAY
    return [replace(q, attribution=_nearest(article.text, outside, q.span), said=said) for q in quotations]


def _nearest(text: str, names: Sequence[Span], words: Span) -> Attribution | None:
    """Return the name with the fewest characters between; the earlier one of two at the same distance."""
    nearest = min(
        names, key=lambda name: (max(words.start - name.end, name.start - words.end), name.start), default=None
    )
    return Attribution(nearest.of(text), nearest, None, "nearest", 0.0, 0.0) if nearest else None
