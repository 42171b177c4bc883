"""Which stored article one is, what is filled in when it comes again, and what a person decided about it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from itertools import permutations
from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select
from sqlalchemy.orm import Session
from tests.store.newsroom import EXTRACTOR, FERRY, HOUR, NOW, a_run, ferry, ferry_quotations, filed

from quotetrack.core.domain import Article, ArticleField
from quotetrack.store.article_decisions import (
    extract_decided_articles,
    put_article_decision,
    read_article_decisions,
    revoke_article_decision,
)
from quotetrack.store.article_records import find_articles, list_articles, read_article_record
from quotetrack.store.articles import Taking, put_article, read_version
from quotetrack.store.decisions import AppliedKind, decisions_to_apply
from quotetrack.store.quotations import put_quotations
from quotetrack.store.search import full_text
from quotetrack.store.sightings import read_sightings
from quotetrack.store.tables import ArticleRow, ArticleVersionRow, NoteRow, QuotationRow
from quotetrack.store.worklists import quotations_for_linker, versions_never_extracted

URL = ferry().url
DAY = timedelta(days=1)


def take(session: Session, article: Article) -> Taking:
    return put_article(session, article, a_run(session), NOW).taking


def saved(folder: str, outlet: str = "unknown", **given: object) -> Article:
    """Return the ferry article as a file without a URL."""
    return replace(ferry(), url=f"file:/{folder}/ferry.txt", outlet=outlet, **given)  # type: ignore[arg-type]


def decide(session: Session, field: ArticleField, value: str | None, url: str = URL) -> int:
    return put_article_decision(session, url, field, value, decided_by="ada", at=NOW)


# What is filled in


@pytest.mark.parametrize(
    ("before", "given"),
    [
        ({"outlet": "unknown"}, {"outlet": "harbourpost"}),
        ({"published_at": None}, {"published_at": date(2031, 3, 9)}),
        ({"outlet": "unknown", "published_at": None}, {"outlet": "harbourpost", "published_at": date(2031, 3, 9)}),
    ],
)
def test_what_was_unknown_is_filled_in_and_the_article_waits_to_be_extracted_again(
    session: Session, before: dict[str, object], given: dict[str, object]
) -> None:
    filed(session, replace(ferry(), **before), ferry_quotations())  # type: ignore[arg-type]
    session.execute(QuotationRow.__table__.update().values(linked_by="link 1"))
    assert (versions_never_extracted(session), quotations_for_linker(session, "link 1")) == ([], [])
    assert take(session, replace(ferry(), **given)) == Taking.COMPLETED  # type: ignore[arg-type]
    article = read_version(session, 1)
    assert (article.outlet, article.published_at) == ("harbourpost", date(2031, 3, 9))
    assert (versions_never_extracted(session), quotations_for_linker(session, "link 1")) == ([1], [1, 2])
    assert take(session, ferry()) == Taking.UNCHANGED


def test_what_is_known_is_never_overwritten(session: Session) -> None:
    filed(session, ferry(), ferry_quotations())
    again = ferry(outlet="islander", published_at=date(2031, 3, 10))
    assert take(session, again) == Taking.UNCHANGED
    assert (read_version(session, 1).outlet, read_version(session, 1).published_on) == ("harbourpost", date(2031, 3, 9))
    assert versions_never_extracted(session) == []


# Which article one is: address and content have to agree

COUNCIL = (
    "The council of Dunmere met on Monday to talk about the library roof, and forty residents came to listen.\n\n"
    "“Rain has been falling on the shelves since I was a girl,” said Hale Brannock after the vote."
)
CREWS = (
    "Ferry crews at Brackwater walked off the landing at noon when managers published a new timetable.\n\n"
    "“Take away the evening boat and you take away every job here,” said Isolde Perrin, who speaks for them."
)
CONSENT = (
    "We and our partners store and read information on a device, such as cookies, and process personal data to show "
    "advertising and content that suits you. You can change your choices at any time."
)
ROOF = "https://dunmere-echo.example/news/roof"


def council(url: str = ROOF, **given: object) -> Article:
    article = Article(url, "echo", COUNCIL, "Dunmere votes on its library roof", published_at=date(2031, 3, 4))
    return replace(article, **given)  # type: ignore[arg-type]


def crews(url: str = ROOF, **given: object) -> Article:
    article = Article(url, "echo", CREWS, "Crews walk off the landing", published_at=date(2031, 3, 5))
    return replace(article, **given)  # type: ignore[arg-type]


def notes_of(session: Session) -> set[str]:
    return set(session.scalars(select(NoteRow.kind)))


@pytest.mark.parametrize(
    "variant",
    [
        "http://dunmere-echo.example/news/roof",
        "https://www.dunmere-echo.example/news/roof/",
        "https://m.dunmere-echo.example/news/roof",
        "https://amp.dunmere-echo.example/news/roof",
        "https://dunmere-echo.example/news/roof/amp/",
        "https://dunmere-echo.example/news/roof?utm_source=rss",
        "https://web.archive.org/web/20310304090000/https://dunmere-echo.example/news/roof",
    ],
)
def test_all_forms_of_an_address_are_one_article_and_the_copy_is_noted(session: Session, variant: str) -> None:
    assert [take(session, council()), take(session, council(variant))] == [Taking.NEW, Taking.UNCHANGED]
    assert notes_of(session) == {"copy"}
    assert list(session.scalars(select(ArticleRow.url))) == [ROOF]


def test_two_articles_at_one_address_are_two_and_both_are_found_again(session: Session) -> None:
    assert [take(session, council()), take(session, crews())] == [Taking.NEW, Taking.NEW]
    assert sorted(session.scalars(select(ArticleRow.url))) == [ROOF, f"{ROOF}#2031-03-05"]
    assert notes_of(session) == {"address"}
    assert [take(session, crews()), take(session, council())] == [Taking.UNCHANGED, Taking.UNCHANGED]
    assert take(session, crews(text=f"{CREWS} The boats lay still.")) == Taking.EDITED
    third = council(
        text=CREWS.replace("Brackwater", "Carn")[::-1], title="Nothing alike", published_at=date(2031, 3, 5)
    )
    assert take(session, third) == Taking.NEW


def test_a_stub_does_not_take_the_place_of_the_whole_text(session: Session) -> None:
    take(session, council())
    beginning = council(text=COUNCIL.split("\n\n")[0], notes=(("paywall", "shows 19 words"),))
    stub = put_article(session, beginning, a_run(session), NOW + DAY)
    assert (stub.taking, stub.version_id) == (Taking.KEPT, 1)
    assert "19 of 37 words" in (stub.reason or "")
    assert (read_version(session, 1).text, notes_of(session)) == (COUNCIL, {"kept"})
    assert take(session, council()) == Taking.UNCHANGED


def test_the_whole_text_takes_the_place_of_a_stub(session: Session) -> None:
    take(session, council(text=COUNCIL.split("\n\n")[0]))
    assert take(session, council()) == Taking.EDITED


def test_what_stands_at_the_address_now_is_current_also_where_the_clock_has_gone_back(session: Session) -> None:
    before = replace(ferry(), fetched_at=NOW + DAY)
    edited = replace(ferry(FERRY.replace("resigned", "resigned on Sunday")), fetched_at=NOW)
    stub = replace(ferry(FERRY[:60]), fetched_at=NOW, notes=(("paywall", "the page offers a subscription"),))
    run_id = a_run(session)

    def live(article: Article) -> Taking:
        return put_article(session, article, run_id, NOW, is_live=True).taking

    assert take(session, before) is Taking.NEW
    assert live(stub) is Taking.KEPT
    assert live(edited) is Taking.EDITED
    assert current_texts(session) == [edited.text]
    assert live(replace(before, fetched_at=NOW)) is Taking.UNCHANGED  # the outlet went back to its first text
    assert current_texts(session) == [FERRY]
    assert take(session, edited) is Taking.UNCHANGED  # an old copy, such as a WARC file, changes nothing
    assert current_texts(session) == [FERRY]


def test_a_file_without_a_time_that_was_edited_is_current_also_where_the_clock_has_gone_back(session: Session) -> None:
    run_id = a_run(session)
    put_article(session, ferry(), run_id, NOW + DAY)
    edited = ferry(FERRY.replace("resigned", "resigned on Sunday"))
    assert take(session, edited) is Taking.EDITED
    assert current_texts(session) == [edited.text]


def current_texts(session: Session) -> list[str]:
    return list(session.scalars(select(ArticleVersionRow.text).where(ArticleVersionRow.is_current)))


def test_what_is_no_article_does_not_take_the_place_of_one(session: Session) -> None:
    take(session, council())
    consent = council(text=CONSENT, title="Your privacy choices", published_at=None)
    assert put_article(session, consent, a_run(session), NOW + DAY).taking == Taking.KEPT
    assert (read_version(session, 1).text, notes_of(session)) == (COUNCIL, {"kept"})


def test_a_text_of_less_than_half_the_words_is_noted(session: Session) -> None:
    take(session, council(text=f"{COUNCIL}\n\n{CREWS}"))
    assert take(session, council(text=CREWS)) == Taking.EDITED
    assert notes_of(session) == {"shrunk"}


ADDRESSES = st.sampled_from(
    [ROOF, f"{ROOF}/", "http://www.dunmere-echo.example/news/roof", "https://dunmere-echo.example/"]
)
WORDS = st.lists(st.sampled_from([f"word{number}" for number in range(500)]), min_size=15, max_size=30, unique=True)


@given(st.lists(st.tuples(ADDRESSES, WORDS), min_size=1, max_size=6), st.randoms())
@settings(deadline=None, max_examples=10, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_as_many_different_articles_as_go_in_are_on_file_or_told(
    session: Session, drawn: list[tuple[str, list[str]]], random: Random
) -> None:
    session.rollback()
    articles = [
        council(
            url,
            text=f"{' '.join(words)} “and {' '.join(words[:5])},” said Bo.",
            title=f"{words[0]} {words[1]} {number}",
        )
        for number, (url, words) in enumerate(drawn)
    ]
    run = a_run(session)
    takings = [put_article(session, article, run, NOW) for article in articles]
    kept = sum(taken.taking is Taking.KEPT for taken in takings)
    edited = sum(taken.taking is Taking.EDITED for taken in takings)
    hashes = session.scalars(select(ArticleVersionRow.content_sha256)).all()
    assert len(hashes) == len(set(hashes)) == len(articles) - kept
    assert session.scalar(select(func.count()).select_from(ArticleRow)) == len(hashes) - edited
    again = random.sample(articles, len(articles))
    assert {put_article(session, article, run, NOW).taking for article in again} <= {
        Taking.UNCHANGED,
        Taking.KEPT,
    }


# Files without a URL


def test_a_file_that_was_moved_or_copied_is_the_same_article(session: Session) -> None:
    assert [take(session, saved("a")), take(session, saved("b"))] == [Taking.NEW, Taking.UNCHANGED]
    edited = f"{ferry().text} It was edited."
    assert take(session, replace(saved("c"), text=edited)) == Taking.NEW
    assert take(session, replace(saved("c"), title="Another title")) == Taking.EDITED


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ({"outlet": "a"}, {"outlet": "b"}, False),  # two newspapers print one wire report
        ({"outlet": "a"}, {"outlet": "unknown"}, True),
        ({"published_at": date(2031, 3, 9)}, {"published_at": date(2031, 3, 10)}, False),
        ({"published_at": date(2031, 3, 9)}, {"published_at": None}, True),
        ({"external_id": "7"}, {"external_id": "8"}, False),
        ({"external_id": "7"}, {"external_id": "7"}, True),
        ({"external_id": "7"}, {"external_id": None}, True),
    ],
)
@pytest.mark.parametrize("is_reversed", [False, True])
def test_files_of_one_text_are_two_articles_only_where_their_metadata_differ(
    session: Session, one: dict[str, object], other: dict[str, object], same: bool, is_reversed: bool
) -> None:
    first, second = (other, one) if is_reversed else (one, other)
    take(session, saved("x", **first))  # type: ignore[arg-type]
    assert (take(session, saved("y", **second)) != Taking.NEW) == same  # type: ignore[arg-type]


@pytest.mark.parametrize("order", permutations(["a", "b", "unknown"]))
def test_the_number_of_articles_does_not_depend_on_the_order_of_the_files(
    session: Session, order: tuple[str, ...]
) -> None:
    for outlet in order:
        take(session, saved(outlet, outlet))
    assert sorted(article.outlet for article in list_articles(session, limit=9)) == ["a", "b"]


def test_of_several_files_that_fit_one_of_the_same_outlet_comes_first(session: Session) -> None:
    take(session, saved("x", published_at=date(2031, 3, 9)))
    take(session, saved("y", "a", published_at=date(2031, 3, 10)))
    assert take(session, saved("z", "a", published_at=None)) == Taking.UNCHANGED
    assert [article.outlet for article in list_articles(session, limit=9)] == ["a", "unknown"]


def test_an_article_with_a_url_is_never_taken_for_another_one(session: Session) -> None:
    assert [take(session, ferry()), take(session, saved("a"))] == [Taking.NEW, Taking.NEW]
    assert take(session, ferry(url="https://islander.example/ferry")) == Taking.NEW


# Decisions


def test_a_decision_is_shown_at_once_and_its_revocation_too(session: Session) -> None:
    filed(session, ferry(), ferry_quotations())
    values = {
        ArticleField.OUTLET: "islander",
        ArticleField.PUBLISHED: "2031-03-10",
        ArticleField.TITLE: "Ferry to sail",
        ArticleField.AUTHOR: "Jo Reed",
        ArticleField.URL: "https://islander.example/ferry",
    }
    ids = [decide(session, field, value) for field, value in values.items()]
    sighting = read_sightings(session)[0]
    assert (sighting.outlet, sighting.published_on, sighting.title) == ("islander", date(2031, 3, 10), "Ferry to sail")
    assert (sighting.author, sighting.url) == ("Jo Reed", "https://islander.example/ferry")
    assert sighting.decided == ("outlet", "published", "title", "author", "url")
    for decision_id in ids:
        revoke_article_decision(session, decision_id, NOW + HOUR)
    assert (read_sightings(session)[0].outlet, read_sightings(session)[0].decided) == ("harbourpost", ())


def test_a_second_decision_about_a_field_revokes_the_first_and_the_same_one_is_not_repeated(session: Session) -> None:
    filed(session, ferry(), ferry_quotations())
    first = decide(session, ArticleField.TITLE, "Ferry to sail")
    assert decide(session, ArticleField.TITLE, "Ferry to sail") == first
    second = decide(session, ArticleField.TITLE, "A ferry again")
    assert [d.id for d in read_article_decisions(session, URL) if d.revoked_at is None] == [second]
    with pytest.raises(LookupError, match=f"no decision {first} about an article is in force"):
        revoke_article_decision(session, first, NOW)


def test_a_decided_title_is_searched_and_the_printed_one_is_not(session: Session) -> None:
    filed(session, ferry(title="Kiosk news"), ferry_quotations())
    decision = decide(session, ArticleField.TITLE, "A pageant of ferries")

    def found(topic: str) -> list[int]:
        return [quotation_id for quotation_id, _ in full_text(session, topic, limit=9)]

    assert (found("pageant"), found("kiosk")) == ([1, 2], [])
    put_quotations(session, 1, [], EXTRACTOR, 1)
    put_quotations(session, 1, ferry_quotations(), EXTRACTOR, 1)
    assert (found("pageant"), found("kiosk")) == ([1, 2], [])
    revoke_article_decision(session, decision, NOW)
    assert (found("pageant"), found("kiosk")) == ([], [1, 2])


@pytest.mark.parametrize(
    ("field", "value", "waits"),
    [
        (ArticleField.PUBLISHED, "2031-03-10", True),
        (ArticleField.TITLE, "Ferry to sail", True),  # by which "the minister" may be named
        (ArticleField.AUTHOR, "Jo Reed", True),
        (ArticleField.URL, "https://islander.example/ferry", False),
        (ArticleField.OUTLET, "islander", False),  # of the same time zone: unknown
    ],
)
def test_an_article_is_extracted_again_only_if_extraction_reads_what_was_decided(
    session: Session, field: ArticleField, value: str, waits: bool
) -> None:
    filed(session, ferry(), ferry_quotations())
    decide(session, field, value)
    assert versions_never_extracted(session) == []  # a run may be extracting it with the values before
    assert extract_decided_articles(session) == ([1] if waits else [])
    assert versions_never_extracted(session) == ([1] if waits else [])
    assert (extract_decided_articles(session), decisions_to_apply(session, AppliedKind.ARTICLE)) == ([], [])


def test_a_decision_may_come_before_its_article(session: Session) -> None:
    decide(session, ArticleField.OUTLET, "islander")
    assert take(session, ferry()) == Taking.NEW
    assert list_articles(session, limit=9)[0].outlet == "islander"


def test_an_article_comes_again_under_the_url_that_a_person_gave_it(session: Session) -> None:
    take(session, saved("a"))
    decide(session, ArticleField.URL, URL, saved("a").url)
    assert take(session, ferry()) == Taking.COMPLETED
    assert take(session, saved("a")) == Taking.UNCHANGED


def test_the_url_of_another_article_is_refused(session: Session) -> None:
    take(session, ferry())
    take(session, ferry(url="https://islander.example/ferry"))
    with pytest.raises(ValueError, match="article 2 has the URL https://islander"):
        decide(session, ArticleField.URL, "https://islander.example/ferry")


# Removal


def test_a_removed_article_is_hidden_at_once_and_not_taken_in_again(session: Session) -> None:
    filed(session, ferry(), ferry_quotations())
    decision = decide(session, ArticleField.REMOVED, None)
    assert read_sightings(session) == []
    again = [ferry(), ferry("Edited."), ferry(url="https://islander.example/copy"), saved("a")]
    assert [take(session, article) for article in again] == [Taking.REMOVED] * 4
    assert session.scalars(select(ArticleRow.id)).all() == [1]
    put_quotations(session, 1, ferry_quotations(), EXTRACTOR, 1)  # a run was extracting it
    assert read_sightings(session) == []
    revoke_article_decision(session, decision, NOW)
    assert extract_decided_articles(session) == [1]
    put_quotations(session, 1, ferry_quotations(), EXTRACTOR, 1)
    assert [sighting.id for sighting in read_sightings(session)] == [1, 2]
    assert take(session, ferry()) == Taking.UNCHANGED


def test_another_article_of_the_same_text_that_is_stored_stays(session: Session) -> None:
    filed(session, ferry(), ferry_quotations())
    take(session, ferry(url="https://islander.example/copy"))
    decide(session, ArticleField.REMOVED, None)
    assert take(session, ferry(url="https://islander.example/copy")) == Taking.UNCHANGED


def test_a_removal_may_come_before_its_article(session: Session) -> None:
    decide(session, ArticleField.REMOVED, None)
    assert take(session, ferry()) == Taking.REMOVED
    assert list_articles(session, limit=9) == []


# Lists


def test_articles_are_listed_as_outputs_show_them(session: Session) -> None:
    filed(session, ferry(), ferry_quotations())
    filed(session, ferry("No words.", url="https://islander.example/2", outlet="islander", published_at=None), [])
    decide(session, ArticleField.PUBLISHED, "2031-03-12", "https://islander.example/2")

    def listed(**given: object) -> list[int]:
        return [article.id for article in list_articles(session, limit=9, **given)]  # type: ignore[arg-type]

    assert (listed(), listed(outlet="islander")) == ([2, 1], [2])
    assert (listed(since=date(2031, 3, 10)), listed(until=date(2031, 3, 9))) == ([2], [1])
    assert listed(without_quotations=True) == [2]
    assert [(a.versions, a.quotations) for a in list_articles(session, limit=9)] == [(1, 0), (1, 2)]


def test_an_article_is_found_by_its_id_its_url_or_a_part_of_it(session: Session) -> None:
    take(session, ferry())
    take(session, ferry(url="https://harbourpost.example/ferry/1", published_at=None))
    decide(session, ArticleField.URL, "https://islander.example/3")
    by_name = {name: [article_id for article_id, _ in find_articles(session, name)] for name in ("2", URL, "rry", "/3")}
    assert by_name == {"2": [2], URL: [1], "rry": [1, 2], "/3": [1]}
    assert find_articles(session, "crane") == []


def test_a_record_has_what_was_printed_and_what_was_decided(session: Session) -> None:
    filed(session, replace(ferry(), modified_at=date(2031, 3, 11)), ferry_quotations())
    filed(session, ferry(FERRY + "\n\nIt sails at noon."), ferry_quotations(), now=NOW + DAY)
    decide(session, ArticleField.OUTLET, "islander")
    record = read_article_record(session, 1)
    fields = {str(field.field): (field.printed, field.decided) for field in record.fields}
    assert fields["outlet"] == ("harbourpost", "islander")
    assert fields["published"] == ("2031-03-09", None)
    assert [(v.is_current, v.modified_at) for v in record.versions] == [(True, None), (False, date(2031, 3, 11))]
    assert [sighting.id for _, sighting in record.quotations] == [3, 4]
    assert [decision.value for decision in record.decisions] == ["islander"]
    assert session.scalars(select(ArticleVersionRow.id)).all() == [1, 2]
