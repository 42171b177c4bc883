"""Fit the pointer model: `python -m quotetrack.training.pointer GOLD_FOLDER [--half]`.

Half an hour on two quiet cores.

Fitted on the articles of `corpora.py`; one article in six is held out, and its figures are printed. The model reads
each window of an article once and answers all questions about it: which mention names the speaker of these words, who
is the speaker, whom does this pronoun or description mean. Hidden names (see `training/pointer_changes.py`) are asked
for too; the other places of the name are the answer. Writes `models/weights/pointer.npz`, and the articles that it has
seen to `pointer_articles.txt`. A fit that was stopped goes on from `pointer_state.pt` in the working folder (the half
model's: `half_pointer_state.pt`).

With --half it fits a second model without half of the articles that the shipped one has seen, and writes it to
`half_pointer.npz`. `calibration.py` needs it: how sure a name is shows only on articles that the model has not seen.
Fit it again whenever the shipped one is.
"""

from __future__ import annotations

import sys
from argparse import ArgumentParser
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn

from quotetrack.core.settings import Settings
from quotetrack.evaluation.gold import GoldArticle
from quotetrack.extract.extractor import AttributedText, attribute_text
from quotetrack.extract.windows import Ask
from quotetrack.models.pointer import Pointer, PointerNet, fresh_net, shares
from quotetrack.models.spacy_pipeline import load_language
from quotetrack.training.corpora import all_articles, read_corpora
from quotetrack.training.folds import SEEN, half_of, held_out, seen_by_pointer
from quotetrack.training.invented_articles import INVENTED_URL
from quotetrack.training.pointer_examples import BATCH, ExampleMaker, Question, WindowExample

WEIGHTS = Path(__file__).parents[1] / "models" / "weights" / "pointer.npz"
HALF = Path(__file__).with_name("half_pointer.npz")
EPOCHS = 4.5
TIMES_INVENTED = 2  # versions of an invented article in one epoch
PEAK_RATE = 1e-3  # learning rate after the warm-up
WARM_UP = 100  # steps
LAST_SHARE = 0.02  # of the peak rate, at the end
DECAY = 0.05  # of the fitted weights in a step, times the learning rate
MOST_GRADIENT = 1.0  # norm at which gradients are clipped
SAVE_EVERY, PRINT_EVERY = 100, 50  # steps


@dataclass(slots=True)
class FitState:
    """The state of a fit: the steps that are done, the net, and its optimiser."""

    step: int
    net: PointerNet
    optimiser: torch.optim.AdamW


def main(folder: Path, *, is_half: bool) -> None:
    """Fit, report, write."""
    torch.manual_seed(0)
    net, tokenizer = fresh_net()
    maker = ExampleMaker(Pointer(_in_bfloat16(net), tokenizer))
    articles = read_articles(folder)
    ids = {gold.id for gold, _ in articles}
    unseen = half_of(seen_by_pointer()) if is_half else held_out(ids)
    state_file = Path("half_pointer_state.pt" if is_half else "pointer_state.pt")
    state = FitState(0, net, torch.optim.AdamW(net.fitted().values(), lr=PEAK_RATE, weight_decay=DECAY))
    if state_file.is_file():
        _load_state(state, state_file)
    _fit(state, maker, [article for article in articles if article[0].id not in unseen], state_file)
    examples = [e for article in articles if article[0].id in unseen for e in maker.examples(*article, change=False)]
    counts = _count_right(maker, examples)
    for kind in sorted({kind for kind, _ in counts}):
        right, wrong = counts[kind, True], counts[kind, False]
        print(f"{kind:12}{right:5} of {right + wrong:5}  {right / (right + wrong):.3f}  held out")
    fitted = {name: parameter.detach().numpy().astype(np.float16) for name, parameter in net.fitted().items()}
    np.savez_compressed(HALF if is_half else WEIGHTS, allow_pickle=False, **fitted)
    if not is_half:
        SEEN.write_text("\n".join(sorted(ids - unseen)) + "\n", encoding="utf-8")
    state_file.unlink(missing_ok=True)


def read_articles(folder: Path) -> list[tuple[GoldArticle, AttributedText]]:
    """Return all articles, each with its people and its quoted characters."""
    nlp = load_language(Settings().spacy_model)
    return [(article, attribute_text(article.article.text, nlp)) for article in all_articles(read_corpora(folder))]


def _in_bfloat16(net: PointerNet) -> PointerNet:
    """Put MiniLM, which is not fitted, into bfloat16: twice as fast where the processor has it.

    Attention is computed step by step, because the fused one takes twice as long in the backward pass.
    """
    net.bert.set_attn_implementation("eager")
    for parameter in net.bert.parameters():
        parameter.data = parameter.data.bfloat16()
    for parameter in net.fitted().values():
        parameter.data = parameter.data.float()
    return net


def _fit(
    state: FitState,
    maker: ExampleMaker,
    articles: Sequence[tuple[GoldArticle, AttributedText]],
    state_file: Path,
) -> None:
    """Do the steps of gradient descent that are left; the learning rate rises and falls linearly."""
    steps = int(EPOCHS * sum(len(_changed_examples(maker, article)) for article in articles) / BATCH)
    _set_training_mode(state.net)
    while state.step < steps:
        examples = [e for article in articles for e in _changed_examples(maker, article)]
        for batch in maker.batches(examples)[: steps - state.step]:
            rate = PEAK_RATE * min(1.0, (state.step + 1) / WARM_UP) * max(LAST_SHARE, 1 - state.step / steps)
            for group in state.optimiser.param_groups:
                group["lr"] = rate
            loss = _loss(maker, state.net, batch)
            state.optimiser.zero_grad()
            loss.backward()  # type: ignore[no-untyped-call]
            nn.utils.clip_grad_norm_(state.net.fitted().values(), MOST_GRADIENT)
            state.optimiser.step()
            state.step += 1
            if state.step % PRINT_EVERY == 0:
                print(f"step {state.step} of {steps}, loss {loss.item():.3f}", file=sys.stderr, flush=True)
            if state.step % SAVE_EVERY == 0:
                _save_state(state, state_file)
    state.net.train(False)


def _changed_examples(maker: ExampleMaker, article: tuple[GoldArticle, AttributedText]) -> list[WindowExample]:
    """Return the examples of changed versions of an article in one epoch: short and hard ones are changed twice."""
    times = TIMES_INVENTED if article[0].article.url.startswith(INVENTED_URL) else 1
    return [example for _ in range(times) for example in maker.examples(*article, change=True)]


def _set_training_mode(net: PointerNet) -> None:
    """Use dropout behind each layer and before the heads, but not in attention: there it costs half the time again."""
    net.train(False)
    for name, module in net.named_modules():
        if isinstance(module, nn.Dropout) and (name == "drop" or name.endswith("output.dropout")):
            module.train(True)


def _loss(maker: ExampleMaker, net: PointerNet, batch: Sequence[WindowExample]) -> Tensor:
    """Return the weighed mean over the questions of the negative log-probability of all right pieces together."""
    states = net(*maker.pointer.padded([(e.window.ids, e.window.marks) for e in batch]))
    losses, weights = [], []
    for example, padded in zip(batch, states, strict=True):
        own = padded[: len(example.window.ids) + 1]
        for question, logits in _with_logits(net, own, example):
            right = torch.from_numpy(question.answer)
            losses.append(question.weight * (logits.logsumexp(-1) - logits[right].logsumexp(-1)))
            weights.append(question.weight)
    return torch.stack(losses).sum() / sum(weights)


def _with_logits(net: PointerNet, states: Tensor, example: WindowExample) -> Iterator[tuple[Question, Tensor]]:
    """Yield the questions of a window with their logits, shape (1 + pieces,)."""
    for ask in Ask:
        questions = [q for q in example.questions if q.ask is ask]
        if questions:
            logits = net.answers(states, ask, shares([q.asked for q in questions], len(states)))
            yield from zip(questions, logits, strict=True)


def _count_right(maker: ExampleMaker, examples: Sequence[WindowExample]) -> Counter[tuple[str, bool]]:
    """Return how often the likeliest piece is an answer or not, by kind of question."""
    counts: Counter[tuple[str, bool]] = Counter()
    read = maker.pointer.read([(e.window.ids, e.window.marks) for e in examples])
    for example, window in zip(examples, read, strict=True):
        for ask in Ask:
            questions = [q for q in example.questions if q.ask is ask]
            if not questions:
                continue
            for question, chances in zip(questions, window.chances(ask, [q.asked for q in questions]), strict=True):
                counts[ask.name.lower(), bool(question.answer[int(np.argmax(chances))])] += 1
    return counts


def _save_state(state: FitState, file: Path) -> None:
    """Write the state to a second file and rename it, so that an interruption leaves the old state."""
    part = file.with_suffix(".part")
    fitted = {name: parameter.detach() for name, parameter in state.net.fitted().items()}
    torch.save({"step": state.step, "fitted": fitted, "optimiser": state.optimiser.state_dict()}, part)
    part.replace(file)


def _load_state(state: FitState, file: Path) -> None:
    stored = torch.load(file)
    state.step = stored["step"]
    for name, parameter in state.net.fitted().items():
        parameter.data.copy_(stored["fitted"][name])
    state.optimiser.load_state_dict(stored["optimiser"])


if __name__ == "__main__":
    parser = ArgumentParser()
    parser.add_argument("gold", type=Path)
    parser.add_argument("--half", action="store_true")
    arguments = parser.parse_args()
    main(arguments.gold, is_half=arguments.half)
