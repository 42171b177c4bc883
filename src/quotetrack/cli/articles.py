"""Commands about articles: `articles list | show | set | undo | remove`."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Annotated

import typer

from quotetrack.cli.console import errors_reported, print_failures, print_json, print_lines, warn, warn_of_more
from quotetrack.cli.exit_codes import SOME_FAILED
from quotetrack.cli.options import (
    APPLIED_LATER,
    MOST_SHOWN,
    ByOption,
    DatabaseOption,
    JsonOption,
    check_order,
    day_option,
    open_outlets,
    open_settings,
    opened_store,
    parse_published,
    user_or,
    utc_now,
)
from quotetrack.cli.root import articles_app
from quotetrack.core.domain import day_of

if TYPE_CHECKING:
    from quotetrack.core.settings import Settings
    from quotetrack.store import Sessions
    from quotetrack.store.article_records import ArticleRecord

ArticleArgument = Annotated[
    str, typer.Argument(metavar="ARTICLE", help="The id or the URL of an article, or a part of the URL.")
]


@articles_app.command("list", epilog="Example: quotetrack articles list --outlet harbourpost --since 2026-03-01")
def list_articles(
    outlet: Annotated[str | None, typer.Option(metavar="SLUG", help="Only articles of this outlet.")] = None,
    since: Annotated[datetime | None, day_option("Only articles published on or after this day.")] = None,
    until: Annotated[datetime | None, day_option("Only articles published on or before this day.")] = None,
    without_quotations: Annotated[
        bool, typer.Option("--without-quotations", help="Only articles in which no quotation was found.")
    ] = False,
    limit: Annotated[int, typer.Option(min=1, max=MOST_SHOWN, help="Show at most this many articles.")] = 50,
    database: DatabaseOption = None,
    as_json: JsonOption = False,
) -> None:
    """List the articles, last published first: id, day, number of quotations, outlet, title."""
    check_order("--since", since, "--until", until)
    with errors_reported(), opened_store(database, read_only=True) as sessions:
        from quotetrack.render.articles import article_line
        from quotetrack.render.schemas import ListedArticleSchema
        from quotetrack.store.article_records import list_articles

        with sessions() as session:
            articles = list_articles(
                session,
                outlet=outlet,
                since=day_of(since),
                until=day_of(until),
                without_quotations=without_quotations,
                limit=limit + 1,
            )
        if as_json:
            print_json([ListedArticleSchema.of(article).to_json() for article in articles[:limit]])
        else:
            print_lines(article_line(article) for article in articles[:limit])
        warn_of_more(articles, limit)
        if not articles:
            warn("No article matches.")


@articles_app.command("show", epilog="Example: quotetrack articles show harbourpost.example/ferry")
def show_article(article: ArticleArgument, database: DatabaseOption = None, as_json: JsonOption = False) -> None:
    """Show one article: metadata as printed and as decided, versions, evidence, quotations, and decisions."""
    with errors_reported(), opened_store(database, read_only=True) as sessions:
        from quotetrack.render.articles import article_lines
        from quotetrack.render.schemas import ArticleRecordSchema
        from quotetrack.review.articles import find_article
        from quotetrack.store.article_records import read_article_record

        with sessions() as session:
            record = read_article_record(session, find_article(session, article))
        kept = _evidence_kept(record, open_settings())
        if as_json:
            print_json(ArticleRecordSchema.checked(record, kept).to_json())
        else:
            print_lines(article_lines(record, kept))


@articles_app.command(
    "set", epilog='Example: quotetrack articles set 12 --outlet harbourpost --reason "see the masthead"'
)
def set_article(
    article: ArticleArgument,
    outlet: Annotated[str | None, typer.Option(metavar="SLUG", help="The outlet that published it.")] = None,
    published: Annotated[
        str | None, typer.Option(metavar="DATE", help="The day or time of publication, such as 2026-03-11.")
    ] = None,
    title: Annotated[str | None, typer.Option(help="The title.")] = None,
    author: Annotated[str | None, typer.Option(help="The author or authors.")] = None,
    url: Annotated[str | None, typer.Option(help="The address of the article.")] = None,
    by: ByOption = None,
    reason: Annotated[str | None, typer.Option(help="The reason for the decision.")] = None,
    database: DatabaseOption = None,
) -> None:
    """Decide what an article's metadata should say, in place of what was read. Every output shows it.

    Each value is a decision, which `articles undo` revokes. What was printed stays stored.
    """
    moment = parse_published(published)
    with errors_reported(), opened_store(database) as sessions:
        from quotetrack.render.articles import decision_text
        from quotetrack.review.articles import WrongValues, decide, find_article, values_of

        try:
            values = values_of(outlet=outlet, published=moment, title=title, author=author, url=url)
        except WrongValues as error:
            raise typer.BadParameter(str(error)) from None
        settings = open_settings()
        with sessions() as session:
            article_id = find_article(session, article)
        decisions = decide(
            sessions,
            article_id,
            values,
            open_outlets(settings),
            decided_by=user_or(by),
            now=utc_now(),
            reason=reason or None,
        )
        for decision in decisions:
            warn(f"Article {article_id}: {decision_text(decision)}. To undo: quotetrack articles undo {decision.id}")
        _apply(sessions, settings)


@articles_app.command("undo", epilog="Example: quotetrack articles undo 7")
def undo_decision(
    decision: Annotated[int, typer.Argument(help="The id of a decision, as printed by `articles show`.")],
    database: DatabaseOption = None,
) -> None:
    """Revoke a decision about an article.

    If the article was removed, it may be taken in again; its text does not come back by itself.
    """
    with errors_reported(), opened_store(database) as sessions:
        from quotetrack.render.articles import decision_text
        from quotetrack.review.articles import undo

        revoked = undo(sessions, decision, now=utc_now())
        warn(f"Revoked decision {revoked.id} about {revoked.article_url} ({decision_text(revoked)}).")
        _apply(sessions, open_settings())


@articles_app.command("remove", epilog='Example: quotetrack articles remove 12 --reason "withdrawn by the publisher"')
def remove_article(
    article: ArticleArgument,
    reason: Annotated[str, typer.Option(help="The reason for the removal.")],
    by: ByOption = None,
    database: DatabaseOption = None,
) -> None:
    """Remove an article: erase its text, quotations and kept pages. It is not taken in again.

    Its URL and this decision stay. Copies and backups of the database that you made are not changed.
    """
    if not reason.strip():
        raise typer.BadParameter("give a reason")
    with errors_reported(), opened_store(database) as sessions:
        from quotetrack.review.articles import find_article, remove

        with sessions() as session:
            article_id = find_article(session, article)
        decision = remove(sessions, article_id, decided_by=user_or(by), now=utc_now(), reason=reason)
        warn(f"Article {article_id} is removed (decision {decision.id}).")
        _apply(sessions, open_settings())


def _apply(sessions: Sessions, settings: Settings) -> None:
    from quotetrack.review.articles import apply

    failures = apply(sessions, open_outlets(settings), settings, utc_now)
    if failures is None:
        warn(APPLIED_LATER)
        return
    print_failures(failures)
    if failures:
        raise typer.Exit(SOME_FAILED)


def _evidence_kept(record: ArticleRecord, settings: Settings) -> dict[str, bool]:
    """Return by hash whether the evidence of the versions is in its folder; nothing if no folder is set."""
    from quotetrack.ingest.crawl.page_archive import path_of

    folder = settings.evidence
    hashes = {version.evidence_sha256 for version in record.versions if version.evidence_sha256}
    return {each: path_of(folder, each).is_file() for each in hashes} if folder is not None else {}
