"""Linked data of an export is read by rdflib with nothing fetched, and keeps to shapes; see `shapes.ttl`."""

from __future__ import annotations

import io
import json
import socket
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from urllib.parse import quote

import pyshacl
import pytest
from rdflib import RDF, XSD, Graph, Literal, Namespace, URIRef
from tests.export.test_csv import CUT, WHOLE

from quotetrack.core.corrections import named_check
from quotetrack.core.domain import (
    Anchor,
    Correction,
    CorrectionFault,
    DateBasis,
    FactCheck,
    MatchedCheck,
    ReportedWords,
    SaidOn,
    Sighting,
    Span,
    StatementKind,
    Utterance,
)
from quotetrack.core.versions import MATCHER
from quotetrack.export.jsonld import OURS, Documented, DocumentedStatement, write_jsonld

OA, PROV, SCHEMA = (
    Namespace(iri) for iri in ("http://www.w3.org/ns/oa#", "http://www.w3.org/ns/prov#", "https://schema.org/")
)
Q = Namespace(OURS)
FILE = "https://data.example/quotations.jsonld"
NOW = datetime(2026, 4, 1, 12, tzinfo=UTC)
SHAPES = Path(__file__).with_name("shapes.ttl")

CORRECTION = Correction(
    3,
    WHOLE.url or "",
    Anchor(101, "The gates", "", "", (Span(0, 9),)),
    CorrectionFault.SPEAKER,
    "Olu Brandt",
    "ines",
    NOW,
)
CHECK = FactCheck(
    "https://checks.example/r/1?a={b}",
    "The gates were never shut",
    title="Were the gates shut?",
    claimant="Olu Brandt",
    verdict="Mostly “false”",
    rating=0.25,
    publisher="Check It",
    published=date(2026, 3, 20),
    id=5,
)
ODD = Sighting(
    9,
    'half \ud83d "quoted" \\ <b>',
    outlet="Küste & Meer",
    url="file:///tmp/a file|{x}.txt",
    said=SaidOn(None, date(2026, 3, 9), DateBasis.PAST),
    published_at=datetime(2026, 3, 11, 20, 5),
)
IS_ABOUT = replace(
    CORRECTION,
    id=4,
    fault=CorrectionFault.FACT_CHECK,
    value=named_check(CHECK.url, "Police were never there"),
    decided_by="tom",
)
SAME_PAGE = replace(CHECK, id=6, claim="Police were never there")
FULL = Documented(
    Utterance(3, (WHOLE, replace(CUT, id=8))),
    [MatchedCheck(SAME_PAGE, 0.2, is_confirmed=True), MatchedCheck(CHECK, 0.91)],
    [(CORRECTION, (7,)), (IS_ABOUT, (7,))],
    frozenset({4}),
)
IMPLIED = replace(
    WHOLE,
    id=10,
    url=CHECK.url,
    said=SaidOn(date(2026, 3, 10), date(2026, 3, 10), DateBasis.IMPLIED),
    said_confidence=0.7,
)  # a copy of the same text elsewhere: on the page of the fact-check
ALL = [FULL, Documented(Utterance(4, (ODD,))), Documented(Utterance(5, (IMPLIED,)))]


def iri(name: str) -> URIRef:
    return URIRef(f"{FILE}#{name}")


TOLD = DocumentedStatement(
    ReportedWords((replace(CUT, id="r5", speaker="Olu Brandt", speaker_id=4, kind=StatementKind.SPEECH),)),
    [(replace(CORRECTION, id=11, fault=CorrectionFault.REPORTED_SPEAKER, decided_by="ada"), ("r5",))],
)


def version(sighting: Sighting) -> URIRef:
    return iri(f"version-{sighting.version_sha256}-of-{quote(sighting.url or '', safe='')}")


def written(documented: Sequence[Documented]) -> str:
    out = io.StringIO(newline="")
    sightings = sum(len(each.utterance.sightings) for each in documented)
    assert write_jsonld(documented, out, now=NOW, reported=[TOLD] if documented else []) == sightings + bool(documented)
    return out.getvalue()


def graph_of(text: str) -> Graph:
    return Graph().parse(data=text.encode("utf-8"), format="json-ld", publicID=FILE)


@pytest.fixture(autouse=True)
def _nothing_is_fetched(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise AssertionError("something was to be fetched")

    monkeypatch.setattr(socket.socket, "connect", refuse)


@pytest.fixture(scope="module")
def graph() -> Graph:
    return graph_of(written(ALL))


def problems(graph: Graph) -> str:
    conforms, _, text = pyshacl.validate(graph, shacl_graph=str(SHAPES), shacl_graph_format="turtle")
    return "" if conforms else text


def test_it_keeps_to_the_shapes(graph: Graph) -> None:
    assert problems(graph) == ""


@pytest.mark.parametrize(
    ("subject", "predicate"),
    [
        ("utterance-3", SCHEMA.text),
        ("utterance-3", PROV.wasDerivedFrom),
        ("sighting-7", OA.hasTarget),
        ("sighting-7", PROV.wasAttributedTo),
        ("correction-3", PROV.generatedAtTime),
        ("match-3-5", Q.chance),
        ("claim-5", SCHEMA.text),
        ("speaker-4", SCHEMA.name),
    ],
)
def test_the_shapes_find_what_is_missing(subject: str, predicate: URIRef) -> None:
    graph = graph_of(written(ALL))
    assert (iri(subject), predicate, None) in graph
    graph.remove((iri(subject), predicate, None))
    assert problems(graph)


def test_an_utterance_is_a_quotation_of_its_speaker(graph: Graph) -> None:
    said, speaker = iri("utterance-3"), iri("speaker-4")
    assert (said, RDF.type, SCHEMA.Quotation) in graph and (said, SCHEMA.creator, speaker) in graph
    assert graph.value(said, SCHEMA.text) == Literal(WHOLE.words)
    assert graph.value(said, SCHEMA.dateCreated) == Literal("2026-03-10", datatype=XSD.date)
    assert (speaker, RDF.type, SCHEMA.Person) in graph
    assert graph.value(speaker, SCHEMA.sameAs) == URIRef("http://www.wikidata.org/entity/Q42")
    assert graph.value(iri("utterance-4"), SCHEMA.creator) is None


def test_only_a_stated_day_is_the_day_of_creation(graph: Graph) -> None:
    stated, past, implied = (iri(f"utterance-{number}") for number in (3, 4, 5))
    day = Literal("2026-03-10", datatype=XSD.date)
    assert [graph.value(stated, term) for term in (SCHEMA.dateCreated, Q.saidFirst, Q.saidLast)] == [day] * 3
    assert [graph.value(implied, term) for term in (SCHEMA.dateCreated, Q.saidFirst, Q.saidLast)] == [None, day, day]
    assert graph.value(implied, Q.saidBasis) == Literal("implied")
    assert graph.value(implied, Q.saidConfidence) == Literal("0.7", datatype=XSD.double)
    assert graph.value(past, Q.saidFirst) is None
    assert graph.value(past, Q.saidLast) == Literal("2026-03-09", datatype=XSD.date)
    assert list(graph.triples((None, SCHEMA.temporalCoverage, None))) == []


def test_a_reported_statement_is_a_claim_and_no_quotation(graph: Graph) -> None:
    told = iri("statement-r5")
    assert set(graph.objects(told, RDF.type)) == {SCHEMA.Claim, PROV.Entity}
    assert (told, SCHEMA.creator, iri("speaker-4")) in graph and (iri("sighting-r5"), OA.hasBody, told) in graph
    assert names_of_agents(graph, iri("sighting-r5")) == {"quotetrack of an unknown version", "ada"}
    assert (iri("correction-11"), OA.hasTarget, iri("sighting-r5")) in graph


def test_a_correction_points_at_those_of_its_sightings_that_are_in_the_graph() -> None:
    decided = [(CORRECTION, (7, 10, 99))]
    parts = [Documented(Utterance(3, (WHOLE,)), (), decided), Documented(Utterance(5, (IMPLIED,)), (), decided)]
    targets = set(graph_of(written(parts)).objects(iri(f"correction-{CORRECTION.id}"), OA.hasTarget))
    assert targets == {iri("sighting-7"), iri("sighting-10")}


def names_of_agents(graph: Graph, node: URIRef) -> set[str]:
    return {str(graph.value(agent, SCHEMA.name)) for agent in graph.objects(node, PROV.wasAttributedTo)}


def test_each_part_is_characters_of_the_article(graph: Graph) -> None:
    parts = []
    for target in graph.objects(iri("sighting-7"), OA.hasTarget):
        assert graph.value(target, OA.hasSource) == URIRef(WHOLE.url or "")
        selectors = list(graph.objects(target, OA.hasSelector))
        (quote,) = [each for each in selectors if (each, RDF.type, OA.TextQuoteSelector) in graph]
        (place,) = [each for each in selectors if (each, RDF.type, OA.TextPositionSelector) in graph]
        start, end = graph.value(place, OA.start), graph.value(place, OA.end)
        assert isinstance(start, Literal) and isinstance(end, Literal)
        parts.append((start.toPython(), end.toPython(), str(graph.value(quote, OA.exact))))
    assert sorted(parts) == [(101, 120, WHOLE.words[:19]), (140, 164, WHOLE.words[20:])]
    assert all(end - start == len(exact) for start, end, exact in parts)


def test_provenance_names_version_extractor_and_person(graph: Graph) -> None:
    sighting, own = iri("sighting-7"), version(WHOLE)
    assert set(graph.objects(sighting, PROV.wasDerivedFrom)) == {own, iri("correction-3")}
    assert graph.value(own, PROV.specializationOf) == URIRef(WHOLE.url or "")
    assert graph.value(own, PROV.generatedAtTime) == Literal("2026-03-15T07:30:00+00:00", datatype=XSD.dateTime)
    assert names_of_agents(graph, sighting) == {"quotetrack extract-1", "ines"}
    assert (iri("software-extract-1"), RDF.type, PROV.SoftwareAgent) in graph


def test_copies_of_a_text_are_versions_of_their_own_articles(graph: Graph) -> None:
    assert WHOLE.version_sha256 == IMPLIED.version_sha256
    for number, sighting in ((7, WHOLE), (10, IMPLIED)):
        derived = set(graph.objects(iri(f"sighting-{number}"), PROV.wasDerivedFrom)) - {iri("correction-3")}
        (source,) = {article for each in derived for article in graph.objects(each, PROV.specializationOf)}
        assert str(source) == quote(sighting.url or "", safe="%/:?#[]@!$&'()*+,;=~")


def test_a_fact_check_is_a_review_of_its_publisher_and_never_our_verdict(graph: Graph) -> None:
    assert set(graph.subjects(RDF.type, SCHEMA.ClaimReview)) == {iri("review-5"), iri("review-6")}
    review = iri("review-5")
    page = graph.value(review, SCHEMA.url)
    assert str(page) == "https://checks.example/r/1?a=%7Bb%7D" and (page, RDF.type, SCHEMA.NewsArticle) in graph
    rating = graph.value(review, SCHEMA.reviewRating)
    assert graph.value(rating, SCHEMA.alternateName) == Literal(CHECK.verdict)
    assert str(graph.value(graph.value(review, SCHEMA.author), SCHEMA.name)) == "Check It"
    match = iri("match-3-5")
    assert (match, OA.hasBody, review) in graph and (match, OA.hasTarget, iri("utterance-3")) in graph
    assert graph.value(match, Q.chance) == Literal("0.91", datatype=XSD.double)
    assert (iri("utterance-3"), SCHEMA.creator, None) in graph and (iri("utterance-3"), None, review) not in graph


def test_a_match_is_of_the_matcher_with_its_chance_or_of_the_person_who_confirmed_it(graph: Graph) -> None:
    by_matcher, by_person = iri("match-3-5"), iri("match-3-6")
    assert names_of_agents(graph, by_matcher) == {f"quotetrack {MATCHER}"}
    assert names_of_agents(graph, by_person) == {"tom"} and graph.value(by_person, Q.chance) is None
    assert graph.value(by_person, PROV.wasDerivedFrom) == iri("correction-4")


def test_any_address_is_an_iri_and_any_text_is_text(graph: Graph) -> None:
    assert graph.value(iri("utterance-4"), SCHEMA.text) == Literal('half \ufffd "quoted" \\ <b>')
    (article,) = [each for each in graph.subjects(RDF.type, SCHEMA.NewsArticle) if str(each).startswith("file:///")]
    assert str(article) == "file:///tmp/a%20file%7C%7Bx%7D.txt"
    assert graph.value(article, SCHEMA.datePublished) == Literal("2026-03-11", datatype=XSD.date)


def test_a_node_is_written_once_and_the_context_is_in_the_file() -> None:
    read = json.loads(written([FULL, FULL]))
    ids = [node["id"] for node in read["@graph"]]
    assert len(ids) == len(set(ids))
    assert all(isinstance(term, str | dict) for term in read["@context"].values())
    assert len(graph_of(written([]))) == 0
