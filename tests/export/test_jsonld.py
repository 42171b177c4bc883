"""Linked data of an export is read by rdflib with nothing fetched, and keeps to shapes; see `shapes.ttl`."""

from __future__ import annotations

import io
import json
import socket
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pyshacl
import pytest
from rdflib import RDF, XSD, Graph, Literal, Namespace, URIRef
from tests.export.test_csv import CUT, WHOLE

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
from quotetrack.export.jsonld import OURS, Documented, write_jsonld

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
FULL = Documented(
    Utterance(3, (WHOLE, replace(CUT, id=8))), [MatchedCheck(CHECK, 0.91)], [(CORRECTION, (7,))], frozenset({4})
)
ALL = [FULL, Documented(Utterance(4, (ODD,)))]


def iri(name: str) -> URIRef:
    return URIRef(f"{FILE}#{name}")


TOLD = ReportedWords((replace(CUT, id="r5", speaker="Olu Brandt", speaker_id=4, kind=StatementKind.SPEECH),))


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
    assert graph.value(iri("utterance-4"), SCHEMA.temporalCoverage) == Literal("../2026-03-09")


def test_a_reported_statement_is_a_claim_and_no_quotation(graph: Graph) -> None:
    told = iri("statement-r5")
    assert set(graph.objects(told, RDF.type)) == {SCHEMA.Claim, PROV.Entity}
    assert (told, SCHEMA.creator, iri("speaker-4")) in graph and (iri("sighting-r5"), OA.hasBody, told) in graph


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
    sighting, version = iri("sighting-7"), iri(f"version-{WHOLE.version_sha256}")
    assert (sighting, PROV.wasDerivedFrom, version) in graph and (
        sighting,
        PROV.wasDerivedFrom,
        iri("correction-3"),
    ) in graph
    assert graph.value(version, PROV.specializationOf) == URIRef(WHOLE.url or "")
    assert graph.value(version, PROV.generatedAtTime) == Literal("2026-03-15T07:30:00+00:00", datatype=XSD.dateTime)
    agents = {str(graph.value(agent, SCHEMA.name)) for agent in graph.objects(sighting, PROV.wasAttributedTo)}
    assert agents == {"quotetrack extract-1", "ines"}
    assert (iri("software-extract-1"), RDF.type, PROV.SoftwareAgent) in graph


def test_a_fact_check_is_a_review_of_its_publisher_and_never_our_verdict(graph: Graph) -> None:
    (review,) = graph.subjects(RDF.type, SCHEMA.ClaimReview)
    assert str(review) == "https://checks.example/r/1?a=%7Bb%7D"
    rating = graph.value(review, SCHEMA.reviewRating)
    assert graph.value(rating, SCHEMA.alternateName) == Literal(CHECK.verdict)
    assert str(graph.value(graph.value(review, SCHEMA.author), SCHEMA.name)) == "Check It"
    match = iri("match-3-5")
    assert (match, OA.hasBody, review) in graph and (match, OA.hasTarget, iri("utterance-3")) in graph
    assert graph.value(match, Q.chance) == Literal("0.91", datatype=XSD.double)
    assert (iri("utterance-3"), SCHEMA.creator, None) in graph and (iri("utterance-3"), None, review) not in graph


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
