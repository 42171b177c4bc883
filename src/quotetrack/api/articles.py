"""The articles of an open database, and what people decide about them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from quotetrack.api.connection import Connection, moment_of, user_or, utc_now
from quotetrack.core.domain import ArticleDecision, day_of
from quotetrack.ingest.crawl.page_archive import read_archived
from quotetrack.ingest.outlets import load_outlets
from quotetrack.review import articles as review
from quotetrack.store import Sessions
from quotetrack.store.article_records import (
    ArticleRecord,
    ListedArticle,
    articles_behind,
    list_articles,
    read_article_record,
    version_texts,
)
from quotetrack.store.articles import text_of_article

LIMIT = 50  # articles of a list


class Articles:
    """The articles. An article is given by id, URL or a part of its URL; `by` is who decides, by default the user.

    Every method raises ArticleNotFound for an article that the database does not have, or that is one of several.
    A decision is recorded at once and shows in every output. What follows from it, such as erasing a removed article,
    is done before the method returns, or by the run that holds the lock.
    """

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def list(
        self,
        *,
        outlet: str | None = None,
        since: date | str | None = None,
        until: date | str | None = None,
        without_quotations: bool = False,
        limit: int = LIMIT,
    ) -> Sequence[ListedArticle]:
        """Return articles, the last published first: of an outlet, of some days of publication, without quotations."""
        with self._connection.session() as session:
            return list_articles(
                session,
                outlet=outlet,
                since=day_of(moment_of(since)),
                until=day_of(moment_of(until)),
                without_quotations=without_quotations,
                limit=limit,
            )

    def behind(
        self, article_id: int | None = None, *, without_quotations: bool = False, limit: int = LIMIT
    ) -> Sequence[ListedArticle]:
        """Return the articles that were taken in last, or before this one, the latest first: page by page."""
        with self._connection.session() as session:
            return articles_behind(session, article_id, without_quotations=without_quotations, limit=limit)

    def show(self, article: int | str) -> ArticleRecord:
        """Return everything that is stored about an article: metadata, versions, quotations, decisions."""
        with self._connection.session() as session:
            return read_article_record(session, review.find_article(session, article))

    def text(self, article: int | str) -> str:
        """Return the text of an article's current version; empty where it was removed."""
        with self._connection.session() as session:
            record = read_article_record(session, review.find_article(session, article))
            return text_of_article(session, record.url) if record.removed_at is None else ""

    def version_texts(self, article: int | str) -> Sequence[str]:
        """Return the texts of all versions of an article, in the order of `ArticleRecord.versions`: newest first."""
        with self._connection.session() as session:
            return version_texts(session, review.find_article(session, article))

    def evidence(self, article: int | str, sha256: str) -> bytes | None:
        """Return the bytes from which a version of an article was read; None where they are not kept, or not its own.

        Raises UnreadableFile if they are damaged.
        """
        folder = self._connection.settings.evidence
        record = self.show(article)
        if folder is None or record.removed_at or sha256 not in {each.evidence_sha256 for each in record.versions}:
            return None
        return read_archived(folder, sha256)

    def set(
        self,
        article: int | str,
        *,
        outlet: str | None = None,
        published: date | str | None = None,
        title: str | None = None,
        author: str | None = None,
        url: str | None = None,
        by: str | None = None,
        reason: str | None = None,
    ) -> Sequence[ArticleDecision]:
        """Decide what the metadata of an article should say, and return the decisions. What was printed stays."""
        settings = self._connection.settings
        values = review.values_of(outlet=outlet, published=moment_of(published), title=title, author=author, url=url)
        with self._connection.sessions() as sessions:
            decisions = review.decide(
                sessions,
                self._find(sessions, article),
                values,
                load_outlets(settings.outlets),
                decided_by=user_or(by),
                now=utc_now(),
                reason=reason,
            )
            self._apply(sessions)
        return decisions

    def remove(self, article: int | str, *, reason: str, by: str | None = None) -> ArticleDecision:
        """Remove an article: erase its text, quotations and kept pages. It is not taken in again.

        Its URL and this decision stay. Copies of the database are not changed.
        """
        with self._connection.sessions() as sessions:
            decision = review.remove(
                sessions, self._find(sessions, article), decided_by=user_or(by), now=utc_now(), reason=reason
            )
            self._apply(sessions)
        return decision

    def undo(self, decision_id: int) -> ArticleDecision:
        """Revoke a decision about an article. What was erased does not come back by itself."""
        with self._connection.sessions() as sessions:
            decision = review.undo(sessions, decision_id, now=utc_now())
            self._apply(sessions)
        return decision

    def _find(self, sessions: Sessions, article: int | str) -> int:
        with sessions() as session:
            return review.find_article(session, article)

    def _apply(self, sessions: Sessions) -> None:
        settings = self._connection.settings
        review.apply(sessions, load_outlets(settings.outlets), settings, utc_now)
