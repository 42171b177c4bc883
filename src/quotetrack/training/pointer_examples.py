"""Make the examples on which the pointer model is fitted: windows of articles with questions and their answers."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from quotetrack.core.domain import Span
from quotetrack.evaluation.gold import PERSON, GoldArticle, GoldPart
from quotetrack.extract.entities.descriptions import UnnamedPerson
from quotetrack.extract.entities.people import Person
from quotetrack.extract.extractor import AttributedText
from quotetrack.extract.windows import SIZE, Ask, Pieces, marked, piece_numbers, shown
from quotetrack.lang.en.hidden_names import SINGULAR_PRONOUNS
from quotetrack.models.pointer import Pointer
from quotetrack.training.coreference import UNNAMED, is_meant, is_same_person, unnamed_speaker
from quotetrack.training.pointer_changes import Move, TextChanger, apply_edits, move_person, move_places

BATCH = 8  # windows
BATCHES_SORTED = 16  # batches among which windows are sorted by length, so that little is padded
STRIDE = 240  # word pieces from the start of one window to that of the next
UNREAD_WEIGHT = 0.5  # of a question whose answer is a name that a machine gave, or a hidden name
ORGANISATION = "organisation"  # kind of a label

Bools = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Question:
    """A question about some pieces of a window.

    `answer` marks the right pieces, shape (1 + pieces,): its first place means "not in this window".
    """

    ask: Ask
    asked: NDArray[np.int32]
    answer: Bools
    weight: float


@dataclass(frozen=True, slots=True)
class WindowExample:
    """A window with all its questions."""

    window: Pieces
    questions: list[Question]


MakeQuestion = Callable[[Pieces, NDArray[np.int32]], Question]  # of a window and the pieces asked about


class ExampleMaker:
    """Makes windows with questions of articles, and batches of windows. The same calls give the same examples."""

    def __init__(self, pointer: Pointer) -> None:
        self.pointer = pointer
        self._draw = random.Random(0)
        self._changer = TextChanger(self._draw)

    def examples(self, gold: GoldArticle, attributed: AttributedText, *, change: bool) -> list[WindowExample]:
        """Return the windows of an article that have a question; with `change`, of a changed version of the article."""
        text = gold.article.text
        hidden = self._changer.choose_hidden(text, attributed) if change else {}
        edits = self._changer.edits(text, attributed.people.persons, hidden) if change else []
        changed, move = apply_edits(text, edits)
        quoted = [move(span) for span in (*attributed.quoted, *(part.span for part in gold.parts))]
        persons = [move_person(person, move, hidden) for person in attributed.people.persons]
        organisations = [move_person(organisation, move, {}) for organisation in attributed.organisations]
        unnamed = [replace(person, places=move_places(person, move, {})) for person in attributed.unnamed]
        ids, starts, ends = self.pointer.pieces(self._changer.remark(changed) if change else changed)
        pieces = shown(marked(ids, starts, ends, quoted, persons, organisations, unnamed), quoted)
        windows: dict[int, WindowExample] = {}
        for span, make_question in _questions(gold, persons, organisations, attributed.unnamed, move, hidden):
            first = _nearest_window(pieces, span)
            window = pieces[first : first + SIZE]
            question = make_question(window, piece_numbers(window, span))
            windows.setdefault(first, WindowExample(window, [])).questions.append(question)
        return list(windows.values())

    def batches(self, examples: Sequence[WindowExample]) -> list[list[WindowExample]]:
        """Return batches of windows of similar length, in random order."""
        mixed = list(examples)
        self._draw.shuffle(mixed)
        batches = []
        for start in range(0, len(mixed), BATCH * BATCHES_SORTED):
            by_length = sorted(mixed[start : start + BATCH * BATCHES_SORTED], key=lambda e: len(e.window.ids))
            batches += [by_length[i : i + BATCH] for i in range(0, len(by_length), BATCH)]
        self._draw.shuffle(batches)
        return batches


def _nearest_window(pieces: Pieces, span: Span) -> int:
    """Return the first piece of the window whose middle is nearest to a span; windows begin every STRIDE pieces."""
    nearest = round((pieces.inside(span).start - SIZE // 2) / STRIDE) * STRIDE
    return int(min(max(0, nearest), max(0, len(pieces.ids) - SIZE)))


def _questions(
    gold: GoldArticle,
    persons: Sequence[Person],
    organisations: Sequence[Person],
    unnamed: Sequence[UnnamedPerson],
    move: Move,
    hidden: dict[Span, Person],
) -> Iterator[tuple[Span, MakeQuestion]]:
    """Yield the span asked about, and a function that makes the question for the window that holds it."""
    for part in gold.parts:
        if not part.is_quotation:
            continue
        span = move(part.span)
        if part.mentions:
            yield span, _pointing(Ask.MENTION, [move(mention) for mention in part.mentions])
        named = _places_of(part, persons, organisations)
        words = part.mentions[0].of(gold.article.text) if part.mentions else ""
        if named is not None:
            places, weight, is_person = named
            yield span, _pointing(Ask.NAME, places, weight)
            if is_person and (words.lower() in SINGULAR_PRONOUNS or words.islower()):
                yield move(part.mentions[0]), _pointing(Ask.PERSON, places, weight)
        elif part.label is not None and part.label.kind == UNNAMED and part.mentions:
            described = unnamed_speaker(part, unnamed)
            if described is not None:
                places = [move(place.span) for place in described.places]
                yield span, _pointing(Ask.NAME, places)
                yield move(part.mentions[0]), _pointing(Ask.PERSON, places)
            elif words.lower() not in SINGULAR_PRONOUNS:
                yield move(part.mentions[0]), _pointing(Ask.PERSON, [])
    by_name = {person.name: person for person in persons}
    for span, person in hidden.items():
        places = [place.span for place in by_name[person.name].places]
        yield move(span), _pointing(Ask.PERSON, places, UNREAD_WEIGHT)


def _places_of(
    part: GoldPart, persons: Sequence[Person], organisations: Sequence[Person]
) -> tuple[list[Span], float, bool] | None:
    """Return the places that name the speaker, the weight of the question, and whether the speaker is a person.

    None where neither a person nor a machine gave the name of a person or organisation.
    """
    label = part.label
    if label is not None and label.name and label.kind in (PERSON, ORGANISATION):
        candidates = persons if label.kind == PERSON else organisations
        meant = [candidate for candidate in candidates if is_meant(label, candidate.name)]
    elif label is None and part.guessed_name is not None:
        meant = [person for person in persons if is_same_person(part.guessed_name, person.name)]
    else:
        return None
    places = [place.span for candidate in meant for place in candidate.places]
    return places, 1.0 if label is not None else UNREAD_WEIGHT, label is None or label.kind == PERSON


def _pointing(ask: Ask, spans: Sequence[Span], weight: float = 1.0) -> MakeQuestion:
    def make_question(window: Pieces, asked: NDArray[np.int32]) -> Question:
        answer = np.zeros(len(window.ids) + 1, dtype=bool)
        for span in spans:
            answer[1:] |= (window.starts < span.end) & (window.ends > span.start)
        if ask is Ask.PERSON:
            answer[1:][asked] = False
        answer[0] = not answer.any()
        return Question(ask, asked, answer, weight)

    return make_question
