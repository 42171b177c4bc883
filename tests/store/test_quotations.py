"""Articles and quotations: how they are stored, and that storing them again changes nothing."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone

import numpy as np
import pytest
from sqlalchemy import delete, inspect, select, text, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session
from tests.store.newsroom import (
    BOATS,
    EXTRACTOR,
    FERRY,
    FERRY_PARTS,
    HOUR,
    LINKER,
    NOW,
    a_run,
    ferry,
    ferry_quotations,
    filed,
    filed_unsure,
    quoted,
    sightings_to_link,
    unsure,
)

from quotetrack.core.domain import Article, Attribution, DateBasis, Failure, Link, LinkKind, SaidOn, Span
from quotetrack.core.normalize import sha256
from quotetrack.store.articles import OutletFacts, Taken, Taking, content_sha256, put_article, read_version
from quotetrack.store.links import drop_links, links_of, put_links
from quotetrack.store.quotations import put_extract_error, put_quotations
from quotetrack.store.runs import finish_run, put_failure
from quotetrack.store.search import full_text, utterances_with_words
from quotetrack.store.sightings import counts, read_sightings
from quotetrack.store.tables import (
    ArticleVersionRow,
    EmbeddingRow,
    FailureRow,
    LinkRow,
    OutletRow,
    QuotationRow,
    RunRow,
    UtteranceRow,
)
from quotetrack.store.utterances import follow, put_utterances, read_utterance, utterance_ids
from quotetrack.store.vectors import put_vectors

EDITED = FERRY.replace("resigned", "has resigned")
CET = timezone(timedelta(hours=1))


def take(session: Session, article: Article, now: datetime = NOW) -> Taken:
    return put_article(session, article, a_run(session), now)


def all_rows(session: Session) -> list[tuple[object, ...]]:
    """Return every row of every table except the runs, and the rows of the full-text index."""
    session.flush()
    names = set(inspect(session.connection()).get_table_names()) - {"runs", "quotation_text_data"}
    rows = [(name, *row) for name in names for row in session.execute(text(f"SELECT * FROM {name}"))]
    return sorted(rows, key=str)


def current(session: Session) -> list[int]:
    wanted = select(ArticleVersionRow.id).where(ArticleVersionRow.is_current)
    return list(session.scalars(wanted.order_by(ArticleVersionRow.id)))


def link_all(session: Session, *clusters: set[int], ids: list[int | None] | None = None, **merged: int) -> list[int]:
    redirects = {int(absorbed.lstrip("_")): kept for absorbed, kept in merged.items()}
    known = ids or [None] * len(clusters)
    return put_utterances(session, [frozenset(c) for c in clusters], known, redirects, LINKER)


# Runs and failures


def test_a_run_is_stored_with_its_times_and_counts(session: Session) -> None:
    run_id = a_run(session)
    put_failure(session, run_id, Failure("news.jsonl line 7", "is not JSON"), NOW)
    finish_run(session, run_id, NOW + HOUR, {"new": 3, "failed": 1}, None)
    session.expire_all()
    run = session.get_one(RunRow, run_id)
    assert (run.started_at, run.finished_at, run.counts, run.error) == (NOW, NOW + HOUR, {"new": 3, "failed": 1}, None)
    failure = session.scalars(select(FailureRow)).one()
    assert (failure.place, failure.reason, failure.failed_at) == ("news.jsonl line 7", "is not JSON", NOW)


def test_our_own_moments_are_utc(session: Session) -> None:
    filed(session, ferry(fetched_at=datetime(2031, 3, 10, 7, 0, tzinfo=CET)), [])
    stored = str(session.scalar(text("SELECT first_seen_at FROM article_versions")))
    assert stored.removesuffix(".000000") == "2031-03-10 06:00:00"


# Articles


def test_the_same_night_twice_changes_nothing(session: Session) -> None:
    def night() -> None:
        filed(session, ferry(fetched_at=NOW), ferry_quotations())
        filed(session, ferry(EDITED, fetched_at=NOW + HOUR), ferry_quotations(EDITED))
        put_vectors(session, "mini", {sha256("a"): np.array([0.6, 0.8])})
        ids = sightings_to_link(session, LINKER)
        put_links(session, [Link(3, 4, LinkKind.REWORDED, 0.5, ("not",))], LINKER)
        link_all(session, *({i} for i in ids))

    night()
    before = all_rows(session)
    night()
    assert all_rows(session) == before
    assert len(before) > 10


def test_the_same_article_again_only_moves_last_seen(session: Session) -> None:
    first = take(session, ferry())
    again = take(session, replace(ferry(), byline="By Someone", wire_credit="XPA"), NOW + HOUR)
    assert (first.taking, again.taking) == (Taking.NEW, Taking.UNCHANGED)
    assert again.version_id == first.version_id
    version = session.get_one(ArticleVersionRow, first.version_id)
    assert (version.first_seen_at, version.last_seen_at) == (NOW, NOW + HOUR)
    assert (version.byline, version.wire_credit) == (None, None)


def test_an_edited_article_is_a_new_version_and_the_old_one_is_kept(session: Session) -> None:
    first = take(session, ferry())
    edited = take(session, ferry(EDITED), NOW + HOUR)
    assert edited.taking == Taking.EDITED
    assert current(session) == [edited.version_id]
    assert read_version(session, first.version_id).text == FERRY
    retitled = take(session, ferry(EDITED, title="Venn goes"), NOW + 2 * HOUR)
    assert retitled.taking == Taking.EDITED
    assert current(session) == [retitled.version_id]


def test_an_edition_that_comes_late_is_not_the_current_one(session: Session) -> None:
    newer = take(session, ferry(EDITED, fetched_at=NOW))
    older = take(session, ferry(fetched_at=NOW - HOUR))
    assert older.taking == Taking.EDITED
    assert current(session) == [newer.version_id]


@pytest.mark.parametrize("fetched", [(NOW - 2 * HOUR, NOW - HOUR), (None, None)])
def test_two_editions_taken_in_twice_change_nothing(session: Session, fetched: tuple[datetime | None, ...]) -> None:
    editions = [ferry(fetched_at=fetched[0]), ferry(EDITED, fetched_at=fetched[1])]
    first = [take(session, edition, NOW) for edition in editions]
    second = [take(session, edition, NOW + HOUR) for edition in editions]
    assert [taken.taking for taken in second] == [Taking.UNCHANGED] * 2
    assert current(session) == [first[1].version_id]


def test_an_outlet_that_takes_an_edit_back_is_believed(session: Session) -> None:
    first = take(session, ferry(fetched_at=NOW))
    take(session, ferry(EDITED, fetched_at=NOW + HOUR))
    seen_then = take(session, ferry(fetched_at=NOW + HOUR))
    assert current(session) != [first.version_id]
    back = take(session, ferry(fetched_at=NOW + 2 * HOUR))
    assert (seen_then.taking, back) == (Taking.UNCHANGED, Taken(first.version_id, Taking.UNCHANGED))
    assert current(session) == [first.version_id]


def test_a_table_holds_one_current_version(session: Session) -> None:
    take(session, ferry())
    take(session, ferry(EDITED), NOW + HOUR)
    with pytest.raises(IntegrityError):
        session.execute(update(ArticleVersionRow).values(is_current=True))


@pytest.mark.parametrize(
    "printed",
    [
        None,
        date(2031, 3, 9),
        datetime(2031, 3, 9, 23, 30),
        datetime(2031, 3, 9, 23, 30, 1, 5, tzinfo=UTC),
        datetime(2031, 3, 9, 23, 30, tzinfo=CET),
        datetime(2031, 3, 9),
    ],
)
def test_the_hour_of_publication_is_kept_as_printed(session: Session, printed: date | None) -> None:
    taken = take(session, ferry(published_at=printed))
    session.expire_all()
    read = read_version(session, taken.version_id).published_at
    assert (type(read), read) == (type(printed), printed)
    assert getattr(read, "tzinfo", None) == getattr(printed, "tzinfo", None)
    day = session.scalar(text("SELECT substr(published_at, 1, 10) FROM article_versions"))
    assert day == ("2031-03-09" if printed else None)


def test_an_article_comes_back_as_it_went_in(session: Session) -> None:
    article = replace(
        ferry(fetched_at=NOW, external_id="hp-7", wire_credit="XPA"), byline="By Ada Finch", language="en"
    )
    taken = take(session, article)
    session.expire_all()
    assert read_version(session, taken.version_id) == article


def test_an_outlet_is_one_row_and_its_unknown_facts_are_filled_in(session: Session) -> None:
    run_id = a_run(session)
    put_article(session, ferry(), run_id, NOW)
    facts = OutletFacts("The Harbour Post", "NL", "en", "Europe/Amsterdam")
    put_article(session, ferry(), run_id, NOW, facts)
    put_article(session, ferry(), run_id, NOW, OutletFacts("Another Name"))
    outlet = session.scalars(select(OutletRow)).one()
    assert (outlet.slug, outlet.name, outlet.country) == ("harbourpost", "The Harbour Post", "NL")
    assert (outlet.language, outlet.timezone) == ("en", "Europe/Amsterdam")


def test_title_and_text_make_the_hash() -> None:
    assert content_sha256(ferry()) == sha256(f"Venn leaves the harbour\0{FERRY}")
    assert len({content_sha256(a) for a in (ferry(), ferry(title=None), ferry(EDITED))}) == 3
    assert content_sha256(ferry()) == content_sha256(ferry(url="https://other.example/", outlet="other"))


def test_a_fetch_without_a_time_zone_is_refused(session: Session) -> None:
    with pytest.raises(ValueError, match="which time zone"):
        take(session, ferry(fetched_at=datetime(2031, 3, 10)))


# Quotations


def test_the_same_characters_keep_their_row(session: Session) -> None:
    taken = filed(session, ferry(), ferry_quotations())
    link_all(session, {1}, {2})
    better = quoted(FERRY, *FERRY_PARTS, speaker="O. Venn")
    put_quotations(session, taken.version_id, [better, ferry_quotations()[1]], "extract 2", a_run(session))
    venn, brisk = read_sightings(session)
    assert (venn.id, venn.speaker, venn.extractor) == (1, "O. Venn", "extract 2")
    assert (brisk.id, brisk.speaker) == (2, "Tadeo Brisk")
    assert sightings_to_link(session, LINKER) == [1]
    assert utterance_ids(session) == {1: 1, 2: 2}
    assert session.get_one(QuotationRow, 1).run_id > session.get_one(QuotationRow, 2).run_id


@pytest.mark.parametrize(
    ("changed", "is_linked_again"),
    [
        ({}, False),
        ({"occasion": "at the quay"}, False),
        ({"said": SaidOn(date(2031, 3, 8), date(2031, 3, 8), DateBasis.STATED_HERE)}, True),
        ({"attribution": Attribution("Someone Else", None, None, "by_hand", 0.9, 0.95)}, True),
        ({"attribution": Attribution("Tadeo Brisk", Span(0, 4), None, "another_rule", 0.5, 0.6)}, False),
        ({"attribution": None}, True),
    ],
)
def test_a_quotation_that_changed_is_linked_again(
    session: Session, changed: dict[str, object], is_linked_again: bool
) -> None:
    boats = quoted(FERRY, BOATS, speaker="Tadeo Brisk")
    taken = filed(session, ferry(), [boats])
    link_all(session, {1})
    put_quotations(session, taken.version_id, [replace(boats, **changed)], "extract 2", a_run(session))
    assert sightings_to_link(session, LINKER) == ([1] if is_linked_again else [])


def test_other_alternatives_change_the_row_and_link_nothing_again(session: Session) -> None:
    taken = filed_unsure(session)
    link_all(session, {1})
    first_run = session.get_one(QuotationRow, 1).run_id
    put_quotations(session, taken.version_id, [unsure()], "extract 2", a_run(session))
    assert session.get_one(QuotationRow, 1).run_id == first_run
    found = unsure().attribution
    assert found is not None
    other = replace(unsure(), attribution=replace(found, alternatives=found.alternatives[:1]))
    put_quotations(session, taken.version_id, [other], "extract 3", a_run(session))
    (sighting,) = read_sightings(session)
    assert sighting.alternatives == found.alternatives[:1] and sightings_to_link(session, LINKER) == []
    named = replace(unsure(), attribution=replace(found, name="Ada Roth"))
    put_quotations(session, taken.version_id, [named], "extract 4", a_run(session))
    assert sightings_to_link(session, LINKER) == [1]


def test_other_parts_within_one_span_are_found_by_their_new_words(session: Session) -> None:
    whole = quoted(FERRY, FERRY[FERRY.index("The ferry") : FERRY.index("that much.") + 10])
    taken = filed(session, ferry(), [whole])
    link_all(session, {1})
    put_quotations(session, taken.version_id, [quoted(FERRY, *FERRY_PARTS)], "extract 2", a_run(session))
    (sighting,) = read_sightings(session)
    assert (sighting.id, sighting.words) == (1, " ".join(FERRY_PARTS))
    assert sightings_to_link(session, LINKER) == [1]
    assert [i for i, _ in full_text(session, "ferry", limit=9)] == [1]
    assert utterances_with_words(session, [["master"]], [1], in_words=True) == set()  # between the parts
    assert utterances_with_words(session, [["master"]], [1]) == {1}


def test_a_shortened_paragraph_is_not_found_by_the_lost_words(session: Session) -> None:
    boats = quoted(FERRY, BOATS)
    taken = filed(session, ferry(), [boats])
    assert [i for i, _ in full_text(session, "he", limit=9)] == [1]
    shorter = replace(boats, context=Span(boats.context.start, boats.span.end))
    put_quotations(session, taken.version_id, [shorter], "extract 2", a_run(session))
    assert full_text(session, "he", limit=9) == []
    assert [i for i, _ in full_text(session, "boats", limit=9)] == [1]


def test_a_quotation_that_is_gone_is_retired_and_revived_under_its_id(session: Session) -> None:
    taken = filed(session, ferry(), ferry_quotations())
    link_all(session, {1}, {2})
    put_quotations(session, taken.version_id, ferry_quotations()[:1], "extract 2", a_run(session))
    assert [s.id for s in read_sightings(session)] == [1]
    assert session.get_one(QuotationRow, 2).retired_at == NOW
    assert read_utterance(session, 2) is None
    assert [i for i, _ in full_text(session, "boats", limit=9)] == []
    put_quotations(session, taken.version_id, ferry_quotations(), "extract 3", a_run(session))
    assert [s.id for s in read_sightings(session)] == [1, 2]
    assert sightings_to_link(session, LINKER) == [2]
    assert utterance_ids(session) == {1: 1, 2: 2}
    assert [i for i, _ in full_text(session, "boats", limit=9)] == [2]


def test_an_edited_article_keeps_the_ids_of_its_utterances(session: Session) -> None:
    filed(session, ferry(), ferry_quotations())
    link_all(session, {1}, {2})
    filed(session, ferry(EDITED), ferry_quotations(EDITED), NOW + HOUR)
    assert [s.id for s in read_sightings(session)] == [3, 4]
    assert sightings_to_link(session, LINKER) == [3, 4]
    assert utterance_ids(session, [3, 4]) == {3: 1, 4: 2}


def test_an_extract_error_stays_until_another_extractor_succeeds(session: Session) -> None:
    taken = take(session, ferry())
    put_extract_error(session, taken.version_id, EXTRACTOR, "a sentence without an end")
    version = session.get_one(ArticleVersionRow, taken.version_id)
    assert (version.extracted_by, version.extract_error) == (EXTRACTOR, "a sentence without an end")
    put_quotations(session, taken.version_id, [], "extract 2", a_run(session))
    assert (version.extracted_by, version.extract_error) == ("extract 2", None)


def test_words_that_are_not_in_the_text_are_refused(session: Session) -> None:
    taken = take(session, ferry())
    boats = quoted(FERRY, BOATS)
    for wrong in (
        [replace(boats, words="Promises float; boats do not,")],
        [replace(boats, parts=(Span(9_000, 9_010),))],
        [replace(boats, said_evidence=Span(9_000, 9_010))],
        [boats, boats],
    ):
        with pytest.raises(ValueError, match=r"other words|past the text|one span"):
            put_quotations(session, taken.version_id, wrong, EXTRACTOR, a_run(session))


# Vectors, links, utterances


def test_a_text_has_one_vector_of_a_model(session: Session) -> None:
    put_vectors(session, "mini", {"k": np.array([1.0, 0.0], dtype=np.float32)})
    put_vectors(session, "mini", {"k": np.array([0.0, 1.0])})
    put_vectors(session, "maxi", {"k": np.array([0.0, 1.0])})
    put_vectors(session, "mini", {})
    stored = {row.model: np.frombuffer(row.vector, "<f2").tolist() for row in session.scalars(select(EmbeddingRow))}
    assert stored == {"mini": [1.0, 0.0], "maxi": [0.0, 1.0]}
    with pytest.raises(ValueError, match="no vector"):
        put_vectors(session, "mini", {"n": np.array([np.nan, 1.0])})


def test_a_pair_has_one_link_whichever_way_round(session: Session) -> None:
    filed(session, ferry(), ferry_quotations())
    put_links(session, [Link(2, 1, LinkKind.CONTAINED, 0.5)], LINKER)
    put_links(session, [Link(1, 2, LinkKind.REWORDED, 0.25, ("not",))], "link 2")
    row = session.scalars(select(LinkRow)).one()
    assert (row.id, row.left_id, row.right_id, row.linker) == (1, 1, 2, "link 2")
    link_all(session, {1, 2})
    assert links_of(session, 1) == [Link(1, 2, LinkKind.REWORDED, 0.25, ("not",))]
    drop_links(session, links_of(session, 1))
    assert links_of(session, 1) == []
    with pytest.raises(TypeError):
        put_links(session, [Link("a", "b", LinkKind.EXACT, 1.0)], LINKER)


def test_ids_are_minted_kept_and_redirected(session: Session) -> None:
    filed(session, ferry(), ferry_quotations())
    filed(session, ferry(url="https://dockside.example/1", outlet="dockside"), ferry_quotations())
    assert link_all(session, {1}, {2}, {3}, {4}) == [1, 2, 3, 4]
    assert link_all(session, {1, 3}, {2, 4}, ids=[1, 2], _3=1, _4=2) == [1, 2]
    assert (follow(session, 3), follow(session, 4), follow(session, 99)) == (1, 2, 99)
    assert link_all(session, {1, 2, 3, 4}, ids=[2], _1=2) == [2]
    merged = read_utterance(session, 3)
    assert merged is not None
    assert (merged.id, [s.id for s in merged.sightings]) == (2, [1, 2, 3, 4])
    assert link_all(session, {1, 3}, {2, 4}, ids=[None, 2]) == [5, 2]
    assert utterance_ids(session) == {1: 5, 2: 2, 3: 5, 4: 2}
    assert sightings_to_link(session, LINKER) == []
    assert sightings_to_link(session, "link 2") == [1, 2, 3, 4]


def test_a_revived_quotation_has_the_id_that_its_own_was_merged_into(session: Session) -> None:
    taken = filed(session, ferry(), ferry_quotations())
    link_all(session, {1}, {2})
    put_quotations(session, taken.version_id, ferry_quotations()[:1], "extract 2", a_run(session))
    link_all(session, {1}, ids=[1], _2=1)
    put_quotations(session, taken.version_id, ferry_quotations(), "extract 3", a_run(session))
    assert utterance_ids(session) == {1: 1, 2: 1}


def test_an_id_is_never_used_again(session: Session) -> None:
    filed(session, ferry(), ferry_quotations())
    assert link_all(session, {1}, {2}) == [1, 2]
    session.execute(update(QuotationRow).values(utterance_id=None))
    session.execute(delete(UtteranceRow))
    session.commit()
    assert link_all(session, {1}, {2}) == [3, 4]


def test_no_store_function_commits(session: Session) -> None:
    filed(session, ferry(), ferry_quotations())
    link_all(session, {1}, {2})
    session.rollback()
    assert set(counts(session).values()) == {0}


@pytest.mark.parametrize(
    "statement",
    [
        'UPDATE quotations SET start = "end"',
        "UPDATE quotations SET attribution_confidence = 1.5",
        "UPDATE quotations SET said_first = '2031-03-10', said_last = '2031-03-09'",
        "INSERT INTO links (left_id, right_id, kind, score, flags, linker) VALUES (2, 1, 'exact', 1, '[]', 'x')",
        "INSERT INTO links (left_id, right_id, kind, score, flags, linker) VALUES (1, 1, 'exact', 1, '[]', 'x')",
        "UPDATE utterances SET merged_into_id = id",
    ],
)
def test_the_tables_refuse_impossible_rows(session: Session, statement: str) -> None:
    filed(session, ferry(), ferry_quotations())
    link_all(session, {1}, {2})
    with pytest.raises(IntegrityError):
        session.execute(text(statement))
