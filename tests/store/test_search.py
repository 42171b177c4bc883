"""Full text, narrowing, and how near vectors are."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import pytest
from sqlalchemy import update
from sqlalchemy.orm import Session
from tests.store.newsroom import BOATS, FERRY, HOUR, NOW, ferry, ferry_quotations, filed, quoted

from quotetrack.core.domain import UNKNOWN_DAY, ArticleField, DateBasis, SaidOn
from quotetrack.core.normalize import sha256
from quotetrack.pipeline.steps import resolve_speakers
from quotetrack.store import Sessions, search, vectors
from quotetrack.store.article_decisions import put_article_decision, revoke_article_decision
from quotetrack.store.backends import sqlite
from quotetrack.store.search import (
    Narrowing,
    candidates,
    full_text,
    full_text_among,
    utterance_days,
    utterances_with_words,
)
from quotetrack.store.speakers import speakers_by_key
from quotetrack.store.tables import QuotationRow, UtteranceRow
from quotetrack.store.vectors import cosines, put_vectors

DAY = timedelta(days=1)

ISLAND = (
    "“We will not raise the toll,” said Orla Venn.\n\n"
    "On Wednesday the café owner Émile Sund spoke about the toll. “It is a disgrace,” he said."
)
TOLL, DISGRACE = "We will not raise the toll,", "It is a disgrace,"


def day(first: int | None, last: int | None) -> SaidOn:
    return SaidOn(date(2031, 3, first) if first else None, date(2031, 3, last) if last else None, DateBasis.STATED_HERE)


@pytest.fixture
def two_articles(sessions: Sessions) -> Iterator[Session]:
    """Quotations 1 and 2 in the Harbour Post, 3 and 4 in the Islander."""
    with sessions.begin() as session:
        filed(session, ferry(), ferry_quotations())
        islander = ferry(ISLAND, url="https://islander.example/toll", outlet="islander", title="Anger on the quay")
        filed(session, islander, [quoted(ISLAND, TOLL, speaker="Orla Venn"), quoted(ISLAND, DISGRACE, speaker="Sund")])
    resolve_speakers.run(sessions)
    with sessions() as session:
        yield session


def by(session: Session, *keys: str) -> Narrowing:
    """Return a narrowing to these speakers."""
    ids = speakers_by_key(session)
    return Narrowing(speakers=[ids[key] for key in keys])


def test_decided_outlets_and_days_narrow_the_search(two_articles: Session) -> None:
    def found(**narrowing: object) -> list[int]:
        return candidates(two_articles, Narrowing(**narrowing), most=9)  # type: ignore[arg-type]

    tenth = date(2031, 3, 10)
    assert (found(outlet="harbourpost"), found(outlet="islander")) == ([1, 2], [3, 4])
    assert found(published_since=tenth) == []
    decide(two_articles, ArticleField.OUTLET, "islander")
    moved = decide(two_articles, ArticleField.PUBLISHED, "2031-03-10T07:00:00+01:00")
    assert (found(outlet="harbourpost"), found(outlet="islander")) == ([], [1, 2, 3, 4])
    assert (found(published_since=tenth), found(published_until=tenth - DAY)) == ([1, 2], [3, 4])
    assert (found(since=tenth), found(until=tenth - DAY)) == ([1, 2], [3, 4])
    two_articles.execute(update(QuotationRow).values(utterance_id=None))
    two_articles.add_all(UtteranceRow(id=number) for number in (1, 2, 3, 4))
    two_articles.flush()
    two_articles.execute(update(QuotationRow).values(utterance_id=QuotationRow.id))
    assert utterance_days(two_articles, Narrowing()) == {1: tenth, 2: tenth, 3: tenth - DAY, 4: tenth - DAY}
    revoke_article_decision(two_articles, moved, NOW)
    assert found(published_since=tenth) == []


def decide(session: Session, field: ArticleField, value: str) -> int:
    return put_article_decision(session, ferry().url, field, value, decided_by="ada", at=NOW)


@pytest.mark.parametrize(
    ("topic", "found"),
    [
        ("toll", [3, 4]),  # in the words first, then in the paragraph only
        ("tolls", [3, 4]),
        ("Ferries", [1]),
        ("emile", [4]),
        ("EMILE café", [4]),
        ("quay", [3, 4]),  # in the title only
        ("the island ferry", [1]),
        ("submarine", []),
        ("", []),
        ("?!", []),
    ],
)
def test_any_word_in_words_paragraph_or_title_is_a_hit(two_articles: Session, topic: str, found: list[int]) -> None:
    hits = [i for i, _ in full_text(two_articles, topic, limit=9)]
    assert hits[: len(found)] == found
    assert set(found) <= set(hits)


@pytest.mark.parametrize(
    "topic",
    [
        'toll"',
        "toll AND NOT",
        "toll* OR",
        "words:toll",
        "NEAR(toll disgrace)",
        "-toll",
        "^toll",
        "'; DROP TABLE quotations; --toll",
        "toll) (",
        "{words} : toll",
        "toll\0",
        "toll \ud800",
        "_ toll __",
        "toll " + "word" * 9_999,
        "toll " + " ".join(f"w{i}" for i in range(9_999)),
    ],
)
def test_any_text_is_safe_as_a_topic(two_articles: Session, topic: str) -> None:
    assert {3, 4} <= {i for i, _ in full_text(two_articles, topic, limit=9)}


def test_the_best_come_first_up_to_the_limit(two_articles: Session) -> None:
    hits = full_text(two_articles, "toll", limit=9)
    assert hits[0][1] > hits[1][1] > 0
    assert full_text(two_articles, "toll", limit=1) == hits[:1]
    for chosen in ([], [1], [4], [1, 3, 4]):
        among = full_text_among(two_articles, "toll", chosen, limit=9)
        assert among == [hit for hit in hits if hit[0] in chosen]


def test_narrowing_narrows_full_text_too(two_articles: Session) -> None:
    assert [i for i, _ in full_text(two_articles, "toll", by(two_articles, "sund"), limit=9)] == [4]
    assert full_text(two_articles, "toll", Narrowing(outlet="harbourpost"), limit=9) == []
    assert full_text(two_articles, "toll", Narrowing(since=date(2031, 3, 10)), limit=9) == []
    assert full_text(two_articles, "toll", Narrowing(published_until=date(2031, 3, 8)), limit=9) == []
    assert full_text(two_articles, "toll", Narrowing(min_confidence=0.95), limit=9) == []
    assert full_text(two_articles, "toll", Narrowing(speakers=[]), limit=9) == []


def test_a_quotation_is_found_by_the_paragraph_before_as_well(two_articles: Session) -> None:
    assert [i for i, _ in full_text(two_articles, "harbour master", limit=9)] == [1, 2]


def test_quotations_without_an_utterance_have_no_days(two_articles: Session) -> None:
    assert utterance_days(two_articles, Narrowing()) == {}


def test_an_edited_article_is_found_once(session: Session) -> None:
    filed(session, ferry(), ferry_quotations())
    edited = FERRY.replace("resigned", "quit")
    filed(session, ferry(edited), ferry_quotations(edited), NOW + HOUR)
    assert [i for i, _ in full_text(session, "ferry", limit=9)] == [3, 4]
    assert candidates(session, most=9) == [3, 4]


def test_too_many_sightings_are_not_read(two_articles: Session) -> None:
    venn = by(two_articles, "orla venn")
    assert candidates(two_articles, most=4) == [1, 2, 3, 4]
    assert candidates(two_articles, most=3) is None
    assert candidates(two_articles, Narrowing(outlet="islander"), most=2) == [3, 4]
    assert candidates(two_articles, venn, most=2) == [1, 3]
    assert candidates(two_articles, venn, most=1) is None


@pytest.mark.parametrize("hits_a_search", [0, 1_000])
def test_utterances_with_a_word_of_each_set(
    two_articles: Session, monkeypatch: pytest.MonkeyPatch, hits_a_search: int
) -> None:
    """Found the same whether SQLite looks for each quotation among the hits, or for each hit among the quotations."""
    monkeypatch.setattr(sqlite, "HITS_A_SEARCH", hits_a_search)
    two_articles.add_all(UtteranceRow(id=number) for number in range(11, 15))
    two_articles.flush()
    two_articles.execute(update(QuotationRow).values(utterance_id=QuotationRow.id + 10))

    def found(*alternatives: set[str], of: range = range(11, 15), in_words: bool = False) -> set[int]:
        return utterances_with_words(two_articles, alternatives, of, in_words=in_words)

    assert found({"toll"}) == {13, 14}
    assert found({"toll"}, in_words=True) == {13}
    assert found({"toll", "boats"}) == {12, 13, 14}
    assert found({"toll"}, {"disgrace"}) == {14}
    assert found({"toll"}, of=range(11, 14)) == {13}
    assert found({"toll"}, of=range(0)) == set()
    assert found() == set()


def test_candidates_by_speaker_and_outlet(two_articles: Session) -> None:
    venn = by(two_articles, "orla venn")
    assert candidates(two_articles, most=9) == [1, 2, 3, 4]
    assert candidates(two_articles, venn, most=9) == [1, 3]
    assert candidates(two_articles, replace(venn, outlet="islander"), most=9) == [3]
    assert candidates(two_articles, Narrowing(outlet="no such outlet"), most=9) == []


@pytest.mark.parametrize(
    ("said", "published", "since", "until", "may_be"),
    [
        (day(3, 5), 9, 5, None, True),
        (day(3, 5), 9, 6, None, False),
        (day(3, 5), 9, None, 3, True),
        (day(3, 5), 9, None, 2, False),
        (day(3, 5), 9, 4, 4, True),
        (day(3, 5), 4, 6, 8, False),  # a day of speaking beats the day of publication
        (day(None, 5), 9, 6, None, False),
        (day(None, 5), 9, None, 1, True),
        (day(3, None), 9, 20, None, True),
        (day(3, None), 9, None, 2, False),
        (SaidOn(None, date(2031, 3, 9), DateBasis.UNKNOWN), 9, 9, 9, True),
        (SaidOn(None, date(2031, 3, 9), DateBasis.UNKNOWN), 9, 10, None, False),
        (SaidOn(None, date(2031, 3, 9), DateBasis.UNKNOWN), 9, None, 8, False),  # as if it had no day at all
        (UNKNOWN_DAY, 9, 9, 9, True),
        (UNKNOWN_DAY, 9, 10, None, False),
        (UNKNOWN_DAY, 9, None, 8, False),
        (UNKNOWN_DAY, None, 1, 30, False),
        (UNKNOWN_DAY, None, None, None, True),
    ],
)
def test_what_was_possibly_said_in_the_window_is_found(
    session: Session, said: SaidOn, published: int | None, since: int | None, until: int | None, may_be: bool
) -> None:
    published_at = date(2031, 3, published) if published else None
    filed(session, ferry(published_at=published_at), [quoted(FERRY, BOATS, said=said)])
    window = [date(2031, 3, d) if d else None for d in (since, until)]
    assert candidates(session, Narrowing(since=window[0], until=window[1]), most=9) == ([1] if may_be else [])


def test_the_nearest_words_and_passages(two_articles: Session) -> None:
    first, second = ISLAND.split("\n\n")
    vectors = {TOLL: [1.0, 0.0], DISGRACE: [0.0, 1.0], first: [0.0, 1.0], f"{first}\n\n{second}": [0.6, 0.8]}
    put_vectors(two_articles, "mini", {sha256(text): np.array(v) for text, v in vectors.items()})
    near = cosines(two_articles, np.array([1.0, 0.0]), "mini", [4, 3, 2])
    assert near.ids.tolist() == [3, 4]  # neither text of the second is embedded
    assert near.words.tolist() == [1.0, 0.0]
    assert near.passage.tolist() == pytest.approx([0.0, 0.6], abs=1e-3)
    put_vectors(two_articles, "half", {sha256(DISGRACE): np.array([1.0, 0.0])})
    near = cosines(two_articles, np.array([1.0, 0.0]), "half", [3, 4])
    assert (near.ids.tolist(), near.words.tolist(), near.passage.tolist()) == ([4], [1.0], [0.0])
    assert cosines(two_articles, np.array([1.0, 0.0]), "mini", []).ids.tolist() == []
    assert cosines(two_articles, np.array([1.0, 0.0]), "maxi", [3]).ids.tolist() == []
    with pytest.raises(ValueError, match="mismatch"):
        cosines(two_articles, np.ones(3), "mini", [3])


def test_the_scan_gives_the_same_as_numpy(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    """Against a product in numpy, on forty random vectors, in batches of seven."""
    monkeypatch.setattr(vectors, "ROWS_A_BATCH", 7)
    random = np.random.default_rng(7)
    text = "\n\n".join(f"“Number {i:02d} is not for sale,” said Orla Venn." for i in range(40))
    quotations = [quoted(text, f"Number {i:02d} is not for sale,") for i in range(40)]
    filed(session, ferry(text), quotations)
    matrix = random.normal(size=(40, 8)).astype(np.float16)
    put_vectors(session, "mini", {sha256(q.words): v for q, v in zip(quotations, matrix, strict=True)})
    wanted = random.normal(size=8)
    near = cosines(session, wanted, "mini", range(40, 0, -1))
    assert near.ids.tolist() == list(range(1, 41))
    assert near.words == pytest.approx(matrix.astype(np.float32) @ wanted.astype(np.float32), rel=1e-5)


def test_the_best_hits_are_narrowed_first_and_all_hits_if_those_are_too_few(
    two_articles: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    islander = Narrowing(outlet="islander")
    plain = full_text(two_articles, "ferry toll", islander, limit=2)
    assert [i for i, _ in plain] == [3, 4]
    for tried in (1, 2, 3):
        monkeypatch.setattr(search, "TRIED", tried)
        assert full_text(two_articles, "ferry toll", islander, limit=2) == plain
        assert full_text(two_articles, "ferry toll", islander, limit=1) == plain[:1]
