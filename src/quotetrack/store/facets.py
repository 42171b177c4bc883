"""Count utterances by their speakers and by the outlets that carry them, for the lists that narrow an answer."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session, aliased

from quotetrack.store.backends.statements import numbers
from quotetrack.store.search import by_their_outlets
from quotetrack.store.tables import OutletRow, QuotationRow, SpeakerRow


@dataclass(frozen=True, slots=True)
class Facet:
    """A value that narrows an answer (a speaker's name, an outlet's slug), its label, and how many utterances stay."""

    value: str
    label: str
    utterances: int


def speaker_facets(session: Session, utterance_ids: Iterable[int], outlet: str | None, *, limit: int) -> list[Facet]:
    """Return the speakers with the most of these utterances, merges followed; of equals in order of name.

    By what this outlet prints; None for all.
    """
    canonical = aliased(SpeakerRow)
    times = func.count(func.distinct(QuotationRow.utterance_id))
    wanted = (
        by_their_outlets(select(canonical.name, times), utterance_ids)
        .join(SpeakerRow, SpeakerRow.id == QuotationRow.speaker_id)
        .join(canonical, canonical.id == func.coalesce(SpeakerRow.canonical_id, SpeakerRow.id))
        .group_by(canonical.id)
        .order_by(times.desc(), canonical.name)
        .limit(limit)
    )
    if outlet is not None:
        wanted = wanted.where(OutletRow.slug == outlet)
    return [Facet(name, name, number) for name, number in session.execute(wanted)]


def outlet_facets(
    session: Session, utterance_ids: Iterable[int], speaker_ids: Iterable[int] | None, *, limit: int
) -> list[Facet]:
    """Return the outlets that print most of these utterances as words of these speakers; None for any or nobody.

    Of equals they are in order of slug.
    """
    times = func.count(func.distinct(QuotationRow.utterance_id))
    wanted = (
        by_their_outlets(select(OutletRow.slug, func.coalesce(OutletRow.name, OutletRow.slug), times), utterance_ids)
        .group_by(OutletRow.id)
        .order_by(times.desc(), OutletRow.slug)
        .limit(limit)
    )
    if speaker_ids is not None:
        wanted = wanted.where(QuotationRow.speaker_id.in_(select(numbers(speaker_ids).c.value)))
    return [Facet(slug, name, number) for slug, name, number in session.execute(wanted)]
