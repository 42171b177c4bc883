"""The tables of bulk linking: its result, and the sightings and words that it sends from process to process."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, BinaryIO

from quotetrack.core.domain import Link, LinkKind, Sighting
from quotetrack.export.corpus_tables import Column, TableWriter, read_rows, said_of

UTTERANCES = (
    Column("partition", "text", "Name of the partition of the quotation"),
    Column("number", "int", "Number of the quotation in its partition"),
    Column(
        "utterance", "int", "Id that all quotations of the same words, said once, share; another run may give others"
    ),
    Column("speaker", "text", "Name under which the speaker is shown"),
    Column("speaker_id", "int", "Id that all names of one speaker share, in this run"),
)
LINKS = (
    Column("left_partition", "text", "Name of the partition of the one quotation"),
    Column("left_number", "int", "Its number there"),
    Column("right_partition", "text", "Name of the partition of the other quotation"),
    Column("right_number", "int", "Its number there"),
    Column("kind", "text", "`exact`, `contained` or `reworded`"),
    Column("score", "float", "Score of the link, 0 to 1"),
    Column("flags", "texts", "What differs although the words are taken for the same"),
)
SENT_SIGHTINGS = (
    Column("id", "int", "Sighting"),
    Column("wording", "int", "Hash of its wording"),
    Column("words", "text", "Words as printed"),
    Column("speaker", "text", "Name under which the speaker is shown"),
    Column("speaker_id", "int", "Speaker"),
    Column("article", "text", "Article"),
    Column("published", "day", "Day of publication"),
    Column("said_first", "day", "First day of speaking"),
    Column("said_last", "day", "Last day of speaking"),
    Column("said_basis", "text", "How the day is known"),
)
SENT_WORDS = (
    Column("wording", "int", "Hash of a wording"),
    Column("words", "text", "Its words, as one outlet prints them"),
)
SENT_LINKS = (
    Column("left", "int", "Sighting"),
    Column("right", "int", "Sighting"),
    Column("kind", "text", "Kind"),
    Column("score", "float", "Score"),
    Column("flags", "texts", "Flags"),
)
SPEAKERS = (
    Column("name", "text", "Name as printed"),
    Column("speaker_id", "int", "Speaker"),
    Column("speaker", "text", "Name under which the speaker is shown"),
)


def write_rows(stream: BinaryIO, columns: tuple[Column, ...], rows: Iterable[Mapping[str, object]]) -> None:
    """Write a table as one row group."""
    writer = TableWriter(stream, columns)
    writer.write(list(rows))
    writer.close()


def sighting_row(sighting: Sighting, wording: int) -> dict[str, object]:
    """Return the row of a sighting, with the fields that linking reads."""
    return {
        "id": sighting.id,
        "wording": wording,
        "words": sighting.words,
        "speaker": sighting.speaker,
        "speaker_id": sighting.speaker_id,
        "article": sighting.article,
        "published": sighting.published_on,
        "said_first": sighting.said.first,
        "said_last": sighting.said.last,
        "said_basis": sighting.said.basis.value,
    }


def read_sightings(stream: BinaryIO) -> Iterator[tuple[int, Sighting]]:
    """Yield the wording and the sighting of each row."""
    for row in read_rows(stream):
        yield (
            row["wording"],
            Sighting(
                id=row["id"],
                words=row["words"],
                speaker=row["speaker"],
                speaker_id=row["speaker_id"],
                article=row["article"],
                published_at=row["published"],
                said=said_of(row),
            ),
        )


def link_row(link: Link) -> dict[str, object]:
    """Return the row of a link between sightings by id."""
    return {
        "left": link.left,
        "right": link.right,
        "kind": link.kind.value,
        "score": link.score,
        "flags": list(link.flags),
    }


def read_links(stream: BinaryIO) -> Iterator[Link]:
    """Yield the link of each row."""
    for row in read_rows(stream):
        yield link_of(row)


def link_of(row: Mapping[str, Any]) -> Link:
    """Return the link of a row."""
    return Link(row["left"], row["right"], LinkKind(row["kind"]), row["score"], tuple(row["flags"]))
