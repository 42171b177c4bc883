"""What linking a corpus in bulk costs and sends, and what a slogan that everybody repeats adds. Run by `make bench`.

The figures are those of docs/scaling.md. With QUOTETRACK_BENCH_FULL=1 also a million sightings.
"""

from __future__ import annotations

import os
import resource
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import islice, pairwise
from pathlib import Path

import pytest
from tests.bench.sightings import sightings
from tests.pipeline.corpus.linked import groups_of_corpus
from tests.pipeline.corpus.test_link import link_here, write_corpus
from tests.store.newsroom import quoted

from quotetrack.core.domain import Article, Sighting
from quotetrack.export.corpus_tables import ExtractedArticle
from quotetrack.linking.bulk import limited_postings
from quotetrack.linking.clusters import link_sightings
from quotetrack.linking.compare import POSTINGS
from quotetrack.linking.wordings import Wording, read_wording
from quotetrack.pipeline.corpus.link import link_corpus
from quotetrack.pipeline.corpus.places import LINKING, Prefix
from quotetrack.pipeline.executors.engine import local_engine

SIZES = [10_000, 100_000, *([1_000_000] if os.environ.get("QUOTETRACK_BENCH_FULL") else [])]
A_PARTITION = 10_000
PARTITIONS = 4
# Of the cost of a sighting, to a corpus ten times as large; 2.4 was measured, with 3.5 times as many pairs to
# compare: more wordings share an n-gram, until it has too many.
MOST_GROWTH = 3.0
SLOGAN = "we will build it and they will pay for it"
SLOGANS = 0.02  # share of the sightings that are a wording of the slogan, each another one

pytestmark = pytest.mark.bench


def test_a_sighting_costs_at_most_three_times_as_much_in_a_corpus_ten_times_as_large(tmp_path: Path) -> None:
    print(f"\n{'sightings':>10}{'CPU s':>9}{'ms each':>9}{'peak MB':>9}  bytes sent a sighting, by stage")
    each = [_milliseconds_each(Prefix(str(tmp_path / str(size))), size) for size in SIZES]
    assert all(larger <= MOST_GROWTH * smaller for smaller, larger in pairwise(each))


def _milliseconds_each(prefix: Prefix, size: int) -> float:
    """Link a corpus of this size, print what it cost, and return the milliseconds of computing for a sighting."""
    records = write_corpus(prefix, list(partitions(islice(sightings(), size))))
    sent: dict[str, float] = {}
    began = time.process_time()
    with local_engine(1) as engine:
        link_corpus(prefix, records, engine, on_event=lambda _event, _fields: sent.update(_sent(prefix, size)))
    seconds = time.process_time() - began
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    by_stage = ", ".join(f"{kind} {number:.0f}" for kind, number in sent.items())
    print(f"{size:10}{seconds:9.1f}{1_000 * seconds / size:9.2f}{peak:9.0f}  {by_stage}")
    return 1_000 * seconds / size


def test_a_partition_sends_few_postings_of_what_everybody_says(tmp_path: Path) -> None:
    print(f"\n{'partitions':>10}{'postings':>11}{'sent':>11}{'of one n-gram':>15}{'sent':>7}")
    seen: Counter[int] = Counter()
    sent: Counter[int] = Counter()
    for number, wordings in enumerate(islice(with_slogan(sightings()), PARTITIONS), start=1):
        seen.update(gram for wording in wordings for gram in wording.grams)
        sent.update(limited_postings(wordings)[:, 0].tolist())
        print(f"{number:10}{seen.total():11}{sent.total():11}{max(seen.values()):15}{max(sent.values()):7}")
    assert max(sent.values()) == PARTITIONS * (POSTINGS + 1) < max(seen.values()) / 2


def test_the_groups_are_those_of_linking_all_at_once(tmp_path: Path) -> None:
    some = [replace(s, speaker=None) for s in islice(sightings(), SIZES[0])]  # names are joined in a corpus
    prefix = Prefix(str(tmp_path))
    link_here(prefix, write_corpus(prefix, list(partitions(iter(some)))))
    urls = {s.id: f"https://{s.outlet}.example/{s.id}" for s in some}
    expected = {frozenset(urls[s.id] for s in utterance.sightings) for utterance in link_sightings(some)}
    assert {frozenset(url for url, _ in group) for group in groups_of_corpus(prefix)} == expected


def partitions(every: Iterator[Sighting]) -> Iterator[Sequence[ExtractedArticle]]:
    """Yield the sightings as partitions of articles with one quotation each."""
    while some := list(islice(every, A_PARTITION)):
        yield [_extracted(sighting) for sighting in some]


def _extracted(sighting: Sighting) -> ExtractedArticle:
    text = f"“{sighting.words}”"
    outlet = sighting.outlet or ""
    article = Article(f"https://{outlet}.example/{sighting.id}", outlet, text, published_at=sighting.published_on)
    return ExtractedArticle(article, [quoted(text, sighting.words, speaker=sighting.speaker)])


def with_slogan(every: Iterator[Sighting]) -> Iterator[list[Wording]]:
    """Yield the wordings of partitions, in which some are the slogan with other words behind it."""
    while some := list(islice(every, A_PARTITION)):
        words = [
            f"{SLOGAN} {s.words}" if number % round(1 / SLOGANS) == 0 else s.words for number, s in enumerate(some)
        ]
        yield list({wording.id: wording for wording in map(read_wording, words)}.values())


def _sent(prefix: Prefix, sightings: int) -> Mapping[str, float]:
    """Return the bytes that each stage has sent, for each sighting."""
    folders = [folder for folder in Path(prefix.url, LINKING).iterdir() if folder.is_dir() and folder.name != "done"]
    return {f.name: sum(file.stat().st_size for file in f.rglob("*.*")) / sightings for f in sorted(folders)}
