"""Measure how much of an article's text the intake keeps: `python -m tests.quality.bodies` prints the table.

The pages and the measure are those of Zyte's benchmark of article extraction: multisets of four-word shingles,
precision and recall as means over pages, F1 of the means.
"""

from __future__ import annotations

import gzip
import json
import random
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from tests.quality.gold_sets import SHARED

from quotetrack.ingest.html.article import NotAnArticle, read_page
from quotetrack.ingest.outlets import load_outlets

FOLDER = SHARED / "bodies"
WORDS_IN_SHINGLE = 4

_QUOTED = re.compile(r"“([^“”\n]+)”|\"([^\"\n]+)\"")


@dataclass(frozen=True, slots=True)
class PageScore:
    """What one page keeps. `quoted` counts the spans in quotation marks of the true text, `kept` those in ours."""

    precision: float
    recall: float
    is_refused: bool
    quoted: int
    kept: int


def page_score(truth: str, text: str | None) -> PageScore:
    """Return the score of the text that was read from a page; None if the page was refused."""
    true, ours = _shingles(truth), _shingles(text or "")
    common = (true & ours).total()
    spans = [" ".join((curly or straight).split()) for curly, straight in _QUOTED.findall(truth)]
    stored = " ".join((text or "").split())
    return PageScore(
        precision=common / ours.total() if ours else float(not true),
        recall=common / true.total() if true else 1.0,
        is_refused=text is None,
        quoted=len(spans),
        kept=sum(span in stored for span in spans),
    )


def _shingles(text: str) -> Counter[tuple[str, ...]]:
    words = re.findall(r"\w+", text)
    starts = range(max(1, len(words) - WORDS_IN_SHINGLE + 1)) if words else ()
    return Counter(tuple(words[start : start + WORDS_IN_SHINGLE]) for start in starts)


def f1(scores: Sequence[PageScore]) -> tuple[float, float, float]:
    """Return mean precision, mean recall, and the F1 of the two."""
    precision = sum(score.precision for score in scores) / len(scores)
    recall = sum(score.recall for score in scores) / len(scores)
    return precision, recall, 2 * precision * recall / (precision + recall)


def measure() -> dict[str, PageScore]:
    """Return the score of every page, by its name."""
    outlets = load_outlets()
    scores = {}
    for name, page in json.loads((FOLDER / "ground-truth.json").read_text("utf-8")).items():
        html = gzip.decompress((FOLDER / "html" / f"{name}.html.gz").read_bytes())
        try:
            text = read_page(html, url=page["url"], outlets=outlets).text
        except NotAnArticle:
            text = None
        scores[name] = page_score(page["articleBody"], text)
    return scores


def _main() -> None:
    scores = measure()
    names = sorted(scores)
    random.Random(0).shuffle(names)
    middle = len(names) // 2
    for label, part in (("all", names), ("one half", names[:middle]), ("the other half", names[middle:])):
        print(
            f"{label:15}{len(part):4} pages  P {{:.3f}}  R {{:.3f}}  F1 {{:.3f}}".format(*f1([scores[n] for n in part]))
        )
    refused = sum(score.is_refused for score in scores.values())
    kept, quoted = (sum(getattr(score, name) for score in scores.values()) for name in ("kept", "quoted"))
    print(f"refused: {refused}; quoted spans kept: {kept} of {quoted}")


if __name__ == "__main__":
    _main()
