"""Invented partitions of a corpus, and extraction of them in this process."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date
from pathlib import Path

from quotetrack.core.settings import Settings
from quotetrack.ingest.outlets import load_outlets
from quotetrack.pipeline.corpus.extract import Extracted, Making, extract_corpus
from quotetrack.pipeline.corpus.places import Prefix, partitions_of
from quotetrack.pipeline.executors.engine import Engine, local_engine

WORDS = (
    "The ferry will sail again before the winter, and nobody will pay more for it.",
    "We have waited nine years for this bridge, and we shall not wait for another one.",
    "Every crane in the harbour was inspected in March, and two of them were closed.",
)
SPEAKERS = ("Orla Venn", "Tadeo Brisk", "Mirela Quill")


def article(number: int, outlet: str = "harbourpost") -> dict[str, str]:
    """Return an invented article; articles whose numbers differ by three quote the same words of one speaker."""
    speaker, words = SPEAKERS[number % 3], WORDS[number % 3]
    text = (
        f"The council met on Monday, for the {number}th time.\n\n“{words}” said {speaker}, the harbour master. "
        f"{speaker} said that the money would be found by May.\n\nHigh water is at noon."
    )
    return {
        "id": f"{outlet}-{number}",
        "url": f"https://{outlet}.example/news/{number}",
        "outlet": outlet,
        "title": f"Council, day {number}",
        "published": f"2031-03-{1 + number % 20:02}",
        "text": text,
    }


def write_partitions(folder: Path, sizes: Sequence[int]) -> Path:
    """Write one JSONL file for each number of articles, and return the folder."""
    folder.mkdir(exist_ok=True)
    number = 0
    for place, size in enumerate(sizes):
        lines = [json.dumps(article(number + each, ("harbourpost", "islandecho")[place % 2])) for each in range(size)]
        (folder / f"part-{place}.jsonl").write_text("\n".join(lines) + "\n", "utf-8")
        number += size
    return folder


def extracted(
    sources: Path | str,
    prefix: Path | str,
    engine: Engine | None = None,
    *,
    vectors: bool = False,
    reported: bool = False,
    published: date | None = None,
) -> Extracted:
    """Extract a corpus, in this process unless an engine is given."""
    settings = Settings(reported=reported)
    making = Making.of(settings, with_vectors=vectors, published=published)
    partitions = partitions_of([str(sources)], Prefix(str(prefix)))
    with local_engine(1) as local:
        return extract_corpus(
            partitions,
            Prefix(str(prefix)),
            engine or local,
            making=making,
            settings=settings,
            outlets=load_outlets(None),
        )
