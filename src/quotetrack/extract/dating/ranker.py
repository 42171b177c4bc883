"""Date quotations: a first and a last possible day, how it is known, and the phrase that says it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from quotetrack.core.domain import UNKNOWN_DAY, Article, DateBasis, Quotation, SaidOn, Span
from quotetrack.extract.dating.answers import Answer, Candidates, DateCandidate, choose
from quotetrack.extract.dating.article_dates import NEWS_DAYS, THESE_DAYS, ArticleDates, DateContext
from quotetrack.extract.dating.date_pairs import features_of_pair, is_here
from quotetrack.extract.dating.features import NO_ANSWER, Values
from quotetrack.extract.dating.occasion import occasion_in
from quotetrack.extract.dating.quotation_context import QuotationContext, context_of
from quotetrack.extract.dating.speakers import Speakers

# Fresh news without a phrase was said on the day of publication or in these days before it.
IMPLIED_DAYS = 3
# The value of the distance to the nearest fresh date, in paragraphs, where none stands above.
NO_NEWS = 30.0


def day_at_home(article: Article) -> date | None:
    """Return the day of publication in the outlet's own time zone, which "Tuesday" is counted from.

    A day without an hour is never converted, nor is an hour without a zone, which is the outlet's.
    """
    moment = article.published_at
    if article.timezone is None or not isinstance(moment, datetime) or moment.tzinfo is None:
        return article.published_on
    try:
        return moment.astimezone(ZoneInfo(article.timezone)).date()
    except (ZoneInfoNotFoundError, ValueError, OverflowError):  # no such zone here, or the first day of the calendar
        return article.published_on


class Dating:
    """Dates the quotations of one article."""

    def __init__(self, article: Article, paragraphs: Sequence[Span], quoted: Sequence[Span]) -> None:
        """`paragraphs` are those of the article; dates inside the `quoted` characters are not the reporter's."""
        published = day_at_home(article)
        self._dates = ArticleDates(article, published, paragraphs, quoted) if published is not None else None

    def date_all(self, quotations: Sequence[Quotation]) -> list[Quotation]:
        """Return the quotations, each with its interval, the basis, the phrase that says it and the occasion.

        Without a day of publication they are returned as they are.
        """
        if self._dates is None:
            return list(quotations)
        answers = choose(self.candidates(quotations))
        return [
            replace(q, said=a.said, said_evidence=a.evidence, occasion=_occasion(self._dates, q, a))
            for q, a in zip(quotations, answers, strict=True)
        ]

    def candidates(self, quotations: Sequence[Quotation]) -> list[Candidates]:
        """Return the candidates of each quotation. Raises ValueError for an article without a day of publication.

        Some words have no day but one in their own sentence: those "said recently", those that follow by the same
        speaker before another date is written, and those that are recalled ("once called").
        """
        if self._dates is None:
            raise ValueError("The article has no day of publication, from which its dates are counted.")
        speakers = Speakers(self._dates.text, quotations)
        of_article = self._dates.features(speakers)
        candidates: list[Candidates] = []
        lately: dict[str, int] = {}  # by speaker, where the last words "said recently" end
        for number, quotation in enumerate(quotations):
            context = context_of(number, speakers, self._dates)
            own = _candidates_of(context, speakers, self._dates, of_article)
            name, end = speakers.names[number], quotation.span.end
            since = lately.get(name) if name is not None else None
            is_lately = context.is_lately or (since is not None and not self._dates.has_date(since, end))
            if is_lately or context.is_recalled:
                own = _only_here(own)
            if is_lately and name is not None:
                lately[name] = end
            candidates.append(own)
        return candidates


def _candidates_of(
    quotation: QuotationContext, speakers: Speakers, dates: ArticleDates, of_article: Values
) -> Candidates:
    """Return the dates, then "fresh", then "unknown" for one quotation."""
    common = {**quotation.features, **of_article}
    dated = [
        DateCandidate(
            SaidOn(written.phrase.first, written.phrase.last, _basis(written, quotation)),
            written.phrase.span,
            features_of_pair(written, quotation, speakers, dates, common),
        )
        for written in dates.eligible(quotation.paragraph)
    ]
    news = [c.features.paragraphs for c in dated if c.features.age <= THESE_DAYS]
    undated = NO_ANSWER._replace(
        **common,
        dates=float(len(dated)),
        news_dates=float(len(news)),
        nearest_news=min((paragraphs for paragraphs in news if paragraphs >= 0), default=NO_NEWS),
    )
    fresh = SaidOn(_days_before(dates.published, IMPLIED_DAYS), dates.published, DateBasis.IMPLIED)
    return Candidates(
        dated,
        [
            Answer(fresh, None, undated._replace(is_implied=1.0)),
            Answer(UNKNOWN_DAY, None, undated._replace(is_unknown=1.0)),
        ],
    )


def _basis(written: DateContext, quotation: QuotationContext) -> DateBasis:
    """Return how a date would be known to be the day: it is of a past occasion, or stands here or nearby."""
    if written.age > NEWS_DAYS:
        return DateBasis.PAST
    return DateBasis.STATED_HERE if is_here(written, quotation) else DateBasis.STATED_NEARBY


def _days_before(published: date, days: int) -> date:
    """Return a day before publication, but not before the calendar begins."""
    return date.fromordinal(max(1, published.toordinal() - days))


def _only_here(candidates: Candidates) -> Candidates:
    """Return the dates of the quotation's own sentence, and "unknown"."""
    return Candidates(
        [candidate for candidate in candidates.dates if candidate.features.here],
        [answer for answer in candidates.undated if answer.said.first is None],
    )


def _occasion(dates: ArticleDates, quotation: Quotation, answer: Answer) -> str | None:
    """Return the occasion that the sentence names, else that of the speaker's sentence which says the day."""
    own = occasion_in(dates.reporter.words(dates.reporter.sentences_of(quotation)))
    if own is not None or answer.evidence is None or not answer.features.of_speaker:
        return own
    return occasion_in(dates.reporter.words(dates.reporter.sentence(answer.evidence.start)))
