"""Reading the store: sightings, utterances, counts, work lists."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import date, datetime

import numpy as np
import pytest
from sqlalchemy.orm import Session
from tests.store.newsroom import (
    ALTERNATIVES,
    BOATS,
    EXTRACTOR,
    FERRY,
    FERRY_PARTS,
    HOUR,
    LINKER,
    NOW,
    UNSURE,
    a_run,
    article_text,
    ferry,
    ferry_quotations,
    filed,
    filed_unsure,
    quoted,
    sightings_to_link,
)

from quotetrack.core.domain import DateBasis, Failure, QuotationKind, SaidOn, Sighting, Span
from quotetrack.core.normalize import sha256
from quotetrack.store import sightings as read
from quotetrack.store.articles import content_sha256, put_article
from quotetrack.store.quotations import put_extract_error
from quotetrack.store.runs import put_failure
from quotetrack.store.sightings import counts, read_sightings
from quotetrack.store.utterances import iter_utterances, put_utterances, read_utterance, read_utterances
from quotetrack.store.vectors import put_vectors
from quotetrack.store.worklists import (
    count_stale_versions,
    texts_without_vector,
    versions_never_extracted,
    versions_to_extract,
)

DOCKSIDE = "https://dockside.example/ferry"
CUT = FERRY.split("\n\nTadeo")[0]
LAST_WEEK = SaidOn(date(2031, 3, 3), date(2031, 3, 7), DateBasis.STATED_NEARBY)


def one_utterance_each(session: Session) -> None:
    ids = sightings_to_link(session, LINKER)
    put_utterances(session, [frozenset({i}) for i in ids], [None] * len(ids), {}, LINKER)


def test_a_sighting_has_all_that_is_needed_to_find_it_in_print(session: Session) -> None:
    article = ferry(external_id="hp-7", wire_credit="XPA", published_at=datetime(2031, 3, 9, 20, 15))
    article = replace(article, evidence_sha256="e" * 64, modified_at=date(2031, 3, 12))
    filed(session, article, [quoted(FERRY, *FERRY_PARTS, speaker="Orla Venn", said=LAST_WEEK)])
    start = FERRY.index(FERRY_PARTS[0])
    second = FERRY.index(FERRY_PARTS[1])
    assert read_sightings(session) == [
        Sighting(
            id=1,
            words=" ".join(FERRY_PARTS),
            speaker="Orla Venn",
            outlet="harbourpost",
            article="hp-7",
            published_at=datetime(2031, 3, 9, 20, 15),
            said=LAST_WEEK,
            url="https://harbourpost.example/ferry",
            title="Venn leaves the harbour",
            author=None,
            wire_credit="XPA",
            version_sha256=content_sha256(article),
            parts=(Span(start, start + len(FERRY_PARTS[0])), Span(second, second + len(FERRY_PARTS[1]))),
            context_before="“",
            context_after="”",
            method="by_hand",
            speaker_confidence=0.9,
            mention_confidence=0.95,
            extractor=EXTRACTOR,
            speaker_as_printed="Orla Venn",
            kind=QuotationKind.FULL,
            fetched_at=NOW,
            evidence_sha256="e" * 64,
            modified_at=date(2031, 3, 12),
        )
    ]


def test_an_unsure_quotation_has_alternatives_and_no_speaker(session: Session) -> None:
    filed_unsure(session)
    (sighting,) = read_sightings(session)
    assert (sighting.is_unsure, sighting.speaker, sighting.speaker_id) == (True, None, None)
    assert sighting.alternatives == ALTERNATIVES and sighting.mention_confidence == 0.97
    assert sighting.sentence == UNSURE.split("\n\n")[1]


def test_a_day_has_its_phrase_and_the_number_of_the_paragraph(session: Session) -> None:
    told = Span(FERRY.index("was not amused"), FERRY.index(" “Promises") - 1)
    boats = quoted(FERRY, BOATS, said=LAST_WEEK)
    filed(session, ferry(), [replace(boats, said_evidence=told, said_confidence=0.75)])
    (sighting,) = read_sightings(session)
    assert (sighting.said_confidence, sighting.said_evidence) == (0.75, told)
    assert (sighting.said_phrase, sighting.said_paragraph) == ("was not amused", 3)


def test_an_article_without_an_id_has_its_url_as_id(session: Session) -> None:
    filed(session, ferry(), [quoted(FERRY, BOATS)])
    (sighting,) = read_sightings(session)
    assert sighting.article == "https://harbourpost.example/ferry"
    assert (sighting.speaker, sighting.method, sighting.speaker_confidence) == (None, None, 0.0)
    assert sighting.context_before == "Tadeo Brisk of the dockers’ union was not amused. “"
    assert sighting.context_after == "” he said."
    assert article_text(session, sighting) == FERRY


def test_words_that_an_edit_took_out_are_no_longer_in_the_article(session: Session) -> None:
    filed(session, ferry(), ferry_quotations())
    filed(session, ferry(CUT), [quoted(CUT, *FERRY_PARTS)], NOW + HOUR)
    assert [(s.id, s.is_current) for s in read_sightings(session)] == [(2, False), (3, True)]


def test_words_gone_from_two_older_versions_are_listed_once(session: Session) -> None:
    filed(session, ferry(), ferry_quotations())
    again = FERRY.replace("resigned", "quit")
    filed(session, ferry(again), ferry_quotations(again), NOW + HOUR)
    filed(session, ferry(CUT), [quoted(CUT, *FERRY_PARTS)], NOW + 2 * HOUR)
    assert [(s.id, s.is_current) for s in read_sightings(session)] == [(4, False), (5, True)]


def test_the_same_words_twice_in_one_article_are_two_sightings(session: Session) -> None:
    text = "“Never,” said Orla Venn. Later she said it again: “Never again,” and left."
    filed(session, ferry(text), [quoted(text, "Never,"), quoted(text, "Never again,")])
    assert len(read_sightings(session)) == 2


def test_sightings_by_id_and_by_utterance(session: Session) -> None:
    filed(session, ferry(), ferry_quotations())
    filed(session, ferry(url=DOCKSIDE, outlet="dockside"), ferry_quotations())
    put_utterances(session, [frozenset({1, 3}), frozenset({2, 4})], [None, None], {}, LINKER)
    assert [s.id for s in read_sightings(session, ids=[4, 1, 99])] == [1, 4]
    assert [s.id for s in read_sightings(session, utterances=[1])] == [1, 3]
    assert read_sightings(session, ids=[]) == []
    with pytest.raises(ValueError, match="give ids or utterances"):
        read_sightings(session, ids=[1], utterances=[1])


def test_utterances_come_in_order_with_the_earliest_sighting_first(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(read, "BATCH", 2)
    filed(session, ferry(published_at=None), ferry_quotations())
    filed(session, ferry(url=DOCKSIDE, published_at=date(2031, 3, 8)), ferry_quotations())
    filed(session, ferry(url=f"{DOCKSIDE}/2", published_at=datetime(2031, 3, 7, 23, 59)), ferry_quotations())
    filed(session, ferry(url=f"{DOCKSIDE}/3"), ferry_quotations())
    clusters = [frozenset({1, 3, 5}), frozenset({2}), frozenset({4}), frozenset({6, 7})]
    put_utterances(session, clusters, [None] * 4, {}, LINKER)
    utterances = [(u.id, [s.id for s in u.sightings]) for u in iter_utterances(session)]
    assert utterances == [(1, [5, 3, 1]), (2, [2]), (3, [4]), (4, [6, 7])]
    assert [(u.id, [s.id for s in u.sightings]) for u in read_utterances(session, [4, 1, 77])] == [
        utterances[0],
        utterances[3],
    ]
    assert [s.id for s in read_sightings(session)] == list(range(1, 9))


def test_an_unknown_utterance_is_none(session: Session) -> None:
    assert read_utterance(session, 7) is None
    assert list(iter_utterances(session)) == []


def test_an_edited_article_has_each_sighting_once(session: Session) -> None:
    filed(session, ferry(), ferry_quotations())
    filed(session, ferry(url=DOCKSIDE), [quoted(FERRY, BOATS, speaker="Tadeo Brisk"), quoted(FERRY, FERRY_PARTS[0])])
    edited = FERRY.replace("resigned", "quit")
    filed(session, ferry(edited), ferry_quotations(edited), NOW + HOUR)
    counted = Counter(sighting.speaker for sighting in read_sightings(session))
    assert counted == {"Tadeo Brisk": 2, "Orla Venn": 1, None: 1}


def test_rows_are_counted_by_kind(session: Session) -> None:
    filed(session, ferry(), ferry_quotations())
    edited = FERRY.replace("resigned", "quit")
    filed(session, ferry(edited), ferry_quotations(edited)[:1], NOW + HOUR)
    put_failure(session, 1, Failure("x", "y"), NOW)
    one_utterance_each(session)
    assert counts(session) == {
        "outlets": 1,
        "articles": 1,
        "versions": 2,
        "quotations": 3,
        "reported_statements": 0,
        "sightings": 2,
        "utterances": 2,
        "links": 0,
        "failures": 1,
        "runs": 2,
    }


# Work-lists


def test_a_version_is_extracted_once_by_each_extractor(session: Session) -> None:
    filed(session, ferry(), ferry_quotations())
    never = put_article(session, ferry("Nothing.", url=DOCKSIDE), a_run(session), NOW).version_id
    assert versions_never_extracted(session) == [never]
    assert versions_to_extract(session, EXTRACTOR, "reported 1") == [never]
    assert versions_to_extract(session, "extract 2", "reported 1") == [1, never]
    assert tuple(count_stale_versions(session, each, "reported 1") for each in (EXTRACTOR, "extract 2")) == (0, 1)
    put_extract_error(session, never, EXTRACTOR, "cannot")
    assert versions_to_extract(session, EXTRACTOR, "reported 1") == []
    assert versions_never_extracted(session) == []


def test_older_versions_are_extracted_too(session: Session) -> None:
    run_id = a_run(session)
    put_article(session, ferry(), run_id, NOW)
    put_article(session, ferry("Edited."), run_id, NOW + HOUR)
    assert versions_never_extracted(session) == [1, 2]


def test_only_sightings_are_linked(session: Session) -> None:
    filed(session, ferry(), ferry_quotations())
    filed(session, ferry(CUT), [quoted(CUT, *FERRY_PARTS)], NOW + HOUR)
    assert sightings_to_link(session, LINKER) == [2, 3]
    one_utterance_each(session)
    assert sightings_to_link(session, LINKER) == []
    assert sightings_to_link(session, "link 2") == [2, 3]


def test_a_text_that_occurs_twice_is_embedded_once(session: Session) -> None:
    filed(session, ferry(), ferry_quotations())
    filed(session, ferry(url=DOCKSIDE), ferry_quotations())
    first, venn, brisk = FERRY.split("\n\n")
    texts = [" ".join(FERRY_PARTS), BOATS, f"{first}\n\n{venn}", f"{venn}\n\n{brisk}"]
    assert texts_without_vector(session, "mini") == [(sha256(t), t) for t in texts]
    put_vectors(session, "mini", {sha256(t): np.array([1.0]) for t in texts[1:]})
    assert texts_without_vector(session, "mini") == [(sha256(texts[0]), texts[0])]
    assert len(texts_without_vector(session, "maxi")) == 4
