"""Fit the reading model: `python -m quotetrack.fit.pointer GOLD_FOLDER [STATE]`. An hour on one quiet core.

Fitted on `quotations_train.jsonl` and, for whom a mention means, `speakers_dates_train.jsonl`; one article in eight is
held out, and its figures are printed. Three kinds of questions: the mention of a quotation's speaker, the person whom a
labelled pronoun or office means, and names of our own hiding: a repeated name becomes "he" or "she", and the other
places of the name are the answer (as in Kocijan et al., 2019). In most articles the people swap names with one another,
so that nobody is learned by heart. With a STATE file it goes on where it stopped. Writes `pointer_weights.npz`.
"""

from __future__ import annotations

import random
import re
import sys
from bisect import bisect_right
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from quotetrack.embed import load_embedder
from quotetrack.extract import Whose, attribution_of, load_language
from quotetrack.extract.cues import lines
from quotetrack.extract.people import Person, given_names
from quotetrack.extract.windows import MENTION_ASKED, Pieces, Window, around_mention, around_words
from quotetrack.fit.coref import same_person
from quotetrack.fit.gold import GoldArticle, read_gold
from quotetrack.model import Span
from quotetrack.pointer import BASE, Pointer, PointerNet
from quotetrack.settings import Settings

if TYPE_CHECKING:
    from transformers import BertModel

WEIGHTS = Path(__file__).parent.parent / "pointer_weights.npz"
HELD_OUT = 8  # one article in so many
STEPS, BATCH, PEAK, WARM_UP, LAST = 1350, 16, 1e-3, 100, 0.02
SWAPPED = 0.6  # share of the articles in which the people swap names
HIDDEN_AN_ARTICLE = 5  # names
HIDDEN_NEAR = 900  # characters from the last place of a name at which a pronoun could still stand for it
SAVE_EVERY, TELL_EVERY = 100, 50  # steps

Bools = NDArray[np.bool_]
_TITLE = re.compile(r"\b(?:Mr|Mrs|Ms|Sen|Rep|Gov|Dr|President|Senator|Secretary|Governor|Justice|Judge|Miss|Gen)\.?\s$")
_HE_SHE = {"he", "she", "him", "her"}


@dataclass(frozen=True, slots=True)
class Example:
    """One question: its kind, its window, and which pieces are an answer, after "not in here"."""

    kind: str
    window: Window
    answer: Bools


@dataclass(slots=True)
class State:
    """How far the fit is, in steps, and what it has."""

    step: int
    net: PointerNet
    optimiser: torch.optim.AdamW


def main(folder: Path, kept: Path | None) -> None:
    """Fit, report, write."""
    torch.manual_seed(0)
    embedder = load_embedder(BASE)
    bert: BertModel = embedder.model[0].auto_model  # type: ignore[assignment]
    net = _in_halves(PointerNet(bert))
    reader = Reader(Pointer(net, embedder.model.tokenizer))
    articles = read_articles(folder)
    held_out = {key for i, key in enumerate(sorted(gold.id for gold, _ in articles)) if i % HELD_OUT == 0}
    state = State(0, net, torch.optim.AdamW(net.fitted().values(), lr=PEAK, weight_decay=0.01))
    if kept is not None and kept.is_file():
        _resume(state, kept)
    _fit(state, reader, [a for a in articles if a[0].id not in held_out], kept)
    counts = _counted(reader, [e for a in articles if a[0].id in held_out for e in reader.examples(*a, swap=False)])
    for kind in sorted({kind for kind, _ in counts}):
        right, wrong = counts[kind, True], counts[kind, False]
        print(f"{kind:12}{right:5} of {right + wrong:5}  {right / (right + wrong):.3f}  held out")
    fitted = {name: parameter.detach().numpy().astype(np.float16) for name, parameter in net.fitted().items()}
    np.savez(WEIGHTS, allow_pickle=False, **fitted)


def read_articles(folder: Path) -> list[tuple[GoldArticle, Whose]]:
    """All of train, with its people and the characters in marks."""
    nlp = load_language(Settings().spacy_model)
    gold = read_gold(folder, "quotations_train", "speakers_dates_train")
    return [(article, attribution_of(article.article.text, nlp)) for article in gold]


def _in_halves(net: PointerNet) -> PointerNet:
    """MiniLM, which is not fitted, in bfloat16: twice as fast where the processor has it."""
    for parameter in net.bert.parameters():
        parameter.data = parameter.data.bfloat16()
    for parameter in net.fitted().values():
        parameter.data = parameter.data.float()
    return net


# Questions


class Reader:
    """Makes questions of articles, and batches of questions."""

    def __init__(self, pointer: Pointer) -> None:
        self.pointer = pointer
        self._random = random.Random(0)
        self._given: dict[str, list[str]] = {"f": [], "m": []}
        for line in lines("given_names.txt"):
            self._given[line[0]] += [name.capitalize() for name in line.split()[1:]]

    def examples(self, gold: GoldArticle, whose: Whose, *, swap: bool) -> Iterator[Example]:
        """The questions about one article."""
        text, moved = self._swapped(gold.article.text, whose.people.persons) if swap else (gold.article.text, _as_it_is)
        pieces = Pieces(*self.pointer.pieces(text))
        quoted = [_moved(span, moved) for span in whose.quoted]
        for part in gold.parts:
            window = around_words(pieces, _moved(part.span, moved), quoted)
            yield Example("words", window, _answer(window, [_moved(m, moved) for m in part.mentions]))
        places = {p.name: [_moved(Span(x.start, x.end), moved) for x in p.places] for p in whose.people.persons}
        for mention, kind, name in _labelled(gold):
            window = around_mention(pieces, _moved(mention, moved), quoted)
            own = [span for other, spans in places.items() if same_person(name, other) for span in spans]
            yield Example(kind, window, _answer(window, own))
        for person, hidden in self._to_hide(gold.article.text, whose):
            span = places[person.name][hidden]
            window = self._hidden(around_mention(pieces, span, quoted), person, person.places[hidden].is_owner)
            yield Example("hidden", window, _answer(window, [s for s in places[person.name] if s != span]))

    def _swapped(self, text: str, persons: Sequence[Person]) -> tuple[str, Callable[[int], int]]:
        """A text in which everybody is called otherwise, and where each character of the first stands in it."""
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
        if not new:
            return text, _as_it_is
        pieces, ends, shifts, at, shift = [], [0], [0], 0, 0
        for match in re.finditer(rf"\b(?:{'|'.join(map(re.escape, new))})\b", text):
            pieces += [text[at : match.start()], new[match[0]]]
            at, shift = match.end(), shift + len(new[match[0]]) - len(match[0])
            ends.append(at)
            shifts.append(shift)
        return "".join([*pieces, text[at:]]), lambda place: place + shifts[bisect_right(ends, place) - 1]

    def _to_hide(self, text: str, whose: Whose) -> list[tuple[Person, int]]:
        """Places of repeated names at which a pronoun could stand: the person, and the number of the place."""
        found = []
        for person in (p for p in whose.people.persons if p.gender):
            for i, place in enumerate(person.places[1:], start=1):
                before = person.places[i - 1]
                is_bare = " " not in text[place.start : place.end] and not _TITLE.search(text[: place.start][-12:])
                could = place.acts or place.speaks or place.is_owner
                quoted = any(s.start <= x.start < s.end for s in whose.quoted for x in (place, before))
                if is_bare and could and not quoted and place.start - before.start <= HIDDEN_NEAR:
                    found.append((person, i))
        self._random.shuffle(found)
        return found[:HIDDEN_AN_ARTICLE]

    def _hidden(self, window: Window, person: Person, is_owner: bool) -> Window:
        """The window with one pronoun for the pieces asked about."""
        words = {("m", False): "he", ("m", True): "his", ("f", False): "she", ("f", True): "her"}
        pronoun = self.pointer.pieces(words[person.gender or "m", is_owner])[0]
        asked = np.flatnonzero(window.marks == MENTION_ASKED)
        ids = window.ids.copy()
        ids[asked[:1]] = pronoun
        kept = np.ones(len(ids), dtype=bool)
        kept[asked[1:]] = False
        return Window(ids[kept], window.marks[kept], window.starts[kept], window.ends[kept])

    def batches(self, examples: Sequence[Example]) -> list[list[Example]]:
        """Batches of questions of like length, in any order."""
        mixed = list(examples)
        self._random.shuffle(mixed)
        batches = []
        for start in range(0, len(mixed), BATCH * 20):
            alike = sorted(mixed[start : start + BATCH * 20], key=lambda e: len(e.window.ids))
            batches += [alike[i : i + BATCH] for i in range(0, len(alike), BATCH)]
        self._random.shuffle(batches)
        return batches

    def is_to_swap(self) -> bool:
        """Whether the people of the next article swap names."""
        return self._random.random() < SWAPPED


def _labelled(gold: GoldArticle) -> Iterator[tuple[Span, str, str]]:
    """Mentions whose person was read: pronouns and descriptions, each once."""
    seen = set()
    for part in gold.parts:
        if part.label is None or not part.label.name or not part.mentions or part.mentions[0] in seen:
            continue
        seen.add(part.mentions[0])
        words = part.mentions[0].of(gold.article.text)
        if words.lower() in _HE_SHE:
            yield part.mentions[0], "pronoun", part.label.name
        elif words.islower():
            yield part.mentions[0], "office", part.label.name


def _as_it_is(place: int) -> int:
    return place


def _moved(span: Span, moved: Callable[[int], int]) -> Span:
    return Span(moved(span.start), max(moved(span.start) + 1, moved(span.end)))


def _answer(window: Window, spans: Sequence[Span]) -> Bools:
    hit = np.zeros(len(window.ids) + 1, dtype=bool)
    for span in spans:
        hit[1:] |= (window.starts < span.end) & (window.ends > span.start)
    hit[1:][window.marks == MENTION_ASKED] = False
    hit[0] = not hit.any()
    return hit


# Fitting


def _fit(state: State, reader: Reader, articles: Sequence[tuple[GoldArticle, Whose]], kept: Path | None) -> None:
    """Steps of gradient descent until there were enough; the learning rate rises and falls in straight lines."""
    rate = 0.0
    while state.step < STEPS:
        examples = [e for gold, whose in articles for e in reader.examples(gold, whose, swap=reader.is_to_swap())]
        for batch in reader.batches(examples)[: STEPS - state.step]:
            rate = PEAK * min(1.0, (state.step + 1) / WARM_UP) * max(LAST, 1 - state.step / STEPS)
            for group in state.optimiser.param_groups:
                group["lr"] = rate
            loss = _loss(reader, state.net, batch)
            state.optimiser.zero_grad()
            loss.backward()  # type: ignore[no-untyped-call]
            nn.utils.clip_grad_norm_(state.net.fitted().values(), 1.0)
            state.optimiser.step()
            state.step += 1
            if state.step % TELL_EVERY == 0:
                print(f"step {state.step} of {STEPS}, loss {loss.item():.3f}", file=sys.stderr, flush=True)
            if kept is not None and state.step % SAVE_EVERY == 0:
                _keep(state, kept)


def _loss(reader: Reader, net: PointerNet, batch: Sequence[Example]) -> Tensor:
    """The negative log of the chance of all right pieces together."""
    logits = net(*reader.pointer.padded([(e.window.ids, e.window.marks) for e in batch]))
    right = torch.zeros(logits.shape, dtype=torch.bool)
    for row, example in enumerate(batch):
        right[row, : len(example.answer)] = torch.from_numpy(example.answer)
    loss: Tensor = (logits.logsumexp(-1) - logits.masked_fill(~right, float("-inf")).logsumexp(-1)).mean()
    return loss


def _counted(reader: Reader, examples: Sequence[Example]) -> Counter[tuple[str, bool]]:
    """How often the likeliest piece is an answer, by kind of question."""
    chances = reader.pointer.chances([(e.window.ids, e.window.marks) for e in examples])
    return Counter((e.kind, bool(e.answer[int(np.argmax(c))])) for e, c in zip(examples, chances, strict=True))


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
