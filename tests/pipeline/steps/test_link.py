"""Linking night by night: the same as all at once, under ids that last, and with judgements above the score."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from tests.store.newsroom import HOUR, NOW, quoted

from quotetrack.core.domain import UNKNOWN_DAY, Article, Attribution, DateBasis, Quotation, SaidOn
from quotetrack.core.settings import Settings
from quotetrack.core.versions import LINKER
from quotetrack.linking import compare
from quotetrack.linking.clusters import link_sightings
from quotetrack.pipeline.progress import ignore_progress
from quotetrack.pipeline.steps import link
from quotetrack.review.judgements import judge
from quotetrack.store import Sessions, close_store, open_store
from quotetrack.store.articles import put_article
from quotetrack.store.decisions import read_judgements, revoke_judgements
from quotetrack.store.quotations import put_quotations
from quotetrack.store.runs import start_run
from quotetrack.store.sightings import read_sightings
from quotetrack.store.tables import LinkRow, PostingRow, QuotationRow, UtteranceRow, WordingRow
from quotetrack.store.utterances import iter_utterances, read_utterance
from quotetrack.store.worklists import quotations_for_linker

WHOLE = "We will not close the harbour at Vessel Point before the last trawler is home, whatever the ministry writes."
CUT = "before the last trawler is home, whatever the ministry writes"
OTHER = "The ferry has sailed every winter since my mother was a girl, and it will sail this winter too."


@dataclass(frozen=True)
class Printed:
    """An article with one quotation; another version if the URL has one already."""

    url: str
    words: str
    speaker: str | None = "Ilse Brandvold"
    day: int = 4
    said: SaidOn = UNKNOWN_DAY


def store_article(sessions: Sessions, printed: Printed, hours: int = 0) -> None:
    text = f"On the quay they heard it. “{printed.words}” So it went."
    url = f"https://{printed.url}.example/1"
    article = Article(url, printed.url, text, published_at=date(2031, 5, 1) + timedelta(printed.day - 1))
    found: list[Quotation] = []
    if printed.words.strip():
        found = [quoted(text, printed.words, speaker=printed.speaker, said=printed.said)]
    with sessions.begin() as session:
        run_id = start_run(session, "ingest", "0.1.0", NOW)
        taken = put_article(session, article, run_id, NOW + hours * HOUR)
        put_quotations(session, taken.version_id, found, "by hand", run_id)


@contextmanager
def a_store() -> Iterator[Sessions]:
    opened = open_store("sqlite://")
    yield opened
    close_store(opened)


def clusters(sessions: Sessions) -> set[frozenset[int]]:
    with sessions() as session:
        return {frozenset(int(s.id) for s in utterance.sightings) for utterance in iter_utterances(session)}


def names(sessions: Sessions) -> dict[int, int]:
    with sessions() as session:
        return {int(s.id): utterance.id for utterance in iter_utterances(session) for s in utterance.sightings}


def stored(sessions: Sessions) -> tuple[object, ...]:
    """Return the state of the linker, except for the utterances."""
    with sessions() as session:
        links = select(LinkRow.left_id, LinkRow.right_id, LinkRow.kind, LinkRow.score, LinkRow.flags)
        return (
            sorted(tuple(map(str, row)) for row in session.execute(links)),
            sorted(tuple(row) for row in session.execute(select(PostingRow.gram, PostingRow.wording_id))),
            sorted(session.scalars(select(WordingRow.id))),
            sorted(tuple(row) for row in session.execute(select(QuotationRow.id, QuotationRow.wording_id))),
        )


def stated(first: int | None, last: int | None) -> SaidOn:
    """Return the days of May 2031 that an article states; None is an open end."""
    return SaidOn(first and date(2031, 5, first), last and date(2031, 5, last), DateBasis.STATED_HERE)


VOICES = [
    "we will not",
    "close the harbour",
    "at Vessel Point",
    "before the last trawler is home",
    "[…]",
    "never",
    "so",
]
printed_articles = st.builds(
    Printed,
    url=st.sampled_from("abcdefgh"),
    words=st.lists(st.sampled_from(VOICES), min_size=0, max_size=4).map(" ".join),
    speaker=st.sampled_from([None, "Ilse Brandvold", "Odd Marek"]),
    day=st.integers(1, 20),
    said=st.sampled_from([UNKNOWN_DAY, stated(3, 3), stated(4, 4), stated(4, 5), stated(None, 4), stated(5, None)]),
)
nights = st.lists(st.lists(printed_articles, min_size=1, max_size=5), min_size=1, max_size=5)


@pytest.mark.slow
@settings(max_examples=60, deadline=None)
@given(nights, st.integers(1, 3), st.integers(1, 4))
def test_linking_night_by_night_is_linking_all_at_once(articles: list[list[Printed]], batch: int, most: int) -> None:
    with pytest.MonkeyPatch.context() as patch, a_store() as by_night, a_store() as at_once:
        patch.setattr(compare, "POSTINGS", most)  # so that a few wordings are too many
        patch.setattr(link, "POSTINGS", most)
        seen: set[int] = set()
        hour = 0
        for night in articles:
            for printed in night:
                hour += 1
                store_article(by_night, printed, hour)
                store_article(at_once, printed, hour)
            patch.setattr(link, "QUOTATIONS_A_COMMIT", batch)
            link.run(by_night)
            seen |= set(names(by_night).values())
        patch.setattr(link, "QUOTATIONS_A_COMMIT", 5_000)
        link.run(at_once)
        assert clusters(by_night) == clusters(at_once) == plainly(at_once)
        assert stored(by_night) == stored(at_once)
        assert lost_names(by_night, seen) == []


def plainly(sessions: Sessions) -> set[frozenset[int]]:
    """Return the clusters that `link_sightings` makes without a store."""
    with sessions() as session:
        found = link_sightings(read_sightings(session))
    return {frozenset(int(s.id) for s in utterance.sightings) for utterance in found}


def lost_names(sessions: Sessions, seen: set[int]) -> list[int]:
    """Return the ids that had a sighting and now lead to no utterance, although sightings exist."""
    with sessions() as session:
        live = set(session.scalars(select(QuotationRow.utterance_id).where(QuotationRow.wording_id.is_not(None))))
        merged = dict(session.execute(select(UtteranceRow.id, UtteranceRow.merged_into_id)).all())
        return [each for each in seen if merged[each] is not None and read_utterance(session, each) is None and live]


def test_a_second_run_changes_nothing(sessions: Sessions) -> None:
    for url, words in zip("abc", (WHOLE, CUT, OTHER), strict=True):
        store_article(sessions, Printed(url, words))
    link.run(sessions)
    before = stored(sessions), names(sessions)
    link.run(sessions)
    assert (stored(sessions), names(sessions)) == before
    with sessions() as session:
        assert quotations_for_linker(session, LINKER) == []
    assert clusters(sessions) == {frozenset({1, 2}), frozenset({3})}


@pytest.mark.parametrize(
    ("said", "also_said", "are_linked"),
    [
        (stated(3, 3), stated(3, 3), True),
        (stated(3, 3), stated(4, 4), False),
        (stated(3, 3), stated(2, 3), True),
        (stated(1, 2), stated(3, 9), False),
        (stated(3, 3), stated(None, 3), True),
        (stated(3, 3), stated(4, None), False),
        (stated(3, 3), UNKNOWN_DAY, True),
        (stated(3, 3), SaidOn(None, date(2031, 5, 1), DateBasis.IMPLIED), True),  # no article states this day
    ],
)
def test_stated_days_that_exclude_each_other_keep_two_wordings_apart(
    sessions: Sessions, said: SaidOn, also_said: SaidOn, are_linked: bool
) -> None:
    store_article(sessions, Printed("a", WHOLE, said=said))
    link.run(sessions)
    store_article(sessions, Printed("b", CUT, said=also_said))
    link.run(sessions)
    assert clusters(sessions) == ({frozenset({1, 2})} if are_linked else {frozenset({1}), frozenset({2})})


def test_a_wording_of_many_days_is_compared_for_each_of_them(sessions: Sessions) -> None:
    for url, day in (("a", 3), ("b", 8)):
        store_article(sessions, Printed(url, WHOLE, said=stated(day, day)))
    store_article(sessions, Printed("c", CUT, said=stated(8, 8)))
    link.run(sessions)
    assert clusters(sessions) == {frozenset({1}), frozenset({2, 3})}


def test_another_linker_links_everything_again_under_the_same_ids(
    sessions: Sessions, monkeypatch: pytest.MonkeyPatch
) -> None:
    for url, words in zip("abc", (WHOLE, CUT, OTHER), strict=True):
        store_article(sessions, Printed(url, words))
    link.run(sessions)
    before = stored(sessions), names(sessions)
    monkeypatch.setattr(link, "LINKER", "link-of-tomorrow")
    link.run(sessions, ignore_progress)
    assert (stored(sessions), names(sessions)) == before
    with sessions() as session:
        assert set(session.scalars(select(LinkRow.linker))) == {"link-of-tomorrow"}


def test_a_night_that_is_interrupted_is_completed_by_the_next(
    sessions: Sessions, monkeypatch: pytest.MonkeyPatch
) -> None:
    for url, words in zip("abcd", (WHOLE, CUT, OTHER, WHOLE), strict=True):
        store_article(sessions, Printed(url, words))
    monkeypatch.setattr(link, "QUOTATIONS_A_COMMIT", 2)

    def stopped(_step: str, done: int, _of: int | None) -> None:
        if done:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        link.run(sessions, stopped)
    assert len(names(sessions)) == 2
    link.run(sessions)
    assert clusters(sessions) == {frozenset({1, 2, 4}), frozenset({3})}


# Judgements


def linked_three(sessions: Sessions) -> None:
    for url, words in zip("abc", (WHOLE, CUT, OTHER), strict=True):
        store_article(sessions, Printed(url, words))
    link.run(sessions)


def say(sessions: Sessions, left: int, right: int, same: bool) -> None:
    judge(sessions, left, right, same=same, decided_by="M. K.", now=NOW, settings=Settings())
    link.run(sessions)


def test_a_judgement_overrides_the_linker_until_it_is_revoked(sessions: Sessions) -> None:
    linked_three(sessions)
    before = names(sessions)
    say(sessions, 1, 2, same=False)
    assert clusters(sessions) == {frozenset({1}), frozenset({2}), frozenset({3})}
    say(sessions, 3, 2, same=True)
    assert clusters(sessions) == {frozenset({1}), frozenset({2, 3})}
    assert names(sessions)[1] == before[1]
    with sessions.begin() as session:  # both before the linker sees either
        assert revoke_judgements(session, 2, 3, NOW) and revoke_judgements(session, 1, 2, NOW)
    link.run(sessions)
    assert clusters(sessions) == {frozenset({1, 2}), frozenset({3})}
    assert (names(sessions)[1], names(sessions)[3]) == (before[1], before[3])


def test_a_judgement_separates_even_identical_copies(sessions: Sessions) -> None:
    for url in "abc":
        store_article(sessions, Printed(url, WHOLE))
    link.run(sessions)
    assert clusters(sessions) == {frozenset({1, 2, 3})}
    say(sessions, 1, 3, same=False)
    assert clusters(sessions) == {frozenset({1, 2}), frozenset({3})}


def test_a_judgement_joins_across_any_days(sessions: Sessions) -> None:
    store_article(sessions, Printed("a", WHOLE))
    store_article(sessions, Printed("b", OTHER, speaker="Odd Marek", day=19))
    link.run(sessions)
    say(sessions, 1, 2, same=True)
    assert clusters(sessions) == {frozenset({1, 2})}


def test_the_opposite_judgement_replaces_the_first(sessions: Sessions) -> None:
    linked_three(sessions)
    say(sessions, 1, 2, same=False)
    say(sessions, 2, 1, same=True)
    say(sessions, 1, 2, same=True)
    with sessions() as session:
        assert [(j.left, j.right, j.same) for j in read_judgements(session)] == [((1,), (2,), True)]
    assert clusters(sessions) == {frozenset({1, 2}), frozenset({3})}


def test_a_judgement_survives_another_extractor_and_an_edited_article(sessions: Sessions) -> None:
    linked_three(sessions)
    say(sessions, 1, 2, same=False)
    # Another extractor takes fewer characters for the words, so that the row is another one.
    text = f"On the quay they heard it. “{WHOLE}” So it went."
    with sessions.begin() as session:
        run_id = start_run(session, "ingest", "0.1.0", NOW)
        shorter = quoted(text, WHOLE.removesuffix("."), speaker="Ilse Brandvold")
        put_quotations(session, 1, [shorter], "by another hand", run_id)
    link.run(sessions)
    assert clusters(sessions) == {frozenset({4}), frozenset({2}), frozenset({3})}
    # The newspaper edits the article before the words: they stand elsewhere, in another version.
    edited = f"It rained all day. {text}"
    with sessions.begin() as session:
        run_id = start_run(session, "ingest", "0.1.0", NOW)
        article = Article("https://b.example/1", "b", edited.replace(WHOLE, CUT), published_at=date(2031, 5, 4))
        taken = put_article(session, article, run_id, NOW + HOUR)
        put_quotations(session, taken.version_id, [quoted(article.text, CUT)], "by hand", run_id)
    link.run(sessions)
    assert clusters(sessions) == {frozenset({4}), frozenset({5}), frozenset({3})}


def test_a_judgement_is_an_orphan_until_its_words_are_back(sessions: Sessions) -> None:
    linked_three(sessions)
    say(sessions, 1, 2, same=False)
    text = f"On the quay they heard it. “{CUT}” So it went."
    with sessions.begin() as session:
        put_quotations(session, 2, [], "by another hand", start_run(session, "ingest", "0.1.0", NOW))
    link.run(sessions)
    with sessions() as session:
        (orphan,) = read_judgements(session)
    assert orphan.is_orphan and orphan.anchors[1].exact == CUT
    assert clusters(sessions) == {frozenset({1}), frozenset({3})}
    with sessions.begin() as session:
        back = replace(quoted(text, CUT), attribution=Attribution("Ilse Brandvold", None, None, "by_hand", 0.9, 0.95))
        put_quotations(session, 2, [back], "by hand", start_run(session, "ingest", "0.1.0", NOW))
    link.run(sessions)
    assert clusters(sessions) == {frozenset({1}), frozenset({2}), frozenset({3})}


@pytest.mark.parametrize(("left", "right", "error"), [(1, 1, ValueError), (1, 99, LookupError)])
def test_an_impossible_judgement_is_refused(sessions: Sessions, left: int, right: int, error: type[Exception]) -> None:
    linked_three(sessions)
    with pytest.raises(error):
        judge(sessions, left, right, same=True, decided_by="M. K.", now=NOW, settings=Settings())
    with sessions() as session:
        assert read_judgements(session) == []


@pytest.mark.parametrize(
    ("judged", "last", "named"),
    [
        ([(1, 2, True), (2, 3, True)], (1, 3, False), r"1 and 3 cannot be different.*\(1 and 2, 2 and 3\)"),
        ([(1, 2, True), (1, 3, False)], (2, 3, True), r"2 and 3 cannot be the same.*\(1 and 3\)"),
        ([(1, 3, False), (2, 3, True)], (2, 1, True), r"2 and 1 cannot be the same.*\(1 and 3\)"),
    ],
)
def test_a_judgement_that_contradicts_others_is_refused_and_says_which(
    sessions: Sessions, judged: list[tuple[int, int, bool]], last: tuple[int, int, bool], named: str
) -> None:
    linked_three(sessions)
    for left, right, same in judged:
        say(sessions, left, right, same)
    before = clusters(sessions)
    with pytest.raises(ValueError, match=named):
        say(sessions, *last)
    assert clusters(sessions) == before
    with sessions() as session:
        assert len(read_judgements(session)) == len(judged)


def test_the_opposite_judgement_about_two_sightings_replaces_the_old_one(sessions: Sessions) -> None:
    linked_three(sessions)
    say(sessions, 1, 3, True)
    say(sessions, 1, 3, False)
    say(sessions, 1, 3, True)
    assert any({1, 3} <= cluster for cluster in clusters(sessions))
