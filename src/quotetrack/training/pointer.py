"""Fit the reading model: `python -m quotetrack.fit.pointer GOLD_FOLDER [STATE]`. Half an hour on two quiet cores.

Fitted on `quotations_train.jsonl` and `speakers_dates_train.jsonl`; one article in eight is held out, and its figures
are printed. Each window of an article is read once and answers for all the words in it: who is mentioned as their
speaker, who is named, whom a labelled pronoun or office means. Names of our own hiding are asked for too: a repeated
name becomes "he" or "she", and the other places of the name are the answer (as in Kocijan et al., 2019). In most
articles the people swap names with one another, so that nobody is learned by heart, and in half the marks are of
another kind. With a STATE file it goes on where it stopped. Writes `pointer_weights.npz`.
"""

from __future__ import annotations

import random
import re
import sys
from bisect import bisect_right
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from quotetrack.core.domain import Span
from quotetrack.core.settings import Settings
from quotetrack.evaluation.gold import GoldArticle, GoldPart, held_out, read_gold
from quotetrack.extract.entities.given_names import given_names
from quotetrack.extract.entities.people import Person
from quotetrack.extract.extractor import AttributedText, attribute_text
from quotetrack.extract.windows import SIZE, Ask, Pieces, marked, piece_numbers, shown
from quotetrack.lang import lines
from quotetrack.models.pointer import Pointer, PointerNet, fresh_net, shares
from quotetrack.models.spacy_pipeline import load_language
from quotetrack.training.coreference import is_meant, same_person

WEIGHTS = Path(__file__).parents[1] / "models" / "weights" / "pointer.npz"
EPOCHS, BATCH, PEAK, WARM_UP, LAST = 4.5, 8, 1e-3, 100, 0.02
DECAY = 0.05  # of what is fitted, a step, times the rate
STRIDE = 240  # word pieces from the beginning of one window to that of the next
SWAPPED = 0.6  # share of the articles in which the people swap names
REMARKED = 0.5  # share of the articles whose marks become those of another newspaper
HIDDEN_EACH = 1200  # characters: a name is hidden for so many, and three at least
HIDDEN_NEAR = 900  # characters from the last place of a name at which a pronoun could still stand for it
UNREAD = 0.5  # weight of a name that a machine gave, and of a hidden one
SAVE_EVERY, TELL_EVERY = 100, 50  # steps

Bools = NDArray[np.bool_]
_TITLE = re.compile(r"\b(?:Mr|Mrs|Ms|Sen|Rep|Gov|Dr|President|Senator|Secretary|Governor|Justice|Judge|Miss|Gen)\.?\s$")
_HE_SHE = {"he", "she", "him", "her", "his", "hers"}

Edit = tuple[int, int, str]  # from, to, what stands there instead
Move = Callable[[Span], Span]


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked about some pieces of a window; `answer` are the right pieces, after "not in here"."""

    ask: Ask
    asked: NDArray[np.int32]
    answer: Bools
    weight: float


@dataclass(frozen=True, slots=True)
class WindowExample:
    """A window with all that is asked about it."""

    window: Pieces
    questions: list[Question]


@dataclass(slots=True)
class State:
    """How far the fit is, in steps, and what it has."""

    step: int
    net: PointerNet
    optimiser: torch.optim.AdamW


def main(folder: Path, kept: Path | None) -> None:
    """Fit, report, write."""
    torch.manual_seed(0)
    net, tokenizer = fresh_net()
    reader = Reader(Pointer(_in_halves(net), tokenizer))
    articles = read_articles(folder)
    out = held_out(gold.id for gold, _ in articles)
    state = State(0, net, torch.optim.AdamW(net.fitted().values(), lr=PEAK, weight_decay=DECAY))
    if kept is not None and kept.is_file():
        _resume(state, kept)
    _fit(state, reader, [a for a in articles if a[0].id not in out], kept)
    counts = _counted(reader, [e for a in articles if a[0].id in out for e in reader.examples(*a, change=False)])
    for kind in sorted({kind for kind, _ in counts}):
        right, wrong = counts[kind, True], counts[kind, False]
        print(f"{kind:12}{right:5} of {right + wrong:5}  {right / (right + wrong):.3f}  held out")
    fitted = {name: parameter.detach().numpy().astype(np.float16) for name, parameter in net.fitted().items()}
    np.savez_compressed(WEIGHTS, allow_pickle=False, **fitted)


def read_articles(folder: Path) -> list[tuple[GoldArticle, AttributedText]]:
    """All of train, with its people and the characters in marks."""
    nlp = load_language(Settings().spacy_model)
    gold = read_gold(folder, "quotations_train", "speakers_dates_train")
    return [(article, attribute_text(article.article.text, nlp)) for article in gold]


def _in_halves(net: PointerNet) -> PointerNet:
    """MiniLM, which is not fitted, in bfloat16: twice as fast where the processor has it.

    Attention step by step, since the fused one takes twice as long on the way back.
    """
    net.bert.set_attn_implementation("eager")
    for parameter in net.bert.parameters():
        parameter.data = parameter.data.bfloat16()
    for parameter in net.fitted().values():
        parameter.data = parameter.data.float()
    return net


# Questions


class Reader:
    """Makes windows with questions of articles, and batches of windows."""

    def __init__(self, pointer: Pointer) -> None:
        self.pointer = pointer
        self._random = random.Random(0)
        self._given: dict[str, list[str]] = {"f": [], "m": [], "?": []}
        for line in lines("given_names.txt"):
            self._given[line[0]] += [name.capitalize() for name in line.split()[1:]]

    def examples(self, gold: GoldArticle, whose: AttributedText, *, change: bool) -> list[WindowExample]:
        """The windows of one article about which something is asked; with `change`, of an article made of it."""
        text = gold.article.text
        hidden = self._to_hide(text, whose) if change else {}
        edits = self._edits(text, whose.people.persons, hidden) if change else []
        changed, moved = _edited(text, edits)
        quoted = [moved(span) for span in (*whose.quoted, *(part.span for part in gold.parts))]
        persons = [_moved_person(p, moved, hidden) for p in whose.people.persons]
        bodies = [_moved_person(o, moved, {}) for o in whose.organisations]
        ids, starts, ends = self.pointer.pieces(self._remarked(changed) if change else changed)
        pieces = shown(marked(ids, starts, ends, quoted, persons, bodies), quoted)
        windows: dict[int, WindowExample] = {}
        for span, about in _questions(gold, persons, bodies, moved, hidden):
            first = _nearest_window(pieces, span)
            window = pieces[first : first + SIZE]
            asked = piece_numbers(window, span)
            windows.setdefault(first, WindowExample(window, [])).questions.append(about(window, asked))
        return list(windows.values())

    def _edits(self, text: str, persons: Sequence[Person], hidden: dict[Span, Person]) -> list[Edit]:
        """Names swapped in most articles, and the hidden ones, in order."""
        edits: list[Edit] = []
        if self._random.random() < SWAPPED and (new := self._new_names(text, persons)):
            names = re.compile(rf"\b(?:{'|'.join(map(re.escape, new))})\b")
            swapped = ((*match.span(), new[match[0]]) for match in names.finditer(text))
            edits = [e for e in swapped if not any(e[0] < h.end and h.start < e[1] for h in hidden)]
        return sorted(edits + [_pronoun(text, span, person) for span, person in hidden.items()])

    def _new_names(self, text: str, persons: Sequence[Person]) -> dict[str, str]:
        """Another name for each word of a full name that is nothing but a name in this text."""
        surnames = [p.words[-1] for p in persons if len(p.words) > 1 and p.words[-1].isalpha()]
        new: dict[str, str] = {}
        for person in (p for p in persons if len(p.words) > 1):
            for i, word in enumerate(person.words):
                if len(word) < 3 or not word.isalpha() or word in new or re.search(rf"\b{word.lower()}\b", text):
                    continue
                gender = given_names().get(word.lower(), person.gender)
                if i == len(person.words) - 1:
                    new[word] = self._random.choice(surnames)
                elif gender:
                    new[word] = self._random.choice(self._given[gender])
        return new

    def _to_hide(self, text: str, whose: AttributedText) -> dict[Span, Person]:
        """Places of repeated names at which a pronoun could stand, with the person."""
        found: list[tuple[Span, Person]] = []
        for person in (p for p in whose.people.persons if p.gender):
            for before, place in zip(person.places, person.places[1:], strict=False):
                is_bare = " " not in text[place.start : place.end] and not _TITLE.search(text[: place.start][-12:])
                could = place.acts or place.speaks or place.is_owner
                quoted = any(s.start <= place.start < s.end for s in whose.quoted)
                if is_bare and could and not quoted and place.start - before.start <= HIDDEN_NEAR:
                    found.append((place.span, person))
        self._random.shuffle(found)
        return dict(found[: max(3, len(text) // HIDDEN_EACH)])

    def _remarked(self, text: str) -> str:
        """The same text, in half of the articles with the marks of another newspaper: characters stay in place."""
        if self._random.random() >= REMARKED:
            return text
        if self._random.random() < 0.5:
            return text.translate(str.maketrans('“”"', "‘’'"))
        return text.translate(str.maketrans("“”", '""')) if "“" in text else re.sub(r'"([^"\n]*)"', r"“\1”", text)

    def batches(self, examples: Sequence[WindowExample]) -> list[list[WindowExample]]:
        """Batches of windows of like length, in any order."""
        mixed = list(examples)
        self._random.shuffle(mixed)
        batches = []
        for start in range(0, len(mixed), BATCH * 16):
            alike = sorted(mixed[start : start + BATCH * 16], key=lambda e: len(e.window.ids))
            batches += [alike[i : i + BATCH] for i in range(0, len(alike), BATCH)]
        self._random.shuffle(batches)
        return batches


def _nearest_window(pieces: Pieces, span: Span) -> int:
    """The first piece of the window, of those that begin every STRIDE pieces, that has a span nearest to its middle."""
    nearest = round((pieces.inside(span).start - SIZE // 2) / STRIDE) * STRIDE
    return int(min(max(0, nearest), max(0, len(pieces.ids) - SIZE)))


Asking = Callable[[Pieces, NDArray[np.int32]], Question]


def _questions(
    gold: GoldArticle, persons: Sequence[Person], bodies: Sequence[Person], moved: Move, hidden: dict[Span, Person]
) -> Iterator[tuple[Span, Asking]]:
    """What is asked about an article: the span asked about, and what makes a question of the window that holds it."""
    for part in gold.parts:
        if part.label is not None and not part.label.is_quotation:
            continue
        span = moved(part.span)
        if part.mentions:
            yield span, _pointing(Ask.MENTION, [moved(m) for m in part.mentions])
        named = _places_of(part, persons, bodies)
        if named is not None:
            places, weight, is_person = named
            yield span, _pointing(Ask.NAME, places, weight)
            if is_person and part.mentions:
                words = part.mentions[0].of(gold.article.text)
                if words.lower() in _HE_SHE or words.islower():
                    yield moved(part.mentions[0]), _pointing(Ask.PERSON, places, weight)
    by_name = {person.name: person for person in persons}
    for span, person in hidden.items():
        places = [x.span for x in by_name[person.name].places]
        yield moved(span), _pointing(Ask.PERSON, places, UNREAD)


def _places_of(
    part: GoldPart, persons: Sequence[Person], bodies: Sequence[Person]
) -> tuple[list[Span], float, bool] | None:
    """Where the speaker is named, how much that counts, and whether it is a person; None where nobody can tell."""
    label = part.label
    if label is not None and label.name and label.kind in ("person", "organisation"):
        makers = persons if label.kind == "person" else bodies
        meant = [p for p in makers if is_meant(label, p.name)]
    elif label is None and part.guessed is not None:
        meant = [p for p in persons if same_person(part.guessed, p.name)]
    else:
        return None
    places = [x.span for p in meant for x in p.places]
    return places, 1.0 if label is not None else UNREAD, label is None or label.kind == "person"


def _pointing(ask: Ask, spans: Sequence[Span], weight: float = 1.0) -> Asking:
    def about(window: Pieces, asked: NDArray[np.int32]) -> Question:
        answer = np.zeros(len(window.ids) + 1, dtype=bool)
        for span in spans:
            answer[1:] |= (window.starts < span.end) & (window.ends > span.start)
        if ask is Ask.PERSON:
            answer[1:][asked] = False
        answer[0] = not answer.any()
        return Question(ask, asked, answer, weight)

    return about


def _pronoun(text: str, span: Span, person: Person) -> Edit:
    """The edit that hides a name."""
    is_owner = next(x for x in person.places if x.start == span.start).is_owner
    owns = is_owner and re.match(r"[’']s", text[span.end : span.end + 2])
    words = {("m", False): "he", ("m", True): "his", ("f", False): "she", ("f", True): "her"}
    return span.start, span.end + (2 if owns else 0), words[person.gender or "m", is_owner]


def _edited(text: str, edits: Sequence[Edit]) -> tuple[str, Move]:
    """A text with some stretches replaced, and where spans of the first stand in it."""
    pieces, ends, shifts, at, shift = [], [0], [0], 0, 0
    for start, end, new in edits:
        if start < at:
            continue
        pieces += [text[at:start], new]
        at, shift = end, shift + len(new) - (end - start)
        ends.append(at)
        shifts.append(shift)

    def moved(span: Span) -> Span:
        start, end = (place + shifts[bisect_right(ends, place) - 1] for place in (span.start, span.end))
        return Span(start, max(start + 1, end))

    return "".join([*pieces, text[at:]]), moved


def _moved_person(person: Person, moved: Move, hidden: dict[Span, Person]) -> Person:
    places = []
    for place in (x for x in person.places if x.span not in hidden):
        span = moved(place.span)
        places.append(replace(place, start=span.start, end=span.end))
    return Person(person.name, places, person.gender)


# Fitting


def _fit(
    state: State, reader: Reader, articles: Sequence[tuple[GoldArticle, AttributedText]], kept: Path | None
) -> None:
    """Steps of gradient descent until there were enough; the learning rate rises and falls in straight lines."""
    steps = int(EPOCHS * sum(len(reader.examples(*article, change=False)) for article in articles) / BATCH)
    _train(state.net)
    while state.step < steps:
        examples = [e for article in articles for e in reader.examples(*article, change=True)]
        for batch in reader.batches(examples)[: steps - state.step]:
            rate = PEAK * min(1.0, (state.step + 1) / WARM_UP) * max(LAST, 1 - state.step / steps)
            for group in state.optimiser.param_groups:
                group["lr"] = rate
            loss = _loss(reader, state.net, batch)
            state.optimiser.zero_grad()
            loss.backward()  # type: ignore[no-untyped-call]
            nn.utils.clip_grad_norm_(state.net.fitted().values(), 1.0)
            state.optimiser.step()
            state.step += 1
            if state.step % TELL_EVERY == 0:
                print(f"step {state.step} of {steps}, loss {loss.item():.3f}", file=sys.stderr, flush=True)
            if kept is not None and state.step % SAVE_EVERY == 0:
                _keep(state, kept)
    state.net.train(False)


def _train(net: PointerNet) -> None:
    """States lose numbers behind each layer and before the heads; in attention that would take half as long again."""
    net.train(False)
    for name, module in net.named_modules():
        if isinstance(module, nn.Dropout) and (name == "drop" or name.endswith("output.dropout")):
            module.train(True)


def _loss(reader: Reader, net: PointerNet, batch: Sequence[WindowExample]) -> Tensor:
    """The weighed mean over the questions: the negative log of the chance of all right pieces together."""
    states = net(*reader.pointer.padded([(e.window.ids, e.window.marks) for e in batch]))
    losses, weights = [], []
    for example, padded in zip(batch, states, strict=True):
        own = padded[: len(example.window.ids) + 1]
        for question, logits in _asked(net, own, example):
            right = torch.from_numpy(question.answer)
            losses.append(question.weight * (logits.logsumexp(-1) - logits[right].logsumexp(-1)))
            weights.append(question.weight)
    return torch.stack(losses).sum() / sum(weights)


def _asked(net: PointerNet, states: Tensor, example: WindowExample) -> Iterator[tuple[Question, Tensor]]:
    """The questions of a window with their logits."""
    for ask in Ask:
        questions = [q for q in example.questions if q.ask is ask]
        if questions:
            logits = net.answers(states, ask, shares([q.asked for q in questions], len(states)))
            yield from zip(questions, logits, strict=True)


def _counted(reader: Reader, examples: Sequence[WindowExample]) -> Counter[tuple[str, bool]]:
    """How often the likeliest piece is an answer, by kind of question."""
    counts: Counter[tuple[str, bool]] = Counter()
    read = reader.pointer.read([(e.window.ids, e.window.marks) for e in examples])
    for example, window in zip(examples, read, strict=True):
        for ask in Ask:
            questions = [q for q in example.questions if q.ask is ask]
            if questions:
                for question, chances in zip(questions, window.chances(ask, [q.asked for q in questions]), strict=True):
                    counts[ask.name.lower(), bool(question.answer[int(np.argmax(chances))])] += 1
    return counts


def _keep(state: State, kept: Path) -> None:
    part = kept.with_suffix(".part")
    fitted = {name: parameter.detach() for name, parameter in state.net.fitted().items()}
    torch.save({"step": state.step, "fitted": fitted, "optimiser": state.optimiser.state_dict()}, part)
    part.replace(kept)


def _resume(state: State, kept: Path) -> None:
    stored = torch.load(kept)
    state.step = stored["step"]
    for name, parameter in state.net.fitted().items():
        parameter.data.copy_(stored["fitted"][name])
    state.optimiser.load_state_dict(stored["optimiser"])


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]) if len(sys.argv) > 2 else None)
