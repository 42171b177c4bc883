"""Read invented articles, in which every quotation is labelled with its speaker and day, as gold.

They are our own: no sentence is anybody else's. `invented/GENRE.txt` has the ones to fit on; a third of each genre
stands in `tests/cases/invented` and is only measured on. A file holds articles in this form:

    == court-03
    genre: court
    class: natural
    published: 2026-03-12
    outlet: Harbour Post
    q1: Rosalind Ferrier | person | judge | 2026-03-11 "on Wednesday"
    q2: Moss’s lawyer / Gareth Moss’s lawyer | unnamed | lawyer | implied
    ---
    “{1}You took from a woman,” {m1:Judge Rosalind Ferrier} told him. {m2:Moss’s lawyer} called it “{x}rough justice”.

`{1}` opens a part of quotation 1, `{x}` words that nobody said, and `{m1:...}` marks the mention of its speaker. A `q`
line has the names that count as right, the kind of speaker, the role ("-": none), and the day: as told with its phrase,
"implied" (fresh news), or "not told".
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from quotetrack.core.domain import Article, Span
from quotetrack.evaluation.gold import CORE_WORDS, FRESH_NEWS, GoldArticle, GoldFormatError, GoldPart, Label, bare_span

INVENTED_URL = "invented:"  # the beginning of the URL of such an article
FOLDER = Path(__file__).with_name("invented")

_HEAD = re.compile(r"^== (\S+)$", re.MULTILINE)
_MARK = re.compile(r"\{(?:(?P<part>\d+)|(?P<other>x)|m(?P<of>\d+(?:,\d+)*):(?P<words>[^{}]+))\}")
_CLOSING = {
    "“": re.compile("”"),
    "„": re.compile("“"),
    '"': re.compile('"'),
    "«": re.compile("»"),
    "‘": re.compile(r"(?<=[,.?!…—–])’(?!\w)|(?<=\w)’(?=[\s.,;:?!)—–]|$)(?![^‘\n]*[,.?!…]’(?!\w))"),
    "'": re.compile(r"(?<=[,.?!…—–])'(?!\w)|(?<=\w)'(?=[\s.,;:?!)—–]|$)(?![^'\n]*[,.?!…]'(?!\w))"),
}
_DAY = re.compile(r'(?P<first>\d{4}(?:-\d\d){0,2})(?:\.\.(?P<last>\d{4}(?:-\d\d){0,2}))?(?: "(?P<phrase>[^"]+)")?$')
_PRECISION = {4: "year", 7: "month", 10: "day"}


@dataclass(frozen=True, slots=True)
class SpeakerLine:
    """One `q` line: the names that count as right (the first is the fullest), kind, role, and the day as written."""

    names: tuple[str, ...]
    kind: str
    role: str | None
    day: str


@dataclass(frozen=True, slots=True)
class InventedArticle:
    """One invented article: its classes ("natural", or codes of what makes it hard), its gold, and its `q` lines."""

    gold: GoldArticle
    genre: str
    classes: tuple[str, ...]
    speakers: Mapping[str, SpeakerLine]  # by the number of the quotation, as text


def read_invented(folder: Path = FOLDER) -> list[InventedArticle]:
    """Return the articles of all files of a folder, in the order of their names. Raises GoldFormatError."""
    return [article for path in sorted(folder.glob("*.txt")) for article in _read_file(path)]


def _read_file(path: Path) -> Iterator[InventedArticle]:
    pieces = _HEAD.split(path.read_text("utf-8"))
    for name, body in zip(pieces[1::2], pieces[2::2], strict=True):
        try:
            article = _read(name, body)
        except (KeyError, ValueError) as error:
            raise GoldFormatError(f"{path.name}: the article {name} is not what it should be: {error!r}") from error
        yield article


def _read(name: str, body: str) -> InventedArticle:
    head, marked = body.split("\n---\n", 1)
    fields = dict(line.split(": ", 1) for line in head.strip().split("\n"))
    speakers = {key[1:]: _speaker_line(value) for key, value in fields.items() if re.fullmatch(r"q\d+", key)}
    text, opened, mentions = _unmark(marked.strip("\n"))
    published = date.fromisoformat(fields["published"])
    labels = {number: _label(speaker, published) for number, speaker in speakers.items()}
    parts = [_part(text, start, number, labels[number], mentions) for start, number in opened]
    article = Article(
        url=f"{INVENTED_URL}{name}",
        outlet=fields["outlet"],
        text=text,
        title=fields.get("title"),
        published_at=published,
        external_id=name,
    )
    gold = GoldArticle(name, article, tuple(part for part in parts if part is not None), ())
    return InventedArticle(gold, fields["genre"], tuple(fields["class"].split()), speakers)


def _speaker_line(line: str) -> SpeakerLine:
    names, kind, role, day = line.split(" | ")
    return SpeakerLine(tuple(names.split(" / ")), kind.strip(), None if role == "-" else role, day.strip())


def _unmark(marked: str) -> tuple[str, list[tuple[int, str]], dict[str, list[Span]]]:
    """Return the text without marks, where each quoted part begins with its number, and the mentions by number."""
    text, at = "", 0
    opened: list[tuple[int, str]] = []
    mentions: dict[str, list[Span]] = {}
    for mark in _MARK.finditer(marked):
        text += marked[at : mark.start()]
        at = mark.end()
        if mark["part"]:
            opened.append((len(text), mark["part"]))
        elif mark["words"]:
            span = Span(len(text), len(text) + len(mark["words"]))
            text += mark["words"]
            for number in mark["of"].split(","):
                mentions.setdefault(number, []).append(span)
    return text + marked[at:], opened, mentions


def _part(text: str, start: int, number: str, label: Label, mentions: Mapping[str, list[Span]]) -> GoldPart | None:
    """Return the part that begins at a character, up to its closing mark or the end of the paragraph."""
    line_end = text.find("\n", start)
    line_end = len(text) if line_end < 0 else line_end
    closing = _CLOSING[text[start - 1]].search(text, start, line_end)
    span = Span(start, closing.start() if closing else line_end)
    bare = bare_span(text, span)
    if bare is None:
        return None
    words = span.of(text)
    is_full = words[:1].isupper()
    is_core = is_full or len(words.split()) >= CORE_WORDS
    return GoldPart(span, bare, number, is_full, is_core, tuple(mentions.get(number, ())), label)


def _label(speaker: SpeakerLine, published: date) -> Label:
    day = _DAY.match(speaker.day)
    name, *also = speaker.names
    label = Label(name, speaker.kind, None, "none", "not_told", True, also=tuple(also))
    if speaker.day == "implied":
        return replace(label, said_on=published.isoformat(), precision="day", basis=FRESH_NEWS)
    if day is None:
        return label
    precision = "span" if day["last"] else _PRECISION[len(day["first"])]
    return replace(label, said_on=day["first"], precision=precision, basis="explicit_nearby", until=day["last"])
