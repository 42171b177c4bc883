"""Articles and quotations for the tests of the store. All people, places and outlets are invented."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from quotetrack.core.domain import (
    UNKNOWN_DAY,
    Alternative,
    Article,
    Attribution,
    Quotation,
    QuotationKind,
    SaidOn,
    Sighting,
    Span,
)
from quotetrack.store.articles import Taken, put_article
from quotetrack.store.quotations import put_quotations
from quotetrack.store.runs import start_run
from quotetrack.store.sightings import read_sightings
from quotetrack.store.tables import ArticleVersionRow, QuotationRow
from quotetrack.store.worklists import quotations_for_linker

NOW = datetime(2031, 3, 10, 6, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
EXTRACTOR = "extract 1"
LINKER = "link 1"

FERRY = (
    "Orla Venn resigned.\n\n"
    "“The ferry will sail again,” said Orla Venn, the harbour master. “We owe the island that much.”\n\n"
    "Tadeo Brisk of the dockers’ union was not amused. “Promises float, boats do not,” he said."
)
FERRY_PARTS = ("The ferry will sail again,", "We owe the island that much.")
BOATS = "Promises float, boats do not,"


def ferry(
    text: str = FERRY,
    url: str = "https://harbourpost.example/ferry",
    outlet: str = "harbourpost",
    title: str | None = "Venn leaves the harbour",
    published_at: datetime | date | None = date(2031, 3, 9),
    fetched_at: datetime | None = None,
    external_id: str | None = None,
    wire_credit: str | None = None,
) -> Article:
    return Article(
        url=url,
        outlet=outlet,
        text=text,
        title=title,
        published_at=published_at,
        fetched_at=fetched_at,
        external_id=external_id,
        wire_credit=wire_credit,
    )


def quoted(text: str, *parts: str, speaker: str | None = None, said: SaidOn = UNKNOWN_DAY) -> Quotation:
    """Return a quotation of these parts, each at its first place in the text, with its paragraphs as context."""
    spans = tuple(Span(text.index(part), text.index(part) + len(part)) for part in parts)
    start = text.rfind("\n\n", 0, spans[0].start) + 2 if "\n\n" in text[: spans[0].start] else 0
    end = text.find("\n\n", spans[-1].end)
    return Quotation(
        parts=spans,
        words=" ".join(parts),
        kind=QuotationKind.FULL,
        context=Span(start, end if end > 0 else len(text)),
        attribution=Attribution(speaker, None, None, "by_hand", 0.9, 0.95) if speaker else None,
        said=said,
    )


def ferry_quotations(text: str = FERRY) -> list[Quotation]:
    return [quoted(text, *FERRY_PARTS, speaker="Orla Venn"), quoted(text, BOATS, speaker="Tadeo Brisk")]


UNSURE = (
    "Orla Venn met Ada Roth of the dockers’ union at the quay. Both left early.\n\n"
    "“Nobody repairs a harbour in winter, and nor shall we,” she told the Post on Friday."
)
UNSURE_WORDS = "Nobody repairs a harbour in winter, and nor shall we,"
UNSURE_SPEAKER = "she: Ada Roth or Orla Venn (unsure)"
ALTERNATIVES = (Alternative("Ada Roth", 0.48123), Alternative("Orla Venn", 0.31))


def unsure() -> Quotation:
    """Return the quotation of `UNSURE`: either of two people may have said it."""
    mention, cue = UNSURE.index("she told"), UNSURE.index("told")
    spans = Span(mention, mention + 3), Span(cue, cue + 4)
    attribution = Attribution(None, *spans, "by_hand", ALTERNATIVES[0].confidence, 0.97, ALTERNATIVES)
    return replace(quoted(UNSURE, UNSURE_WORDS), attribution=attribution)


def filed_unsure(session: Session, outlet: str = "post") -> Taken:
    """Store an article with the unsure quotation."""
    article = ferry(UNSURE, url=f"https://{outlet}.example/quay", outlet=outlet, title="At the quay")
    return filed(session, article, [unsure()])


def a_run(session: Session) -> int:
    return start_run(session, "ingest", "0.1.0", NOW)


def filed(
    session: Session, article: Article, quotations: list[Quotation], now: datetime = NOW, extractor: str = EXTRACTOR
) -> Taken:
    """Store an article and its quotations, as the nightly job does."""
    run_id = a_run(session)
    taken = put_article(session, article, run_id, now)
    put_quotations(session, taken.version_id, quotations, extractor, run_id)
    return taken


def article_text(session: Session, sighting: Sighting) -> str:
    """Return the whole text of the version that a sighting stands in."""
    wanted = select(ArticleVersionRow.text).join(QuotationRow, QuotationRow.version_id == ArticleVersionRow.id)
    return session.scalars(wanted.where(QuotationRow.id == sighting.id)).one()


def sightings_to_link(session: Session, linker: str) -> list[int]:
    """Return the ids of the sightings that this linker has not linked as they are now, in order."""
    return [int(sighting.id) for sighting in read_sightings(session, ids=quotations_for_linker(session, linker))]
