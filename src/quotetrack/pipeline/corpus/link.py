"""Link an extracted corpus in bulk: which quotations are the same words, said once, over all partitions.

The result is that of `linking.clusters.link_sightings` over all sightings at once. It is computed as a chain of stages,
each a set of tasks that an engine runs. A task reads files of the stage before and writes one file for each bucket of
the stage after: a shuffle. All sightings of one wording meet in one bucket, and all wordings of one word n-gram.

    articles    partition -> its addresses                       then here: which versions of articles count
    names       partition -> counts of printed names             then here: the speaker of each name
    sightings   partition -> sightings by wording, and postings by n-gram
    pairs       n-gram    -> pairs of wordings that share a rare n-gram
    words       wording   -> sent to the other wording of each pair
    candidates  wording   -> pairs whose words may be linked, with the sightings of the one
    links       wording   -> links                               then here: connected components
    members     wording   -> sightings by component
    utterances  component -> clusters

A task that is done is recorded, and a run that is stopped continues with the others. A task that fails ends the run:
links would be missing.
"""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from functools import partial
from hashlib import blake2b
from itertools import count
from typing import Any, TypeAlias

import numpy as np

from quotetrack.core.domain import Link, Sighting
from quotetrack.core.errors import QuotetrackError, require_pyarrow
from quotetrack.core.urls import article_key
from quotetrack.core.versions import LINKER
from quotetrack.export.corpus_tables import Column, Table, read_rows, said_of
from quotetrack.export.link_tables import (
    LINKS,
    SENT_LINKS,
    SENT_SIGHTINGS,
    SENT_WORDS,
    SPEAKERS,
    UTTERANCES,
    link_row,
    read_links,
    read_sightings,
    sighting_row,
    write_rows,
)
from quotetrack.linking.bulk import Ids, candidate_pairs, components, limited_postings
from quotetrack.linking.clusters import cluster_sightings
from quotetrack.linking.compare import copies_by_wording, link_one_wording, link_two_wordings, may_be_linked
from quotetrack.linking.speaker_names import name_speakers
from quotetrack.linking.wordings import read_wording
from quotetrack.pipeline.corpus.extract import Record, path_of, read_record
from quotetrack.pipeline.corpus.places import LINKED, LINKING, UNFINISHED, Prefix
from quotetrack.pipeline.executors.engine import Engine, Lost
from quotetrack.pipeline.nightly import OnEvent, ignore_event
from quotetrack.pipeline.progress import OnProgress, ignore_progress
from quotetrack.store.articles import NO_URL

PLAN = f"{LINKING}/plan.json"
QUOTATIONS_A_BUCKET = 50_000  # some 150 MB as objects of Python
NUMBER_BITS = 32  # of a sighting's id: its number in the partition; the others are the place of the partition


class LinkingIncomplete(QuotetrackError):
    """A task of a stage failed, so that links would be missing. What is done stays."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What is linked, by which linker, and in how many buckets: what a stage did for another plan does not count."""

    linker: str
    buckets: int
    partitions: Sequence[str]
    made_of: Sequence[str]

    @classmethod
    def of(cls, records: Sequence[Record]) -> Plan:
        """Return the plan for these partitions."""
        quotations = sum(record.rows[Table.QUOTATIONS] for record in records)
        names = [record.partition.name for record in records]
        made_of = [json.dumps([asdict(each.making), each.rows, each.tables_sha256]) for each in records]
        return cls(LINKER, quotations // QUOTATIONS_A_BUCKET + 1, names, made_of)


@dataclass(frozen=True, slots=True)
class Linked:
    """The numbers of a linked corpus: its sightings, speakers, links and utterances."""

    sightings: int
    speakers: int
    links: int
    utterances: int


def link_corpus(
    prefix: Prefix,
    records: Sequence[Record],
    engine: Engine,
    *,
    on_progress: OnProgress = ignore_progress,
    on_event: OnEvent = ignore_event,
) -> Linked:
    """Link the quotations of these partitions, and write `utterances/` and `links/` to the prefix.

    Linking what is linked already does nothing. Raises LinkingIncomplete, ExtraMissing, and errors of the engine and of
    the file system; the next run continues.
    """
    require_pyarrow()
    plan = Plan.of(records)
    if prefix.exists(LINKED):
        result = prefix.read_json(LINKED)
        if result["plan"] == asdict(plan):
            return Linked(**result["linked"])
        prefix.remove(LINKED)
    _begin(prefix, plan)
    stages = _Stages(prefix, plan, engine, on_progress, on_event)
    buckets = [str(bucket) for bucket in range(plan.buckets)]
    stages.run("articles", _send_addresses, plan.partitions)
    stages.once("versions", lambda: _choose_versions(prefix, plan))
    stages.run("names", _send_names, plan.partitions)
    stages.once("speakers", lambda: _name_speakers(prefix, plan))
    stages.run("sightings", _send_sightings, plan.partitions)
    stages.run("pairs", _send_pairs, buckets)
    stages.run("words", _send_words, buckets)
    stages.run("candidates", _send_candidates, buckets)
    stages.run("links", _send_links, buckets)
    stages.once("components", lambda: _find_components(prefix, plan))
    stages.run("members", _send_members, buckets)
    stages.run("utterances", _write_utterances, buckets)
    linked = _count(prefix, buckets)
    prefix.write_json(LINKED, {"plan": asdict(plan), "linked": asdict(linked)})
    for folder in (LINKING, UNFINISHED):
        prefix.remove(folder)
    return linked


Work: TypeAlias = Callable[[Prefix, Plan, str], None]


def _begin(prefix: Prefix, plan: Plan) -> None:
    """Keep what an earlier run did for the same plan, and remove what it did for another."""
    if prefix.exists(PLAN) and prefix.read_json(PLAN) == asdict(plan):
        return
    for folder in (LINKING, "utterances", "links"):
        prefix.remove(folder)
    prefix.write_json(PLAN, asdict(plan))


@dataclass(frozen=True, slots=True)
class _Stages:
    """Runs the tasks of each stage that are not done yet."""

    prefix: Prefix
    plan: Plan
    engine: Engine
    on_progress: OnProgress
    on_event: OnEvent

    def run(self, stage: str, work: Work, tasks: Sequence[str]) -> None:
        """Run the tasks of a stage on the engine. Raises LinkingIncomplete if a task is lost."""
        done = set(self.prefix.names(f"{LINKING}/done/{stage}", ".json"))
        waiting = [task for task in tasks if task not in done]
        number = len(tasks) - len(waiting)
        self.on_progress(stage, number, len(tasks))
        for task, result in self.engine(partial(_run_task, self.prefix, self.plan, stage, work), waiting):
            if isinstance(result, Lost):
                raise LinkingIncomplete(f"The task {task} of the stage {stage} failed: {result.reason}.")
            number += 1
            self.on_progress(stage, number, len(tasks))
        self.on_event("stage_done", {"stage": stage, "tasks": len(tasks)})

    def once(self, stage: str, work: Callable[[], None]) -> None:
        """Do work that needs the whole corpus, in this process."""
        if not self.prefix.exists(LINKING, "done", f"{stage}.json"):
            self.on_progress(stage, 0, 1)
            work()
            self.prefix.write_json(f"{LINKING}/done/{stage}.json", {})
        self.on_progress(stage, 1, 1)
        self.on_event("stage_done", {"stage": stage, "tasks": 1})


def _run_task(prefix: Prefix, plan: Plan, stage: str, work: Work, task: str) -> None:
    work(prefix, plan, task)
    prefix.write_json(f"{LINKING}/done/{stage}/{task}.json", {})


# Which versions of articles count


def _send_addresses(prefix: Prefix, plan: Plan, name: str) -> None:
    """Write for each article of a partition the hash of its address and of its content, and when it was fetched."""
    columns = ("url", "outlet", "published_at", "external_id", "version_sha256", "fetched_at")
    with prefix.opened(path_of(Table.ARTICLES, name)) as stream:
        rows = [(_address(row), _hash(row["version_sha256"]), _fetched(row)) for row in read_rows(stream, columns)]
    _write_array(prefix, f"{LINKING}/addresses/{name}.npy", np.array(rows, dtype=np.int64).reshape(-1, 3))


def _address(row: Mapping[str, Any]) -> int:
    """Return the hash of an article's address; without an address that of its content and what is known of it."""
    url: str = row["url"]
    if url.startswith(NO_URL):
        known = (row["version_sha256"], row["outlet"], row["published_at"], row["external_id"])
        return _hash("\0".join(map(str, known)))
    return _hash(article_key(url) or url)


def _hash(text: str) -> int:
    return int.from_bytes(blake2b(text.encode(), digest_size=8).digest(), "big", signed=True)


NOW = np.iinfo(np.int64).max  # when an article was fetched of which that is not known: after all others


def _fetched(row: Mapping[str, Any]) -> int:
    fetched_at: datetime | None = row["fetched_at"]
    return NOW if fetched_at is None else int(fetched_at.timestamp())


def _choose_versions(prefix: Prefix, plan: Plan) -> None:
    """Write for each partition the articles that do not count: repeated ones, and versions that are not current."""
    arrays = [_read_array(prefix, f"{LINKING}/addresses/{name}.npy") for name in plan.partitions]
    ids = np.concatenate([_ids(place, len(array)) for place, array in enumerate(arrays)])
    rows = np.concatenate(arrays)
    order = np.lexsort((ids, rows[:, 0]))
    addresses = rows[order, 0]
    is_shared = np.zeros(len(order), dtype=bool)
    is_shared[1:] = addresses[1:] == addresses[:-1]
    is_shared[:-1] |= is_shared[1:]
    out: dict[int, list[int]] = defaultdict(list)
    at_address: dict[int, list[int]] = defaultdict(list)
    for place in order[is_shared]:
        at_address[int(rows[place, 0])].append(int(place))
    for places in at_address.values():
        current = _current([(int(rows[each, 1]), int(rows[each, 2])) for each in places])
        for number, each in enumerate(places):
            if number != current:
                out[int(ids[each]) >> NUMBER_BITS].append(int(ids[each]) & (2**NUMBER_BITS - 1))
    for place, name in enumerate(plan.partitions):
        _write_array(prefix, f"{LINKING}/left_out/{name}.npy", np.array(out[place], dtype=np.int64))


def _current(versions: Sequence[tuple[int, int]]) -> int:
    """Return the place of the current version among (content, moment of fetching), by the rule of `put_article`."""
    first_of: dict[int, int] = {}
    last_seen: dict[int, int] = {}
    current = versions[0][0]
    for place, (content, seen) in enumerate(versions):
        is_new = content not in first_of
        first_of.setdefault(content, place)
        if content == current:
            last_seen[content] = max(last_seen.get(content, seen), seen)
        elif seen >= last_seen[current] if is_new else NOW > seen > last_seen[current]:
            current, last_seen[content] = content, seen
        else:
            last_seen.setdefault(content, seen)
    return first_of[current]


# Speakers


def _send_names(prefix: Prefix, plan: Plan, name: str) -> None:
    """Write the printed names of a partition, with the number of statements of each."""
    left_out = _left_out(prefix, name)
    names: Counter[str] = Counter()
    rows_of_table = read_record(prefix, name).rows
    for table in (Table.QUOTATIONS, Table.STATEMENTS):
        if table in rows_of_table:
            with prefix.opened(path_of(table, name)) as stream:
                rows = read_rows(stream, ("article", "speaker"))
                names.update(row["speaker"] for row in rows if row["speaker"] and row["article"] not in left_out)
    prefix.write_json(f"{LINKING}/names/{name}.json", names)


def _name_speakers(prefix: Prefix, plan: Plan) -> None:
    """Write the speaker of each printed name, as the store would find it, and the name under which it is shown."""
    printed: Counter[str] = Counter()
    for name in plan.partitions:
        printed.update(prefix.read_json(f"{LINKING}/names/{name}.json"))
    numbers = count(1)
    shown: dict[int, str] = {}
    speaker_of: dict[str, int] = {}
    for named in name_speakers(printed, {}, {}, lambda _: next(numbers)):
        speaker_of[named.name] = named.speaker_id
        if named.is_shown or named.speaker_id not in shown:
            shown[named.speaker_id] = named.name
    rows = ({"name": name, "speaker_id": each, "speaker": shown[each]} for name, each in speaker_of.items())
    with prefix.written(f"{LINKING}/speakers.parquet") as (stream,):
        write_rows(stream, SPEAKERS, rows)


# Sightings, postings, pairs


def _send_sightings(prefix: Prefix, plan: Plan, name: str) -> None:
    """Send the sightings of a partition to the buckets of their wordings, and their postings to those of n-grams."""
    sightings = list(_sightings(prefix, plan, name))
    wordings = {int(s.id): read_wording(s.words) for s in sightings}
    by_bucket: dict[int, list[dict[str, object]]] = defaultdict(list)
    for sighting in sightings:
        wording = wordings[int(sighting.id)].id
        by_bucket[wording % plan.buckets].append(sighting_row(sighting, wording))
    for bucket, rows in by_bucket.items():
        _send_rows(prefix, "sightings", bucket, name, SENT_SIGHTINGS, rows)
    postings = limited_postings({wording.id: wording for wording in wordings.values()}.values())
    _send_array(prefix, "postings", postings[:, 0] % plan.buckets, name, postings)


def _sightings(prefix: Prefix, plan: Plan, name: str) -> Iterator[Sighting]:
    """Yield the quotations of a partition that count, with the fields that linking reads."""
    left_out = _left_out(prefix, name)
    place = plan.partitions.index(name)
    with prefix.opened(path_of(Table.ARTICLES, name)) as stream:
        published = {row["article"]: row["published"] for row in read_rows(stream, ("article", "published"))}
    with prefix.opened(LINKING, "speakers.parquet") as stream:
        speakers = {row["name"]: (row["speaker_id"], row["speaker"]) for row in read_rows(stream)}
    columns = ("article", "number", "words", "speaker", "said_first", "said_last", "said_basis")
    with prefix.opened(path_of(Table.QUOTATIONS, name)) as stream:
        for row in read_rows(stream, columns):
            if row["article"] in left_out:
                continue
            speaker_id, speaker = speakers.get(row["speaker"], (None, None))
            yield Sighting(
                id=place << NUMBER_BITS | row["number"],
                words=row["words"],
                speaker=speaker,
                speaker_id=speaker_id,
                article=f"{place}/{row['article']}",
                published_at=published[row["article"]],
                said=said_of(row),
            )


def _send_pairs(prefix: Prefix, plan: Plan, bucket: str) -> None:
    """Send the pairs of wordings that share a rare n-gram of a bucket to the bucket of the lower wording."""
    pairs = candidate_pairs(_received(prefix, "postings", bucket))
    _send_array(prefix, "pairs", pairs[:, 0] % plan.buckets, bucket, pairs)


def _send_words(prefix: Prefix, plan: Plan, bucket: str) -> None:
    """Send the pairs of a bucket, each once, and the words of their lower wordings, to the buckets of the others."""
    pairs = np.unique(_received(prefix, "pairs", bucket), axis=0)
    words = _words(prefix, bucket)
    buckets = pairs[:, 1] % plan.buckets
    _send_array(prefix, "asked", buckets, bucket, pairs)
    for other in np.unique(buckets):
        wanted = np.unique(pairs[buckets == other, 0]).tolist()
        rows = [{"wording": wording, "words": words[wording]} for wording in wanted]
        _send_rows(prefix, "words", other, bucket, SENT_WORDS, rows)


def _words(prefix: Prefix, bucket: str) -> dict[int, str]:
    """Return the words of each wording of a bucket, as the sighting with the lowest id prints them."""
    words: dict[int, str] = {}
    for wording, sighting in sorted(_sent_sightings(prefix, "sightings", bucket), key=lambda each: int(each[1].id)):
        words.setdefault(wording, sighting.words)
    return words


def _send_candidates(prefix: Prefix, plan: Plan, bucket: str) -> None:
    """Send the pairs that may be linked by their words back, with the sightings of the higher wording."""
    sent = {row["wording"]: row["words"] for row in _received_rows(prefix, "words", bucket)}
    own = _words(prefix, bucket)
    kept = [
        (lower, higher)
        for lower, higher in _received(prefix, "asked", bucket).tolist()
        if may_be_linked(read_wording(sent[lower]), read_wording(own[higher]))
    ]
    pairs = np.array(kept, dtype=np.int64).reshape(-1, 2)
    buckets = pairs[:, 0] % plan.buckets
    _send_array(prefix, "candidates", buckets, bucket, pairs)
    rows = _rows_by_wording(_sent_sightings(prefix, "sightings", bucket), set(pairs[:, 1].tolist()))
    for other in np.unique(buckets):
        wanted = np.unique(pairs[buckets == other, 1]).tolist()
        _send_rows(
            prefix, "others", other, bucket, SENT_SIGHTINGS, [row for wording in wanted for row in rows[wording]]
        )


def _rows_by_wording(sightings: Iterable[tuple[int, Sighting]], wanted: set[int]) -> dict[int, list[dict[str, object]]]:
    rows: dict[int, list[dict[str, object]]] = defaultdict(list)
    for wording, sighting in sightings:
        if wording in wanted:
            rows[wording].append(sighting_row(sighting, wording))
    return rows


# Links and components


def _send_links(prefix: Prefix, plan: Plan, bucket: str) -> None:
    """Write the links of the wordings of a bucket: within each, and with the others that may be linked."""
    sightings = [*_sent_sightings(prefix, "sightings", bucket), *_sent_sightings(prefix, "others", bucket)]
    wording_of: dict[int | str, int] = {sighting.id: wording for wording, sighting in sightings}
    copies = copies_by_wording({s.id: s for _, s in sightings}.values(), wording_ids=wording_of)
    links = [
        link
        for wording, its_copies in copies.items()
        if wording % plan.buckets == int(bucket)
        for link in link_one_wording(its_copies)
    ]
    for lower, higher in _received(prefix, "candidates", bucket).tolist():
        links += link_two_wordings(copies[lower], copies[higher])
    if links:
        _send_rows(prefix, "links", int(bucket), bucket, SENT_LINKS, map(link_row, links))
    ends = {int(end) for link in links for end in (link.left, link.right)}
    places = np.array([(each, wording_of[each] % plan.buckets) for each in sorted(ends)], dtype=np.int64)
    _write_array(prefix, f"{LINKING}/ends/{bucket}.npy", places.reshape(-1, 2))


def _find_components(prefix: Prefix, plan: Plan) -> None:
    """Write the component of each linked sighting for its bucket, and the links of each component for that one's."""
    names = [str(bucket) for bucket in range(plan.buckets)]
    links = [link for name in names for link in _sent_links(prefix, "links", name)]
    left = np.array([link.left for link in links], dtype=np.int64)
    right = np.array([link.right for link in links], dtype=np.int64)
    ids, labels = components(left, right)
    component_of = dict(zip(ids.tolist(), labels.tolist(), strict=True))
    places = np.concatenate([_read_array(prefix, f"{LINKING}/ends/{name}.npy") for name in names])
    places = np.unique(places, axis=0)
    member = np.stack([places[:, 0], labels[np.searchsorted(ids, places[:, 0])]], axis=1)
    _send_array(prefix, "components", places[:, 1], "all", member)
    by_bucket: dict[int, list[Link]] = defaultdict(list)
    for link in links:
        by_bucket[component_of[int(link.left)] % plan.buckets].append(link)
    for bucket, its_links in by_bucket.items():
        _send_rows(prefix, "component_links", bucket, "all", SENT_LINKS, map(link_row, its_links))


def _send_members(prefix: Prefix, plan: Plan, bucket: str) -> None:
    """Send each sighting of a bucket to the bucket of its component; one without links is a component by itself."""
    component_of = dict(_received(prefix, "components", bucket).tolist())
    by_bucket: dict[int, list[dict[str, object]]] = defaultdict(list)
    for wording, sighting in _sent_sightings(prefix, "sightings", bucket):
        component = component_of.get(sighting.id, sighting.id)
        by_bucket[component % plan.buckets].append(sighting_row(sighting, wording))
    for other, rows in by_bucket.items():
        _send_rows(prefix, "members", other, bucket, SENT_SIGHTINGS, rows)


def _write_utterances(prefix: Prefix, plan: Plan, bucket: str) -> None:
    """Cluster the components of a bucket, and write their utterances and links."""
    by_id = {int(sighting.id): sighting for _, sighting in _sent_sightings(prefix, "members", bucket)}
    links = list(_sent_links(prefix, "component_links", bucket))
    rows = [
        {
            **_place(plan, member, ""),
            "utterance": min(members),
            "speaker": by_id[member].speaker,
            "speaker_id": by_id[member].speaker_id,
        }
        for members in (sorted(map(int, cluster)) for cluster in cluster_sightings(by_id.values(), links))
        for member in members
    ]
    rows.sort(key=lambda row: (row["utterance"], row["partition"], row["number"]))
    link_rows = [
        _place(plan, int(link.left), "left_") | _place(plan, int(link.right), "right_") | link_row(link)
        for link in sorted(links, key=lambda link: (int(link.left), int(link.right)))
    ]
    name = f"{int(bucket):05}.parquet"
    with prefix.written(f"utterances/{name}", f"links/{name}") as (utterances_out, links_out):
        write_rows(utterances_out, UTTERANCES, rows)
        write_rows(links_out, LINKS, [{c.name: row[c.name] for c in LINKS} for row in link_rows])
    numbers = {
        "sightings": len(rows),
        "links": len(links),
        "utterances": len({row["utterance"] for row in rows}),
    }
    prefix.write_json(f"{LINKING}/numbers/{bucket}.json", numbers)


def _place(plan: Plan, sighting: int, side: str) -> dict[str, Any]:
    partition, number = plan.partitions[sighting >> NUMBER_BITS], sighting & (2**NUMBER_BITS - 1)
    return {f"{side}partition": partition, f"{side}number": number}


def _count(prefix: Prefix, buckets: Sequence[str]) -> Linked:
    numbers: Counter[str] = Counter()
    for bucket in buckets:
        numbers.update(prefix.read_json(f"{LINKING}/numbers/{bucket}.json"))
    with prefix.opened(LINKING, "speakers.parquet") as stream:
        speakers = len({row["speaker_id"] for row in read_rows(stream, ("speaker_id",))})
    return Linked(numbers["sightings"], speakers, numbers["links"], numbers["utterances"])


# What the stages send


def _ids(place: int, length: int) -> Ids:
    return np.arange(length, dtype=np.int64) + (place << NUMBER_BITS)


def _left_out(prefix: Prefix, name: str) -> set[int]:
    return set(_read_array(prefix, f"{LINKING}/left_out/{name}.npy").tolist())


def _send_rows(
    prefix: Prefix,
    kind: str,
    bucket: int,
    sender: str,
    columns: tuple[Column, ...],
    rows: Iterable[Mapping[str, object]],
) -> None:
    with prefix.written(f"{LINKING}/{kind}/{bucket}/{sender}.parquet") as (stream,):
        write_rows(stream, columns, rows)


def _received_rows(prefix: Prefix, kind: str, bucket: str) -> Iterator[dict[str, Any]]:
    for name in prefix.names(f"{LINKING}/{kind}/{bucket}", ".parquet"):
        with prefix.opened(LINKING, kind, bucket, f"{name}.parquet") as stream:
            yield from read_rows(stream)


def _sent_sightings(prefix: Prefix, kind: str, bucket: str) -> Iterator[tuple[int, Sighting]]:
    """Yield the sightings that were sent to a bucket, each with its wording."""
    for name in prefix.names(f"{LINKING}/{kind}/{bucket}", ".parquet"):
        with prefix.opened(LINKING, kind, bucket, f"{name}.parquet") as stream:
            yield from read_sightings(stream)


def _sent_links(prefix: Prefix, kind: str, bucket: str) -> Iterator[Link]:
    """Yield the links that were sent to a bucket."""
    for name in prefix.names(f"{LINKING}/{kind}/{bucket}", ".parquet"):
        with prefix.opened(LINKING, kind, bucket, f"{name}.parquet") as stream:
            yield from read_links(stream)


def _send_array(prefix: Prefix, kind: str, buckets: Ids, sender: str, rows: Ids) -> None:
    """Send each row to its bucket; a bucket without rows gets no file."""
    order = np.argsort(buckets, kind="stable")
    starts = np.flatnonzero(np.diff(buckets[order], prepend=-1))
    for some in np.split(order, starts[1:]) if len(order) else ():
        _write_array(prefix, f"{LINKING}/{kind}/{buckets[some[0]]}/{sender}.npy", rows[some])


def _received(prefix: Prefix, kind: str, bucket: str) -> Ids:
    """Return the rows that were sent to a bucket, of shape (rows, 2)."""
    names = prefix.names(f"{LINKING}/{kind}/{bucket}", ".npy")
    arrays = [_read_array(prefix, f"{LINKING}/{kind}/{bucket}/{name}.npy") for name in names]
    return np.concatenate([np.empty((0, 2), dtype=np.int64), *arrays])


def _write_array(prefix: Prefix, path: str, array: Ids) -> None:
    with prefix.written(path) as (stream,):
        np.save(stream, array, allow_pickle=False)


def _read_array(prefix: Prefix, path: str) -> Ids:
    with prefix.opened(path) as stream:
        array: Ids = np.load(stream, allow_pickle=False)
    return array
