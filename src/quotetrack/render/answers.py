"""Answers, remembered words and speakers as people read them on a terminal, and as programs read them in JSON."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from itertools import groupby
from typing import TYPE_CHECKING

from quotetrack.core.domain import Sighting, Utterance
from quotetrack.render.quotations import Json, said_json, sighting_json, utterance_lines
from quotetrack.render.variants import related_json

if TYPE_CHECKING:
    from quotetrack.search.answer import Answer, RankedUtterance
    from quotetrack.search.quote_lookup import Piece, QuotationMatch
    from quotetrack.search.understanding import Understood
    from quotetrack.store.speakers import Decision, StoredSpeaker

LONGEST_SILENCE = 3  # months that are drawn although they are empty
BAR = 40  # characters of the longest bar of a timeline
MARK, PLAIN = "\x1b[1;4m", "\x1b[0m"  # bold and underlined
_FIELDS = {"words": "the words", "passage": "the paragraphs", "title": "the title", "meaning": "the meaning alone"}


# Answers


def answer_json(answer: Answer) -> dict[str, Json]:
    """An answer as `ask` gives it."""
    understood = answer.understood
    return {
        "question": answer.question,
        "understood": {
            "speaker": understood.speaker,
            "about": understood.about,
            "since": _iso(understood.since),
            "until": _iso(understood.until),
            "outlet": understood.outlet,
            "published_since": _iso(understood.published_since),
            "published_until": _iso(understood.published_until),
            "candidates": [{"name": name, "quotations": number} for name, number in understood.candidates],
            "near_names": list(understood.near_names),
        },
        "utterances": [
            {
                "id": found.utterance.id,
                "words": found.utterance.words,
                "speaker": found.utterance.speaker,
                "said": said_json(found.utterance.said),
                "score": round(found.score, 6),
                "hits": list(found.hits),
                "sightings": [sighting_json(sighting) for sighting in found.utterance.sightings],
                "related": related_json(found.related),
            }
            for found in answer.utterances
        ],
        "total": answer.total,
        "months": dict(answer.months),
    }


def candidate_lines(understood: Understood) -> Iterator[str]:
    """Who else is called so, where several are."""
    if understood.candidates:
        told = ", ".join(f"{name} ({number})" for name, number in understood.candidates)
        yield f"Several are called so, with their quotations: {told}."
        yield f"Taken: {understood.speaker}; --speaker says another."


def nobody_lines(understood: Understood) -> Iterator[str]:
    """That the speaker asked for is not on file, and who may be meant."""
    yield f"Nobody on file is called {understood.speaker}."
    if understood.near_names:
        yield f"Near names on file: {', '.join(understood.near_names)}."


def nothing_line(understood: Understood) -> str:
    """That nothing answers, and what to leave out of the question."""
    narrowed = [
        name
        for name, value in (
            ("the days", understood.since or understood.until),
            ("the days of publication", understood.published_since or understood.published_until),
            ("the outlet", understood.outlet),
            ("the topic", understood.about),
        )
        if value
    ]
    advice = f" Try it without {' or '.join(narrowed)}." if narrowed else ""
    return f"Nothing on file answers this.{advice}"


def found_lines(
    found: RankedUtterance, topic: str | None, urls: Sequence[str | None], *, with_context: bool, is_terminal: bool
) -> Iterator[str]:
    """One utterance of an answer: as `show` has it, and where the topic hit; on a terminal its words are marked."""
    for line in utterance_lines(found.utterance, urls):
        yield _marked(line, topic) if is_terminal and topic and line.startswith("“") else line
    if found.hits:
        yield f"  the topic is in {', '.join(_FIELDS[hit] for hit in found.hits)}"
    if with_context:
        yield from _context_lines(found.utterance, topic if is_terminal else None)


def page_line(answer: Answer, limit: int, page: int) -> str | None:
    """Where this page stands among all that answers; None where it is the only one."""
    if answer.total <= limit and page == 1:
        return None
    first = (page - 1) * limit + 1
    last = first + len(answer.utterances) - 1
    more = f"; --page {page + 1} shows more" if last < answer.total else ""
    return f"{first} to {last} of {answer.total} utterances{more}"


def timeline_lines(answer: Answer) -> Iterator[str]:
    """A bar a month, from the first to the last; of a long silence one line tells."""
    counted = dict(answer.months)
    most = max(counted.values(), default=1)
    for is_silent, months in groupby(_months(answer.months), key=lambda month: month not in counted):
        run = list(months)
        if is_silent and len(run) > LONGEST_SILENCE:
            yield f"   ...   {len(run)} months without any"
            continue
        for month in run:
            number = counted.get(month, 0)
            bar = "█" * max(round(BAR * number / most), 1 if number else 0)
            yield f"{month}  {bar} {number}" if number else f"{month}  0"


def citation_lines(answer: Answer) -> Iterator[str]:
    """A footnote a sighting: who, the words, on which occasion and day, and where they stand in print."""
    for found in answer.utterances:
        for sighting in found.utterance.sightings:
            yield citation(sighting)


def citation(sighting: Sighting) -> str:
    """One footnote: speaker, “words”, occasion, day; outlet, “title”, day of publication, address."""
    said = sighting.said
    day = _printed(said.first) if said.is_a_day() else None
    where = (
        sighting.outlet,
        f"“{_one_line(sighting.title)}”" if sighting.title else None,
        _printed(sighting.published_on),
        sighting.url,
    )
    words = _one_line(sighting.words).rstrip(",;")  # at their end the reporter's, whose sentence went on
    what = (sighting.speaker or "(nobody named)", f"“{words}”", sighting.occasion, day)
    return f"{', '.join(filter(None, what))}; {', '.join(filter(None, where))}."


def _context_lines(utterance: Utterance, topic: str | None) -> Iterator[str]:
    longest = utterance.longest
    context = _one_line(f"{longest.context_before}{longest.words}{longest.context_after}")
    yield f"  context: {_marked(context, topic) if topic else context}"


def _marked(line: str, topic: str | None) -> str:
    from quotetrack.search.highlight import matches

    marked, last = [], 0
    for span in matches(topic, line) if topic else []:
        marked += [line[last : span.start], MARK, span.of(line), PLAIN]
        last = span.end
    return "".join(marked) + line[last:]


def _months(counted: Sequence[tuple[str, int]]) -> Iterator[str]:
    if not counted:
        return
    year, month = (int(number) for number in counted[0][0].split("-"))
    last = counted[-1][0]
    while (name := f"{year:04d}-{month:02d}") <= last:
        yield name
        year, month = (year, month + 1) if month < 12 else (year + 1, 1)


# Remembered words


def recalled_json(recalled: Sequence[QuotationMatch]) -> list[Json]:
    """What `find` gives."""
    return [
        {
            "utterance": one.utterance.id,
            "speaker": one.utterance.speaker,
            "words": one.sighting.words,
            "alike": round(one.alike, 4),
            "changed_words": one.changed,
            "difference": [{"edit": str(piece.edit), "words": piece.words} for piece in one.pieces],
            "said": said_json(one.utterance.said),
            "sightings": [sighting_json(sighting) for sighting in one.utterance.sightings],
        }
        for one in recalled
    ]


def recalled_lines(one: QuotationMatch, urls: Sequence[str | None], *, is_terminal: bool) -> Iterator[str]:
    """Who said it when and where, and how far the remembered words are from the printed ones."""
    yield from utterance_lines(one.utterance, urls)
    if one.changed:
        words = "1 word" if one.changed == 1 else f"{one.changed} words"
        yield f"  {words} remembered otherwise: {' '.join(_piece(piece, is_terminal) for piece in one.pieces)}"
    else:
        yield "  printed as remembered"


def _piece(piece: Piece, is_terminal: bool) -> str:
    """`[-remembered-]` and `{+printed+}`, or red and green on a terminal."""
    if piece.edit == "kept":
        return piece.words
    if is_terminal:
        return f"\x1b[{31 if piece.edit == 'not_printed' else 32}m{piece.words}{PLAIN}"
    return f"[-{piece.words}-]" if piece.edit == "not_printed" else f"{{+{piece.words}+}}"


# Speakers


def speakers_json(speakers: Sequence[StoredSpeaker]) -> list[Json]:
    """What `speakers list` gives."""
    return [speaker_json(speaker) for speaker in speakers]


def speaker_json(speaker: StoredSpeaker, decisions: Sequence[Decision] = ()) -> dict[str, Json]:
    """A speaker with all names; `decisions` is what people did."""
    return {
        "id": speaker.id,
        "name": speaker.name,
        "kind": str(speaker.kind),
        "wikidata": speaker.wikidata_id,
        "names": list(speaker.names),
        "merged": [i for i in speaker.ids if i != speaker.id],
        "quotations": speaker.quotations,
        "decisions": [
            {"what": str(d.deciding), "value": d.value, "by": d.decided_by, "at": d.decided_at.isoformat()}
            for d in decisions
        ],
    }


def speaker_line(speaker: StoredSpeaker) -> str:
    """One line of a list: id, quotations, name, other names."""
    others = [name for name in speaker.names if name != speaker.name]
    also = f" (also: {', '.join(others)})" if others else ""
    return f"{speaker.id:>6} {speaker.quotations:>6}  {speaker.name}{also}"


def speaker_lines(speaker: StoredSpeaker, decisions: Sequence[Decision]) -> Iterator[str]:
    """One speaker: names, number of quotations, and what people decided."""
    yield f"{speaker.name} (speaker {speaker.id}, {speaker.kind}), {speaker.quotations} quotations"
    if speaker.wikidata_id:
        yield f"  Wikidata: {speaker.wikidata_id}"
    yield f"  names: {', '.join(speaker.names)}"
    for merged in speaker.ids[1:]:
        yield f"  speaker {merged} is merged into this one; `quotetrack speakers merge {merged} --revoke` undoes it"
    for decision in decisions:
        yield f"  {decision.decided_at:%Y-%m-%d} {decision.decided_by}: {decision.deciding} {decision.value}"


def _one_line(text: str | None) -> str:
    return " ".join((text or "").split())


def _printed(day: date | None) -> str | None:
    return f"{day.day} {day:%B %Y}" if day else None


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None
