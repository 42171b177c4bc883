"""Linking a corpus in bulk gives the groups that the store gives, in any number of partitions and buckets."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.pipeline.corpus.linked import groups_of_corpus, groups_of_sessions
from tests.store.newsroom import NOW, quoted

from quotetrack.core.domain import UNKNOWN_DAY, Article, DateBasis, SaidOn
from quotetrack.core.settings import Settings
from quotetrack.export.corpus_tables import COLUMNS, ExtractedArticle, Table, TableWriter, article_row, quotation_row
from quotetrack.linking import bulk, compare
from quotetrack.pipeline.corpus import link as corpus_link
from quotetrack.pipeline.corpus.extract import Making, Record, done_partitions, path_of, write_record
from quotetrack.pipeline.corpus.link import Linked, LinkingIncomplete, link_corpus
from quotetrack.pipeline.corpus.places import Partition, Prefix
from quotetrack.pipeline.executors.engine import Lost, local_engine
from quotetrack.pipeline.steps import link, resolve_speakers
from quotetrack.store import Sessions, close_store, open_store
from quotetrack.store.articles import put_article
from quotetrack.store.quotations import put_quotations
from quotetrack.store.runs import start_run

WHOLE = "We will not close the harbour at Vessel Point before the last trawler is home, whatever the ministry writes."


@dataclass(frozen=True)
class Printed:
    """The words, speaker and days of a quotation that one outlet prints on one day of May 2031."""

    words: str
    speaker: str | None = "Ilse Brandvold"
    day: int = 4
    said: SaidOn = UNKNOWN_DAY


def stated(first: int | None, last: int | None) -> SaidOn:
    return SaidOn(first and date(2031, 5, first), last and date(2031, 5, last), DateBasis.STATED_HERE)


PIECES = [
    "we will not",
    "close the harbour",
    "at Vessel Point",
    "before the last trawler is home",
    "[…]",
    "never",
    "so",
]
printed = st.builds(
    Printed,
    words=st.lists(st.sampled_from(PIECES), min_size=1, max_size=4).map(" ".join).filter(lambda words: words != "[…]"),
    speaker=st.sampled_from([None, "Ilse Brandvold", "Ilse Brandvolt", "I. Brandvold", "Odd Marek", "the captain"]),
    day=st.integers(1, 20),
    said=st.sampled_from([UNKNOWN_DAY, stated(3, 3), stated(4, 5), stated(None, 4), stated(5, None)]),
)


def extracted(number: int, one: Printed) -> ExtractedArticle:
    """Return an invented article that prints these words."""
    text = f"On the quay they heard it. “{one.words}” So it went."
    day = date(2031, 5, 1) + timedelta(one.day - 1)
    article = Article(f"https://a.example/{number}", "a", text, published_at=day)
    return ExtractedArticle(article, [quoted(text, one.words, speaker=one.speaker, said=one.said)])


def write_corpus(prefix: Prefix, partitions: Sequence[Sequence[ExtractedArticle]]) -> list[Record]:
    """Write the tables of partitions as extraction does, without vectors, and return their records."""
    for place, articles in enumerate(partitions):
        name = f"part-{place:02}"
        with prefix.written(path_of(Table.ARTICLES, name), path_of(Table.QUOTATIONS, name)) as (stream, other_stream):
            writer = TableWriter(stream, COLUMNS[Table.ARTICLES])
            writer.write([article_row(number, each) for number, each in enumerate(articles)])
            writer.close()
            quotations = [(number, said) for number, each in enumerate(articles) for said in each.quotations]
            writer = TableWriter(other_stream, COLUMNS[Table.QUOTATIONS])
            writer.write([quotation_row(of, number, said, "") for number, (of, said) in enumerate(quotations)])
            writer.close()
        rows = {Table.ARTICLES.value: len(articles), Table.QUOTATIONS.value: len(quotations)}
        write_record(prefix, Record(Partition(name, name, 0), Making.of(Settings()), rows))
    return done_partitions(prefix)


@contextmanager
def linked_store(articles: Sequence[ExtractedArticle]) -> Iterator[Sessions]:
    """Open a store in memory that holds these articles, with speakers and utterances."""
    sessions = open_store("sqlite://")
    for each in articles:
        with sessions.begin() as session:
            run_id = start_run(session, "ingest", "0.1.0", NOW)
            taken = put_article(session, each.article, run_id, NOW)
            assert taken.version_id is not None
            put_quotations(session, taken.version_id, each.quotations, "by hand", run_id)
    resolve_speakers.run(sessions)
    link.run(sessions)
    yield sessions
    close_store(sessions)


def link_here(prefix: Prefix, records: Sequence[Record]) -> Linked:
    with local_engine(1) as engine:
        return link_corpus(prefix, records, engine)


@pytest.mark.slow
@settings(max_examples=25, deadline=None)
@given(
    st.lists(st.lists(printed, min_size=1, max_size=6), min_size=1, max_size=4), st.integers(1, 4), st.integers(1, 9)
)
def test_linking_in_bulk_is_linking_in_the_store(nights: list[list[Printed]], most: int, bucket: int) -> None:
    articles = [[extracted(100 * place + n, each) for n, each in enumerate(some)] for place, some in enumerate(nights)]
    with pytest.MonkeyPatch.context() as patch, TemporaryDirectory() as folder:
        for module in (compare, link, bulk):
            patch.setattr(module, "POSTINGS", most)  # so that a few wordings are too many
        patch.setattr(corpus_link, "QUOTATIONS_A_BUCKET", bucket)
        prefix = Prefix(folder)
        linked = link_here(prefix, write_corpus(prefix, articles))
        with linked_store([each for some in articles for each in some]) as sessions:
            expected = groups_of_sessions(sessions)
        assert groups_of_corpus(prefix) == expected
        assert linked.utterances == len(expected) and linked.sightings == sum(map(len, articles))


@pytest.fixture
def corpus(tmp_path: Path) -> tuple[Prefix, list[Record]]:
    """A corpus of three partitions whose six quotations are two utterances."""
    prefix = Prefix(str(tmp_path / "corpus"))
    cut = WHOLE[WHOLE.index("before") : -1]
    other = Printed("The ferry has sailed every winter since my mother was a girl.", "Odd Marek")
    printings = [[Printed(WHOLE), other], [Printed(cut, "Brandvold"), other], [Printed(WHOLE, None, 5), other]]
    articles = [[extracted(10 * place + n, p) for n, p in enumerate(some)] for place, some in enumerate(printings)]
    return prefix, write_corpus(prefix, articles)


def test_the_utterances_name_their_quotations(corpus: tuple[Prefix, list[Record]]) -> None:
    prefix, records = corpus
    linked = link_here(prefix, records)
    assert (linked.sightings, linked.speakers, linked.utterances) == (6, 3, 2)  # a surname alone joins nobody
    assert sorted(map(len, groups_of_corpus(prefix))) == [3, 3]
    assert not prefix.exists("link") and prefix.names("links", ".parquet") == ["00000"]


def test_a_run_that_was_stopped_continues_and_a_finished_one_does_nothing(
    corpus: tuple[Prefix, list[Record]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(corpus_link, "QUOTATIONS_A_BUCKET", 3)
    prefix, records = corpus
    done: list[str] = []

    def engine(work: Callable[[str], Any], tasks: Sequence[str]) -> Iterator[tuple[str, Any]]:
        for task in tasks:
            if len(done) == 14:
                yield task, Lost("the worker process crashed")
            done.append(task)
            yield task, work(task)

    with pytest.raises(LinkingIncomplete, match="the worker process crashed"):
        link_corpus(prefix, records, engine)
    number = len(done)
    assert number == 14
    done.append("from now on")
    linked = link_corpus(prefix, records, engine)
    again = len(done)
    assert link_corpus(prefix, records, engine) == linked and len(done) == again
    assert again - number < 9 + 3 * 6  # of three stages over partitions and six over buckets
    assert sorted(map(len, groups_of_corpus(prefix))) == [3, 3]
    assert link_corpus(prefix, records[:2], engine).sightings == 4  # other partitions are another plan
    assert sum(map(len, groups_of_corpus(prefix))) == 4


@pytest.mark.parametrize(
    ("versions", "current"),
    [
        ([(7, corpus_link.NOW), (7, corpus_link.NOW)], 0),  # a copy: the first
        ([(7, corpus_link.NOW), (8, corpus_link.NOW)], 1),  # an edition: the last
        ([(7, 20), (8, 10)], 0),  # read in another order than fetched
        ([(7, 10), (8, 20), (7, 30)], 0),  # the outlet went back
        ([(7, 10), (8, 20), (7, corpus_link.NOW)], 1),  # nothing says when the first text was seen again
    ],
)
def test_the_version_that_counts_is_that_of_the_store(versions: list[tuple[int, int]], current: int) -> None:
    assert corpus_link._current(versions) == current


def test_pairs_are_of_rare_n_grams_only(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bulk, "POSTINGS", 2)
    postings = np.array([(1, 5), (1, 4), (1, 5), (2, 4), (2, 5), (2, 6), (3, 9), (4, 6), (4, 4)])
    assert bulk.candidate_pairs(postings).tolist() == [[4, 5], [4, 6]]
    assert bulk.candidate_pairs(np.empty((0, 2), dtype=np.int64)).tolist() == []


@given(st.lists(st.tuples(st.integers(0, 30), st.integers(0, 30)), max_size=40))
def test_components_are_those_of_walking_along_the_links(links: list[tuple[int, int]]) -> None:
    reached = {end: {end} for link in links for end in link}
    for _ in reached:
        for left, right in links:
            joined = reached[left] | reached[right]
            reached |= dict.fromkeys(joined, joined)
    left, right = np.array(links, dtype=np.int64).reshape(-1, 2).T
    ids, labels = bulk.components(left, right)
    assert dict(zip(ids.tolist(), labels.tolist(), strict=True)) == {end: min(group) for end, group in reached.items()}


def test_a_corpus_without_quotations_has_no_utterances(tmp_path: Path) -> None:
    prefix = Prefix(str(tmp_path))
    records = write_corpus(prefix, [[ExtractedArticle(Article("https://a.example/1", "a", "Nobody spoke."))], []])
    assert link_here(prefix, records) == Linked(0, 0, 0, 0)
    assert groups_of_corpus(prefix) == set()


def test_tables_made_with_other_options_are_linked_anew(corpus: tuple[Prefix, list[Record]]) -> None:
    prefix, records = corpus
    link_here(prefix, records)
    before = prefix.read_json("linked.json")["plan"]
    other_day = replace(records[0], making=replace(records[0].making, published="2031-05-01"))
    other_tables = replace(records[0], tables_sha256="0" * 64)
    for changed in (other_day, other_tables):
        link_here(prefix, [changed, *records[1:]])
        after = prefix.read_json("linked.json")["plan"]
        assert after != before
        before = after


def test_a_table_that_the_record_does_not_name_is_not_read(corpus: tuple[Prefix, list[Record]]) -> None:
    prefix, records = corpus
    with prefix.written(path_of(Table.STATEMENTS, records[0].partition.name)) as (stream,):
        stream.write(b"of an earlier making")
    assert link_here(prefix, records).speakers == 3
