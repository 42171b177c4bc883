"""Decisions about articles: what a field should say, or that an article is removed.

A decision is recorded in one short transaction, which every output shows at once, also while a night runs. `apply` then
does what follows from it, under the run lock: naming, dating and linking again, and erasing a removed article.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date, datetime

from quotetrack.core.domain import ArticleDecision, ArticleField, Failure
from quotetrack.core.errors import QuotetrackError
from quotetrack.core.settings import Settings
from quotetrack.core.texts import gettext
from quotetrack.core.urls import canonical_url
from quotetrack.core.versions import package_version
from quotetrack.ingest.outlets import Outlets
from quotetrack.models.embedder import embedder_name
from quotetrack.pipeline.intake import RunContext, facts_of
from quotetrack.pipeline.steps import erase, extract, link, relate, resolve_speakers
from quotetrack.store import Session, Sessions, StoreLocked
from quotetrack.store.article_decisions import (
    put_article_decision,
    read_article_decisions,
    revoke_article_decision,
    urls_of_waiting_decisions,
)
from quotetrack.store.article_records import find_articles, is_article
from quotetrack.store.articles import put_outlet, url_of_article
from quotetrack.store.lock import lock_of
from quotetrack.store.runs import finish_run, start_run
from quotetrack.store.worklists import Touched

MOST_NAMED = 5  # articles in the message about a part of a URL that fits several


class ArticleCannotBeDecided(QuotetrackError):
    """The decision cannot be recorded or revoked. The message says why."""


class WrongValues(QuotetrackError):
    """What is given for the fields of an article cannot be decided."""


class ArticleNotFound(QuotetrackError):
    """No article has this id or URL, or the part of a URL fits several. The message lists them."""


def find_article(session: Session, id_or_url: int | str) -> int:
    """Return the id of the article with this id, URL or part of a URL. Raises ArticleNotFound.

    A number is an id and nothing else; text of digits may be a part of a URL.
    """
    if isinstance(id_or_url, int) and is_article(session, id_or_url):
        return id_or_url
    found = [] if isinstance(id_or_url, int) else find_articles(session, id_or_url, limit=MOST_NAMED)
    if not found:
        raise ArticleNotFound(
            gettext("There is no article %(asked)s. See `quotetrack articles list`.", asked=id_or_url)
        )
    if len(found) > 1:
        listed = ", ".join(f"{url} ({article_id})" for article_id, url in found)
        raise ArticleNotFound(
            gettext("Several articles fit %(asked)s: %(articles)s. Give the id.", asked=id_or_url, articles=listed)
        )
    return found[0][0]


def values_of(
    *, outlet: str | None, published: date | None, title: str | None, author: str | None, url: str | None
) -> dict[ArticleField, str]:
    """Return the fields to decide. Raises WrongValues if there is none, or one is blank or no web address."""
    address = canonical_url(url) if url is not None else None
    if url is not None and address is None:
        raise WrongValues(f"{url!r} is not a web address. Write https://...")
    given = {
        ArticleField.OUTLET: outlet,
        ArticleField.PUBLISHED: published.isoformat() if published else None,
        ArticleField.TITLE: title,
        ArticleField.AUTHOR: author,
        ArticleField.URL: address,
    }
    values = {field: " ".join(value.split()) for field, value in given.items() if value is not None}
    if not values:
        raise WrongValues(f"give at least one of {', '.join(given)}")
    if blank := [field for field, value in values.items() if not value]:
        raise WrongValues(f"{blank[0]} is blank")
    return values


def decide(
    sessions: Sessions,
    article_id: int,
    values: Mapping[ArticleField, str],
    outlets: Outlets,
    *,
    decided_by: str,
    now: datetime,
    reason: str | None = None,
) -> list[ArticleDecision]:
    """Record what fields of an article should say, and return the decisions, one a field.

    An older decision about a field is revoked. `values` are the slug of an outlet, a day or moment in ISO 8601, a
    title, an author or a URL. Raises ArticleCannotBeDecided for a removed article, or for the URL of another one.
    """
    with _refused_in_words(), sessions.begin() as session:
        url = url_of_article(session, article_id)
        if ArticleField.OUTLET in values:
            put_outlet(session, values[ArticleField.OUTLET], facts_of(outlets, values[ArticleField.OUTLET]))
        ids = [
            put_article_decision(session, url, field, value, decided_by=decided_by, at=now, reason=reason)
            for field, value in values.items()
        ]
        return [decision for decision in read_article_decisions(session, url) if decision.id in ids]


def remove(sessions: Sessions, article_id: int, *, decided_by: str, now: datetime, reason: str) -> ArticleDecision:
    """Record that an article is removed. At once no output shows its quotations; `apply` erases it.

    Raises ArticleCannotBeDecided if it is removed already.
    """
    with _refused_in_words(), sessions.begin() as session:
        url = url_of_article(session, article_id)
        put_article_decision(session, url, ArticleField.REMOVED, None, decided_by=decided_by, at=now, reason=reason)
        return read_article_decisions(session, url)[-1]


def undo(sessions: Sessions, decision_id: int, *, now: datetime) -> ArticleDecision:
    """Revoke a decision about an article, and return it. What was erased does not come back.

    Raises ArticleCannotBeDecided if no decision of this id is in force.
    """
    with _refused_in_words(), sessions.begin() as session:
        return revoke_article_decision(session, decision_id, now)


def apply(
    sessions: Sessions, outlets: Outlets, settings: Settings, now: Callable[[], datetime]
) -> Sequence[Failure] | None:
    """Do what follows from the decisions that wait, and return what failed; None if another run holds the lock.

    That run does it before it ends. Raises LanguageModelMissing if an article has to be extracted again and there is no
    model: the next run does it then.
    """
    try:
        with lock_of(sessions):
            return _drain(sessions, outlets, settings, now)
    except StoreLocked:
        return None


def _drain(sessions: Sessions, outlets: Outlets, settings: Settings, now: Callable[[], datetime]) -> Sequence[Failure]:
    with sessions() as session:
        touched = Touched(articles=urls_of_waiting_decisions(session))
    if not touched.articles:
        return ()
    with sessions.begin() as session:
        run_id = start_run(session, "articles", package_version(), now())
    extraction = extract.run_for_decisions(RunContext(sessions, run_id, outlets, now, settings))
    resolve_speakers.run(sessions)
    link.run(sessions, touched=touched)
    model = embedder_name(settings.embedding_model)
    if model is not None:
        relate.run(sessions, model, touched=touched)
    erase.run(sessions, settings.evidence)
    with sessions.begin() as session:
        finish_run(
            session, run_id, now(), {"extracted": extraction.extracted, "failed": len(extraction.failures)}, None
        )
    return extraction.failures


@contextmanager
def _refused_in_words() -> Iterator[None]:
    try:
        yield
    except (LookupError, ValueError) as error:
        raise ArticleCannotBeDecided(str(error)) from error
