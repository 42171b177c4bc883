"""A store into which a corpus is loaded is the one that ingest of the same articles gives."""

from __future__ import annotations

import csv
import json
from io import StringIO
from pathlib import Path

import pytest
from tests.cli_runner import quotetrack
from tests.pipeline.corpus.linked import groups_of_corpus, groups_of_store
from tests.pipeline.corpus.newsroom import article, extracted, write_partitions
from tests.synthetic_news import rows_of

from quotetrack.core.domain import Failure
from quotetrack.pipeline.corpus import extract as corpus_extract
from quotetrack.pipeline.corpus.places import Prefix
from quotetrack.pipeline.steps import extract as extract_step

OF_THE_STORE = ("utterance", "sighting", "speaker_id", "fetched_at")  # ids and moments of our own clock


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A corpus with a copy, an edition, an article without outlet that another copy gives, and a broken line."""
    folder = tmp_path_factory.mktemp("corpus")
    write_partitions(folder / "news", [3, 2])
    edited = article(1) | {
        "text": f"{article(1)['text']}\n\nThis report was corrected.",
    }
    unknown = {"id": "x", "text": article(5)["text"]}
    known = unknown | {"outlet": "courier", "published": "2031-03-09"}
    lines = [*map(json.dumps, (article(0), edited, unknown, known)), "{nonsense"]
    (folder / "news" / "part-9.jsonl").write_text("\n".join(lines), "utf-8")
    extracted(folder / "news", folder / "tables", vectors=True, reported=True)
    return folder


def table_of(database: str) -> list[dict[str, str]]:
    """Return the rows of the CSV export, without what every store gives by itself, in an order of their own."""
    printed = quotetrack("export", "--csv", "-", "--reported", "--database", database).stdout
    rows = [{k: v for k, v in row.items() if k not in OF_THE_STORE} for row in csv.DictReader(StringIO(printed))]
    return sorted(rows, key=lambda row: sorted(row.items()))


@pytest.fixture
def extracted_anew(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The articles that are extracted while the test runs, by URL."""
    read: list[str] = []

    def recorded(model: str, wanted: extract_step.ArticleToRead, budget: object) -> object:
        read.append(wanted.article.url)
        return real(model, wanted)

    real = extract_step.extract_article
    monkeypatch.setattr(extract_step, "extract_article", recorded)
    return read


def test_loading_is_ingesting(corpus: Path, tmp_path: Path, extracted_anew: list[str]) -> None:
    ingested, loaded = str(tmp_path / "ingested.db"), str(tmp_path / "loaded.db")
    assert quotetrack("ingest", "--reported", corpus / "news", "--database", ingested).exit_code == 3  # the broken line
    extracted_anew.clear()
    result = quotetrack("corpus", "load", corpus / "tables", "--database", loaded, "--json")
    assert result.exit_code == 3
    counts = json.loads(result.stdout)
    assert (counts["new"], counts["edited"], counts["unchanged"], counts["completed"]) == (6, 1, 1, 1)
    assert len(extracted_anew) == 1  # only the one of which the outlet became known
    assert rows_of(Path(loaded)) == rows_of(Path(ingested))
    assert table_of(loaded) == table_of(ingested)
    assert quotetrack("corpus", "link", corpus / "tables").exit_code == 0
    assert groups_of_corpus(Prefix(str(corpus / "tables"))) == groups_of_store(loaded)
    again = quotetrack("corpus", "load", corpus / "tables", "--database", loaded, "--json")
    assert (
        json.loads(again.stdout)["unchanged"] == 9
        and rows_of(Path(loaded))["links"] == rows_of(Path(ingested))["links"]
    )


@pytest.mark.slow
def test_loading_into_postgresql_gives_the_same_table(corpus: Path, tmp_path: Path, postgres_url: str) -> None:
    for database in (str(tmp_path / "loaded.db"), postgres_url):
        assert quotetrack("corpus", "load", corpus / "tables", "--database", database).exit_code == 3
    assert table_of(postgres_url) == table_of(str(tmp_path / "loaded.db"))


def test_a_prefix_without_partitions_is_an_error_that_says_what_to_do(tmp_path: Path) -> None:
    result = quotetrack("corpus", "load", tmp_path, "--database", tmp_path / "news.db")
    assert (
        result.exit_code == 1 and "quotetrack corpus extract" in result.stderr and not (tmp_path / "news.db").exists()
    )


def test_failures_that_no_record_names_are_counted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(corpus_extract, "MOST_FAILURES_KEPT", 1)
    (tmp_path / "news.jsonl").write_text(json.dumps(article(1)) + "\n{nonsense" * 4, "utf-8")
    extracted(tmp_path / "news.jsonl", tmp_path / "corpus")
    loaded = ("--database", tmp_path / "news.db", "--json")
    result = quotetrack("corpus", "load", tmp_path / "corpus", *loaded)
    assert result.exit_code == 3
    assert "and 3 more that could not be read" in result.stderr
    assert json.loads(result.stdout)["failed"] == 4
    (run,) = json.loads(quotetrack("runs", "list", *loaded).stdout)
    assert run["failed"] == run["counts"]["failed"] == 4


def test_an_article_that_could_not_be_extracted_has_failed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_partitions(tmp_path / "news", [2])
    with monkeypatch.context() as patch:
        patch.setattr(corpus_extract, "extract_article", lambda *_: Failure("", "took too long"))
        extracted(tmp_path / "news", tmp_path / "corpus", reported=True)
    result = quotetrack("corpus", "load", tmp_path / "corpus", "--database", tmp_path / "news.db", "--json")
    counts = json.loads(result.stdout)
    assert (result.exit_code, counts["new"], counts["failed"], counts["quotations"]) == (3, 2, 2, 0)
    assert "https://harbourpost.example/news/1: took too long" in result.stderr
