"""Speed of extraction compared with textacy's `direct_quotations`, and its memory. Run by `make bench`."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from statistics import median

import pytest
import spacy
import torch
from spacy.language import Language
from spacy.tokens import Doc
from tests.bench.articles import bench_articles, words_in
from tests.quality.gold_sets import ROOT
from textacy.extract.triples import direct_quotations

from quotetrack.core.domain import Article
from quotetrack.core.settings import Settings
from quotetrack.extract.extractor import extract
from quotetrack.models.pointer import load_pointer
from quotetrack.models.spacy_pipeline import load_language

ARTICLES = 24  # some 20,000 words: half a minute a round on two cores
ROUNDS = 3  # ours and theirs in turn, so that a slow moment of the machine affects both
LEAST_RATIO = 1.0  # ours to theirs by paragraph, in words a second of one core; 1.3 is the goal
MOST_MEMORY = 1.5  # GB
ARTICLES_IN_MEMORY = 84

pytestmark = pytest.mark.bench

Reader = Callable[[list[Article], Language], int]


def ours(articles: list[Article], nlp: Language) -> int:
    """Return the number of quotations, each attributed, resolved and dated."""
    encoder = load_pointer()
    return sum(len(extract(article, nlp, encoder)) for article in articles)


def ours_fast(articles: list[Article], nlp: Language) -> int:
    """Return the same without the pointer model."""
    return sum(len(extract(article, nlp)) for article in articles)


def textacy_by_paragraph(articles: list[Article], nlp: Language) -> int:
    """Return the number of triples of speaker, cue and words; one `nlp()` a paragraph."""
    return _triples(nlp(paragraph) for article in articles for paragraph in _paragraphs(article))


def textacy_by_pipe(articles: list[Article], nlp: Language) -> int:
    """Return the same with the paragraphs in batches, as a user might also do."""
    return _triples(nlp.pipe(paragraph for article in articles for paragraph in _paragraphs(article)))


@pytest.fixture
def one_core() -> Iterator[None]:
    """Let torch compute on one core, as spaCy does."""
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


@pytest.mark.usefixtures("one_core")
def test_we_read_at_least_as_many_words_a_second():
    """Words a second of processor time: by the clock, other work on the machine slows one reader more than another."""
    nlp, plain = (
        load_language(Settings().spacy_model),
        spacy.load(Settings().spacy_model),
    )  # textacy runs on the pipeline as a user loads it
    articles = bench_articles(ARTICLES)
    load_pointer()  # takes some seconds, so not inside the first round
    readers: tuple[Reader, ...] = (ours, ours_fast, textacy_by_paragraph, textacy_by_pipe)
    rates: dict[Reader, list[float]] = {reader: [] for reader in readers}
    found: dict[Reader, int] = {}
    for _ in range(ROUNDS):
        for reader in readers:
            began = time.process_time()
            found[reader] = reader(articles, nlp if reader in (ours, ours_fast) else plain)
            rates[reader].append(words_in(articles) / (time.process_time() - began))
    print(f"\n{len(articles)} articles, {words_in(articles)} words, median of {ROUNDS} rounds in turn")
    print(f"paragraphs with unbalanced marks, which textacy refuses: {_refused(articles, nlp)}")
    for reader in readers:
        print(f"{reader.__name__:22}{median(rates[reader]):8.0f} words/s{found[reader]:6} found")
    for reader in (ours, ours_fast):
        ratios = {other: _ratio(rates[reader], rates[other]) for other in (textacy_by_paragraph, textacy_by_pipe)}
        print(reader.__name__, *(f"to {other.__name__} {ratio:.2f}" for other, ratio in ratios.items()))
        assert ratios[textacy_by_paragraph] >= LEAST_RATIO


def test_extracting_and_embedding_fit_in_memory():
    command = [sys.executable, "-m", "tests.bench.memory", str(ARTICLES_IN_MEMORY)]
    run = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True)
    peak = float(run.stdout)
    print(f"\npeak memory of extracting and embedding {ARTICLES_IN_MEMORY} articles: {peak:.2f} GB")
    assert peak < MOST_MEMORY


def _ratio(our_rates: list[float], their_rates: list[float]) -> float:
    """Return the median over the rounds of our rate divided by theirs."""
    return median(our / their for our, their in zip(our_rates, their_rates, strict=True))


def _paragraphs(article: Article) -> list[str]:
    return [paragraph for paragraph in article.text.split("\n\n") if paragraph.strip()]


def _triples(docs: Iterable[Doc]) -> int:
    return sum(number for doc in docs if (number := _triples_of(doc)) is not None)


def _triples_of(doc: Doc) -> int | None:
    """Return the number of triples; None where textacy raises, as it does for an odd number of quotation marks."""
    try:
        return len(list(direct_quotations(doc)))
    except ValueError:
        return None


def _refused(articles: list[Article], nlp: Language) -> int:
    paragraphs = (paragraph for article in articles for paragraph in _paragraphs(article))
    return sum(_triples_of(doc) is None for doc in nlp.pipe(paragraphs))
