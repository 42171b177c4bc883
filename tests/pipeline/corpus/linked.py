"""Which quotations a corpus and a store take for the same words: sets of (URL, first character)."""

from __future__ import annotations

from collections import defaultdict
from typing import TypeAlias

from quotetrack.export.corpus_tables import Table, read_rows
from quotetrack.pipeline.corpus.extract import path_of
from quotetrack.pipeline.corpus.places import Prefix
from quotetrack.store import Sessions, close_store, open_store, url_of
from quotetrack.store.utterances import iter_utterances

Groups: TypeAlias = set[frozenset[tuple[str, int]]]


def groups_of_corpus(prefix: Prefix) -> Groups:
    """Return the utterances of a linked corpus."""
    places: dict[tuple[str, int], tuple[str, int]] = {}
    for name in prefix.names("partitions", ".json"):
        with prefix.opened(path_of(Table.ARTICLES, name)) as stream:
            urls = {row["article"]: row["url"] for row in read_rows(stream)}
        with prefix.opened(path_of(Table.QUOTATIONS, name)) as stream:
            places |= {(name, row["number"]): (urls[row["article"]], row["start"]) for row in read_rows(stream)}
    groups: dict[int, set[tuple[str, int]]] = defaultdict(set)
    for name in prefix.names("utterances", ".parquet"):
        with prefix.opened("utterances", f"{name}.parquet") as stream:
            for row in read_rows(stream):
                groups[row["utterance"]].add(places[row["partition"], row["number"]])
    return {frozenset(group) for group in groups.values()}


def groups_of_store(database: str) -> Groups:
    """Return the utterances of a database."""
    sessions = open_store(url_of(database), read_only=True)
    try:
        return groups_of_sessions(sessions)
    finally:
        close_store(sessions)


def groups_of_sessions(sessions: Sessions) -> Groups:
    """Return the utterances of an open store."""
    with sessions() as session:
        return {
            frozenset((sighting.url or "", sighting.parts[0].start) for sighting in utterance.sightings)
            for utterance in iter_utterances(session)
        }
