"""A corpus is extracted file by file: its rows are those of extraction, and the next run does what is missing."""

from __future__ import annotations

import gzip
import json
import os
from dataclasses import replace
from datetime import date
from pathlib import Path

import fsspec
import pytest
from tests.cli_runner import quotetrack
from tests.pipeline.corpus.newsroom import article, extracted, write_partitions

from quotetrack.core.domain import Article, Failure
from quotetrack.core.normalize import sha256
from quotetrack.core.settings import Settings
from quotetrack.export.corpus_tables import ExtractedArticle, Table, read_extracted, read_rows, read_vectors
from quotetrack.ingest.outlets import load_outlets
from quotetrack.ingest.reader import read_path
from quotetrack.pipeline.corpus import extract
from quotetrack.pipeline.corpus.extract import done_partitions, path_of, read_records, write_record
from quotetrack.pipeline.corpus.places import NoCorpus, Prefix, partitions_of
from quotetrack.pipeline.executors.budget import Budget
from quotetrack.pipeline.steps.extract import ArticleToRead, Statements, extract_article


def read_back(prefix: Prefix) -> list[ExtractedArticle]:
    """Return the articles of all partitions that are done."""
    found: list[ExtractedArticle] = []
    for record in done_partitions(prefix):
        name = record.partition.name
        with (
            prefix.opened(path_of(Table.ARTICLES, name)) as articles,
            prefix.opened(path_of(Table.QUOTATIONS, name)) as quotations,
            prefix.opened(path_of(Table.STATEMENTS, name)) as statements,
        ):
            found += read_extracted(articles, quotations, statements)
    return found


def test_the_tables_hold_what_extraction_gives(tmp_path: Path) -> None:
    sources, prefix = write_partitions(tmp_path / "news", [3, 2]), Prefix(str(tmp_path / "corpus"))
    result = extracted(sources, prefix.url, vectors=True, reported=True)
    assert not result.failed and [record.rows["articles"] for record in result.records] == [3, 2]
    read = read_path(sources, outlets=load_outlets(None))
    expected = [replace(each, evidence=None) for each in read if isinstance(each, Article)]
    found = {each.article.url: each for each in read_back(prefix)}
    assert sorted(found) == sorted(each.url for each in expected)
    texts: set[str] = set()
    for each in expected:
        wanted = extract_article(Settings().spacy_model, ArticleToRead(each, with_reported=True))
        assert isinstance(wanted, Statements) and wanted.reported and wanted.quotations
        assert found[each.url] == ExtractedArticle(each, wanted.quotations, wanted.reported)
        texts |= {said.words for said in (*wanted.quotations, *wanted.reported)}
    keys: dict[str, float] = {}
    for record in result.records:
        with prefix.opened(path_of(Table.VECTORS, record.partition.name)) as stream:
            for model, vectors in read_vectors(stream):
                assert model.startswith(Settings().embedding_model)
                keys |= {key: float(vector @ vector) for key, vector in vectors.items()}
    assert {sha256(text) for text in texts} < keys.keys()  # and those of the passages
    assert all(length == pytest.approx(1, abs=0.01) for length in keys.values())


@pytest.fixture(scope="module")
def two(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with two partitions, and the corpus that was made of them."""
    folder = tmp_path_factory.mktemp("two")
    extracted(write_partitions(folder / "news", [2, 1]), folder / "corpus")
    return folder


def test_a_second_run_does_what_is_missing(two: Path) -> None:
    prefix = Prefix(str(two / "corpus"))
    assert extracted(two / "news", prefix.url).done_before == 2
    first, second = read_records(prefix)
    before = Path(prefix.url, path_of(Table.QUOTATIONS, first.partition.name)).read_bytes()
    write_record(prefix, replace(first, making=replace(first.making, extractor="reader-0")))
    write_record(prefix, replace(second, reason="the worker process crashed"))
    again = extracted(two / "news", prefix.url)
    assert again.done_before == 0 and list(again.records) == [first, second]
    assert Path(prefix.url, path_of(Table.QUOTATIONS, first.partition.name)).read_bytes() == before
    assert not prefix.exists("_unfinished")


def test_a_file_that_cannot_be_read_ends_no_run_and_is_tried_again(tmp_path: Path) -> None:
    sources, prefix = write_partitions(tmp_path / "news", [1]), Prefix(str(tmp_path / "corpus"))
    broken, whole = sources / "part-2.jsonl.gz", gzip.compress(json.dumps(article(7)).encode())
    broken.write_bytes(whole[:-9])
    (failed,) = extracted(sources, prefix.url).failed
    assert failed.partition.source == str(broken) and "cut short" in (failed.reason or "")
    assert len(done_partitions(prefix)) == 1
    broken.write_bytes(whole)
    mended = extracted(sources, prefix.url)
    assert mended.done_before == 1 and not mended.failed


def test_articles_that_cannot_be_read_are_counted_and_named(tmp_path: Path) -> None:
    good = json.dumps(article(1))
    naive = json.dumps(article(2) | {"fetched": "2031-03-04T10:00:00"})
    (tmp_path / "news.jsonl").write_text(f"{good}\n{{nonsense\n{naive}\n", "utf-8")
    (record,) = extracted(tmp_path / "news.jsonl", tmp_path / "corpus").records
    assert (record.rows["articles"], record.failed, record.reason) == (1, 2, None)
    (_, broken), (_, without_zone) = record.failures
    assert "not valid JSON" in broken and "in which time zone" in without_zone


def test_a_corpus_on_another_file_system_is_the_same(two: Path) -> None:
    memory = fsspec.filesystem("memory")
    memory.pipe({"/news/part-0.jsonl": (two / "news" / "part-0.jsonl").read_bytes(), "/news/.hidden": b"x"})
    try:
        (record,) = extracted("memory://news/*.jsonl", "memory://corpus").records
        with Prefix("memory://corpus").opened(path_of(Table.QUOTATIONS, record.partition.name)) as stream:
            there = list(read_rows(stream))
        (here, _) = read_records(Prefix(str(two / "corpus")))
        with Prefix(str(two / "corpus")).opened(path_of(Table.QUOTATIONS, here.partition.name)) as stream:
            assert list(read_rows(stream)) == there
        assert record.partition.source == "memory:///news/part-0.jsonl"
    finally:
        memory.rm("/news", recursive=True)
        memory.rm("/corpus", recursive=True)


def test_rows_do_not_depend_on_the_size_of_a_batch(two: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(extract, "ARTICLES_AT_ONCE", 1)
    extracted(two / "news", tmp_path)
    for record in read_records(Prefix(str(tmp_path))):
        for table in (Table.ARTICLES, Table.QUOTATIONS):
            path = path_of(table, record.partition.name)
            with Prefix(str(tmp_path)).opened(path) as one, Prefix(str(two / "corpus")).opened(path) as many:
                assert list(read_rows(one)) == list(read_rows(many))


def test_a_file_appears_whole_or_not_at_all(tmp_path: Path) -> None:
    prefix = Prefix(str(tmp_path / "corpus"))

    def write(fails: bool) -> None:
        with prefix.written("a/one", "b/two") as (one, two):
            one.write(b"1")
            two.write(b"2")
            if fails:
                raise OSError("the disk is full")

    with pytest.raises(OSError, match="full"):
        write(fails=True)
    assert not prefix.exists("a") and not list((tmp_path / "corpus").rglob("*.*"))
    write(fails=False)
    assert (prefix.names("a", ""), prefix.names("b", "")) == (["one"], ["two"])


def test_two_files_of_one_name_are_two_partitions(tmp_path: Path) -> None:
    for folder in ("north", "south"):
        write_partitions(tmp_path / folder, [1])
    partitions = partitions_of([str(tmp_path / "*th"), str(tmp_path / "north")], Prefix(str(tmp_path / "corpus")))
    assert len({partition.name for partition in partitions}) == len(partitions) == 2


def test_sources_without_a_file_are_refused(tmp_path: Path) -> None:
    for source in (tmp_path / "nowhere", tmp_path / "*.warc", tmp_path):
        with pytest.raises(NoCorpus):
            partitions_of([str(source)], Prefix(str(tmp_path)))
    with pytest.raises(NoCorpus):
        done_partitions(Prefix(str(tmp_path)))


def test_another_version_of_a_worker_is_refused(two: Path) -> None:
    (first, _) = read_records(Prefix(str(two / "corpus")))
    other = replace(first.making, extractor="reader-0")
    with pytest.raises(extract.OtherVersion):
        extract.extract_partition(Prefix(str(two)), other, load_outlets(None), Budget(), first.partition)


def test_a_source_of_the_same_size_that_was_changed_later_is_read_again(tmp_path: Path) -> None:
    file, prefix = write_partitions(tmp_path / "news", [1]) / "part-0.jsonl", Prefix(str(tmp_path / "corpus"))
    extracted(file, prefix.url)
    status = file.stat()
    file.write_text(file.read_text("utf-8").replace("noon", "nine"), "utf-8")
    os.utime(file, ns=(status.st_atime_ns, status.st_mtime_ns + 1_000_000_000))
    assert file.stat().st_size == status.st_size and extracted(file, prefix.url).done_before == 0
    (article_of_it,) = read_articles(prefix)
    assert "High water is at nine." in article_of_it["text"]


def read_articles(prefix: Prefix) -> list[dict[str, str]]:
    """Return the rows of the articles of a corpus."""
    rows: list[dict[str, str]] = []
    for record in done_partitions(prefix):
        with prefix.opened(path_of(Table.ARTICLES, record.partition.name)) as stream:
            rows += read_rows(stream)
    return rows


def test_tables_of_an_earlier_making_are_removed(tmp_path: Path) -> None:
    sources, prefix = write_partitions(tmp_path / "news", [1]), Prefix(str(tmp_path / "corpus"))
    extracted(sources, prefix.url, reported=True)
    assert len(prefix.names("statements", ".parquet")) == 1
    extracted(sources, prefix.url)
    assert prefix.names("statements", ".parquet") == [] and len(prefix.names("quotations", ".parquet")) == 1


def test_a_partition_that_is_killed_while_its_tables_change_is_made_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sources, prefix = write_partitions(tmp_path / "news", [1]), Prefix(str(tmp_path / "corpus"))
    extracted(sources, prefix.url)
    with monkeypatch.context() as patch:
        patch.setattr(extract, "_hash_of", interrupted)  # after the tables have their names, before the record has
        with pytest.raises(KeyboardInterrupt):
            extracted(sources, prefix.url, published=date(2031, 5, 1))
    assert extracted(sources, prefix.url).done_before == 0  # the options of the first run, whose tables are gone


def interrupted(*_: object) -> str:
    raise KeyboardInterrupt


def test_articles_that_fail_are_named_and_end_with_exit_code_3(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "news.jsonl").write_text(f"{json.dumps(article(1))}\n{json.dumps(article(2))}\n{{nonsense\n", "utf-8")
    real = extract.extract_article

    def fails_once(model: str, wanted: ArticleToRead, budget: Budget) -> object:
        return Failure("", "took too long") if wanted.article.url.endswith("/1") else real(model, wanted, budget)

    monkeypatch.setattr(extract, "extract_article", fails_once)
    for _ in range(2):  # the second run finds the partition done, and still tells
        result = quotetrack(
            "corpus", "extract", tmp_path / "news.jsonl", "--to", tmp_path / "corpus", "--no-vectors", "--json"
        )
        assert result.exit_code == 3
        assert "/news/1: took too long" in result.stderr and "not valid JSON" in result.stderr
        found = json.loads(result.stdout)
        assert (found["failed"], found["unread"], found["not_extracted"]) == (0, 1, 1) and len(found["failures"]) == 2


def test_the_corpus_in_a_folder_of_sources_is_no_source(tmp_path: Path) -> None:
    sources = write_partitions(tmp_path / "news", [1])
    extracted(sources, sources / "corpus")
    assert extracted(sources, sources / "corpus").done_before == 1
    inner = partitions_of([str(sources)], Prefix(str(sources / "corpus")))
    assert "part-0.jsonl" in inner[0].source and not any("/corpus/" in each.source for each in inner)
    with pytest.raises(NoCorpus, match="only files of the corpus"):
        partitions_of([str(sources / "corpus" / "articles")], Prefix(str(sources / "corpus")))


def test_damaged_files_and_unknown_urls_are_errors_of_one_line(tmp_path: Path) -> None:
    sources, prefix = write_partitions(tmp_path / "news", [1]), tmp_path / "corpus"
    (record,) = extracted(sources, prefix).records
    for arguments in (
        ("extract", "foo://x", "--to", prefix),
        ("extract", sources, "--to", "foo://x"),
        ("link", "foo://x"),
    ):
        refused = quotetrack("corpus", *arguments)
        assert refused.exit_code == 1 and "foo://x" in refused.stderr
    table = prefix / path_of(Table.QUOTATIONS, record.partition.name)
    whole = table.read_bytes()
    table.write_bytes(whole[: len(whole) // 2])
    for command in (("link", prefix), ("load", prefix, "--database", tmp_path / "news.db")):
        broken = quotetrack("corpus", *command)
        assert broken.exit_code == 1 and str(table) in broken.stderr and "corpus extract" in broken.stderr
    place = prefix / "partitions" / f"{record.partition.name}.json"
    place.write_bytes(b"")
    unreadable = quotetrack("corpus", "link", prefix)
    assert unreadable.exit_code == 1 and str(place) in unreadable.stderr and "Remove it" in unreadable.stderr
    assert extracted(sources, prefix).done_before == 0 and table.read_bytes() == whole
