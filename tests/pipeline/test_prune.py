"""Old evidence is removed, but not what verifies the quotations that are shown."""

from __future__ import annotations

import gzip
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select
from tests.store.newsroom import BOATS, FERRY, NOW, a_run, ferry, ferry_quotations, filed, quoted

from quotetrack.core.crawling import Fetch, ListedPage, PageState
from quotetrack.core.domain import Article, Quotation
from quotetrack.ingest.crawl.page_archive import archive, path_of
from quotetrack.pipeline.prune import Pruned, prune
from quotetrack.store import Session, Sessions
from quotetrack.store.crawl import put_new_pages, put_page
from quotetrack.store.sightings import counts
from quotetrack.store.tables import PageRow

DAY = timedelta(days=1)
WITHOUT_BOATS = FERRY.replace(BOATS, "Boats do not float")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "evidence"


def fetched(
    session: Session,
    folder: Path | None,
    body: str,
    days_ago: int,
    article: Article | None = None,
    quotations: list[Quotation] | None = None,
) -> None:
    """Store what the crawler stores of one answer: the body, unless there is no folder, and the article, if any."""
    at = NOW - days_ago * DAY
    url = article.url if article else "https://harbourpost.example/menu"
    put_new_pages(session, "harbour", [ListedPage(url, url)], at)
    page_id = session.scalars(select(PageRow.id).where(PageRow.key == url)).one()
    version_id = filed(session, article, quotations or [], at).version_id if article else None
    fetch = Fetch(url, url, 200, at, body=body.encode())
    state = PageState.TAKEN if article else PageState.UNREAD
    put_page(session, a_run(session), page_id, fetch, state, version_id=version_id)
    if folder:
        archive(folder, fetch.body)


def bodies(folder: Path) -> set[str]:
    return {gzip.decompress(file.read_bytes()).decode() for file in folder.rglob("*.gz")}


@pytest.fixture
def filled(sessions: Sessions, folder: Path) -> Path:
    """The evidence of a page without an article, and of an article of three versions, and of another database."""
    with sessions.begin() as session:
        fetched(session, folder, "no article", 90)
        fetched(session, folder, "first", 90, ferry(), ferry_quotations())
        fetched(session, folder, "first, other advertisements", 80, ferry(), ferry_quotations())
        longer = f"{FERRY}\n\nThe island waits."
        fetched(session, folder, "longer", 70, ferry(longer), ferry_quotations(longer))
        edited = f"{WITHOUT_BOATS}\n\nThe island waits."
        quotation = quoted(edited, "The ferry will sail again,", "We owe the island that much.", speaker="Orla Venn")
        fetched(session, folder, "edited", 60, ferry(edited), [quotation])
        fetched(session, folder, "edited, other advertisements", 50, ferry(edited), [quotation])
    archive(folder, b"of another database")
    return folder


ALL = {
    "no article",
    "first",
    "first, other advertisements",
    "longer",
    "edited",
    "edited, other advertisements",
    "of another database",
}


@pytest.mark.parametrize(
    ("days", "also_in_use", "removed"),
    [
        # "longer" has the only print of BOATS, which is still shown; "edited" is the current version.
        (1, False, {"no article", "first", "first, other advertisements", "edited, other advertisements"}),
        (55, False, {"no article", "first", "first, other advertisements"}),
        (85, False, {"no article"}),  # "first" was seen again with other advertisements
        (95, False, set()),
        (1, True, ALL - {"of another database"}),
        (55, True, {"no article", "first", "first, other advertisements", "longer"}),
    ],
)
def test_what_is_removed(sessions: Sessions, filled: Path, days: int, also_in_use: bool, removed: set[str]) -> None:
    before = NOW - days * DAY
    size = sum(file_of(filled, body).stat().st_size for body in removed)
    tried = prune(sessions, filled, before, also_in_use=also_in_use, dry_run=True)
    assert bodies(filled) == ALL
    assert prune(sessions, filled, before, also_in_use=also_in_use) == tried
    assert bodies(filled) == ALL - removed
    assert (tried.removed, tried.removed_bytes) == (len(removed), size)
    assert prune(sessions, filled, before, also_in_use=also_in_use).removed == 0
    with sessions() as session:
        assert counts(session)["versions"] == 3


def file_of(folder: Path, body: str) -> Path:
    return path_of(folder, Fetch("", "", 200, NOW, body=body.encode()).body_sha256)


def test_old_files_that_are_kept_are_counted(sessions: Sessions, filled: Path) -> None:
    pruned = prune(sessions, filled, NOW)
    kept = [file_of(filled, body).stat().st_size for body in ("longer", "edited")]
    assert (pruned.kept, pruned.kept_bytes) == (2, sum(kept))


def test_a_copy_stays_if_the_evidence_of_its_version_is_not_there(sessions: Sessions, folder: Path) -> None:
    with sessions.begin() as session:
        fetched(session, None, "first", 90, ferry(), ferry_quotations())
        fetched(session, folder, "first, other advertisements", 80, ferry(), ferry_quotations())
    assert prune(sessions, folder, NOW).removed == 0
    assert bodies(folder) == {"first, other advertisements"}


def test_without_a_folder_there_is_nothing_to_remove(sessions: Sessions, tmp_path: Path) -> None:
    assert prune(sessions, tmp_path / "nowhere", NOW) == Pruned(0, 0, 0, 0)
    assert not (tmp_path / "nowhere").exists()
