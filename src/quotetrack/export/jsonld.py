"""Write utterances as linked data: JSON-LD with schema.org, W3C Web Annotations and PROV. Pure.

An utterance is a schema.org Quotation; a reported statement, in the reporter's words, is a Claim. Each sighting is an
annotation: its body is the Quotation or the Claim, its targets are the characters of each part in the article. PROV
tells from which version of the article it is derived, and which extractor or person is answerable. A fact-check is a
ClaimReview, which another annotation links to the Quotation: with the chance that it is about the same claim, or with
the person who decided that it is. The context is in the file: nothing has to be fetched to read it.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence, Set
from dataclasses import dataclass
from datetime import UTC, date, datetime
from itertools import chain
from typing import Any, TextIO, TypeAlias
from urllib.parse import quote

from quotetrack.core.corrections import read_named_check
from quotetrack.core.domain import (
    Correction,
    CorrectionFault,
    DateBasis,
    FactCheck,
    MatchedCheck,
    ReportedWords,
    Sighting,
    Utterance,
)
from quotetrack.core.normalize import normalise
from quotetrack.core.rows import DECIMALS, encodable_text
from quotetrack.core.text_fragment import part_texts
from quotetrack.core.urls import canonical_url
from quotetrack.core.versions import MATCHER

Node: TypeAlias = dict[str, Any]

OURS = "https://github.com/quotetrack/quotetrack/blob/main/docs/how-to/exporting.md#"
AROUND = 32  # characters of prefix and suffix, as in the decisions that `review export` writes
_SAFE_IN_IRI = "%/:?#[]@!$&'()*+,;=~"


def _link(iri: str) -> Node:
    return {"@id": iri, "@type": "@id"}


def _typed(iri: str, kind: str) -> Node:
    return {"@id": iri, "@type": f"xsd:{kind}"}


_OF_SCHEMA = "Quotation NewsArticle Claim ClaimReview Rating Person Organization text name headline creditText"
_OF_SCHEMA += " dateCreated datePublished dateModified claimReviewed alternateName ratingValue"
_OF_SCHEMA += " worstRating bestRating"
_OF_ANNOTATIONS = "Annotation SpecificResource TextQuoteSelector TextPositionSelector TextualBody exact prefix suffix"
_OF_ANNOTATIONS += " editing identifying linking"
CONTEXT: Node = {
    "schema": "https://schema.org/",
    "oa": "http://www.w3.org/ns/oa#",
    "prov": "http://www.w3.org/ns/prov#",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
    "quotetrack": OURS,
    "id": "@id",
    "type": "@type",
    **{name: f"schema:{name}" for name in _OF_SCHEMA.split()},
    **{
        name: _link(f"schema:{name}")
        for name in "url sameAs creator publisher author itemReviewed reviewRating sourceOrganization".split()
    },
    **{name: f"oa:{name}" for name in _OF_ANNOTATIONS.split()},
    "motivation": {"@id": "oa:motivatedBy", "@type": "@vocab"},
    "body": _link("oa:hasBody"),
    "target": _link("oa:hasTarget"),
    "source": _link("oa:hasSource"),
    "selector": "oa:hasSelector",
    "start": _typed("oa:start", "nonNegativeInteger"),
    "end": _typed("oa:end", "nonNegativeInteger"),
    "value": "rdf:value",
    **{name: f"prov:{name}" for name in ("Entity", "Agent", "SoftwareAgent")},
    **{name: _link(f"prov:{name}") for name in ("wasDerivedFrom", "wasAttributedTo", "specializationOf")},
    "generatedAtTime": _typed("prov:generatedAtTime", "dateTime"),
    "speakerConfidence": _typed("quotetrack:speakerConfidence", "double"),
    "chance": _typed("quotetrack:chance", "double"),
    "decision": "quotetrack:decision",
    "saidFirst": _typed("quotetrack:saidFirst", "date"),
    "saidLast": _typed("quotetrack:saidLast", "date"),
    "saidBasis": "quotetrack:saidBasis",
    "saidConfidence": _typed("quotetrack:saidConfidence", "double"),
    "sha256": "schema:sha256",
}


@dataclass(frozen=True, slots=True)
class Documented:
    """An utterance with what is known about it: fact-checks, and corrections with the sightings that each is about.

    `people` are the ids of speakers who are persons; others are persons, organisations or groups.
    """

    utterance: Utterance
    checks: Sequence[MatchedCheck] = ()
    corrections: Sequence[tuple[Correction, Sequence[int]]] = ()
    people: Set[int] = frozenset()


@dataclass(frozen=True, slots=True)
class DocumentedStatement:
    """A reported statement with the corrections that shaped it, and the sightings that each is about."""

    reported: ReportedWords
    corrections: Sequence[tuple[Correction, Sequence[int | str]]] = ()


def write_jsonld(
    documented: Iterable[Documented], out: TextIO, *, now: datetime, reported: Iterable[DocumentedStatement] = ()
) -> int:
    """Write a graph with a node on each line; reported statements follow. Return the number of sightings.

    What is in memory are the ids of the nodes that were written, and the corrections, which come last: each points at
    those of its sightings that the graph has. Ids of ours are relative to the address of the file (`#utterance-12`);
    articles and fact-checks have their own. `now` is when the nodes of ours were generated.
    """
    out.write(f'{{"@context": {json.dumps(CONTEXT)},\n"@graph": [\n')
    written: set[str] = set()
    corrections: dict[int, tuple[Correction, dict[int | str, None]]] = {}
    sightings = 0

    def write(nodes: Iterable[Node]) -> None:
        for node in nodes:
            if node["id"] not in written:
                out.write(",\n" if written else "")
                out.write(encodable_text(json.dumps(node, ensure_ascii=False)))
                written.add(node["id"])

    statements = chain(
        ((each.utterance.sightings, each.corrections, nodes_of(each, now)) for each in documented),
        ((each.reported.sightings, each.corrections, nodes_of_reported(each, now)) for each in reported),
    )
    for of_these, decided, nodes in statements:
        sightings += len(of_these)
        write(nodes)
        for correction, about in decided:
            corrections.setdefault(correction.id, (correction, {}))[1].update(dict.fromkeys(about))
    for correction, places in corrections.values():
        write(_correction(correction, [place for place in places if _sighting_iri(place) in written]))
    out.write("\n]}\n")
    return sightings


def nodes_of(documented: Documented, now: datetime) -> Iterator[Node]:
    """Yield the nodes of an utterance; some are those of other utterances as well, such as the article."""
    utterance = documented.utterance
    iri = f"#utterance-{utterance.id}"
    speaker = _speaker(utterance.speaker, utterance.sightings, iri, documented.people)
    words = {"id": iri, "type": ["Quotation", "Entity"], "text": utterance.words, **_days(utterance.best_dated)}
    yield _statement(words, utterance.sightings, speaker, now)
    if speaker:
        yield speaker
    for sighting in utterance.sightings:
        own = [c for c, about in documented.corrections if sighting.id in about and not c.fault.is_of_fact_check]
        yield _annotation(iri, sighting, own, now)
        yield from _sources(sighting)
    for matched in documented.checks:
        decisions = [c for c, _ in documented.corrections if matched.is_confirmed and _confirms(c, matched.check)]
        yield from _fact_check(utterance, matched, decisions, now)


def nodes_of_reported(documented: DocumentedStatement, now: datetime) -> Iterator[Node]:
    """Yield the nodes of a reported statement: a Claim, which its speaker is said to have made."""
    reported = documented.reported
    best = reported.best
    iri = f"#statement-{best.id}"
    speaker = _speaker(best.speaker, reported.sightings, iri, frozenset())
    words = {"id": iri, "type": ["Claim", "Entity"], "text": reported.words, **_days(best)}
    yield _statement(words, reported.sightings, speaker, now)
    if speaker:
        yield speaker
    for sighting in reported.sightings:
        yield _annotation(iri, sighting, [c for c, about in documented.corrections if sighting.id in about], now)
        yield from _sources(sighting)


def _sighting_iri(sighting_id: int | str) -> str:
    return f"#sighting-{sighting_id}"


# What was said


def _statement(words: Node, sightings: Sequence[Sighting], speaker: Node | None, now: datetime) -> Node:
    return words | _without_nothing(
        {
            "creator": speaker["id"] if speaker else None,
            "wasDerivedFrom": list(dict.fromkeys(map(_version_iri, sightings))),
            "generatedAtTime": _moment(now),
        }
    )


def _days(best_dated: Sighting) -> Node:
    """Return the first and last possible day of speaking with the evidence; `dateCreated` only for a stated day."""
    said, confidence = best_dated.said, best_dated.said_confidence
    if said.basis is DateBasis.UNKNOWN or (said.first is None and said.last is None):
        return {}
    return _without_nothing(
        {
            "dateCreated": _day(said.first) if said.first and said.is_a_day() and said.is_stated() else None,
            "saidFirst": said.first.isoformat() if said.first else None,
            "saidLast": said.last.isoformat() if said.last else None,
            "saidBasis": str(said.basis),
            "saidConfidence": round(confidence, DECIMALS) if confidence is not None else None,
        }
    )


def _speaker(name: str | None, sightings: Sequence[Sighting], statement: str, people: Set[int]) -> Node | None:
    """Return the speaker of this name, under the id of the store if a sighting has it; None where nobody is named."""
    if name is None:
        return None
    ids = [s.speaker_id for s in sightings if s.speaker == name and s.speaker_id is not None]
    wikidata = [s.wikidata_id for s in sightings if s.speaker == name and s.wikidata_id]
    return _without_nothing(
        {
            "id": f"#speaker-{ids[0]}" if ids else f"#speaker-of-{statement.removeprefix('#')}",
            "type": ["Person", "Agent"] if ids and ids[0] in people else ["Agent"],
            "name": name,
            "sameAs": f"http://www.wikidata.org/entity/{wikidata[0]}" if wikidata else None,
        }
    )


# Where it stands


def _annotation(statement: str, sighting: Sighting, corrections: Sequence[Correction], now: datetime) -> Node:
    return _without_nothing(
        {
            "id": _sighting_iri(sighting.id),
            "type": ["Annotation", "Entity"],
            "motivation": "identifying",
            "body": statement,
            "target": _targets(sighting),
            "speakerConfidence": round(sighting.speaker_confidence, DECIMALS),
            "wasDerivedFrom": [_version_iri(sighting), *(f"#correction-{each.id}" for each in corrections)],
            "wasAttributedTo": [_extractor_iri(sighting), *_people(corrections)],
            "generatedAtTime": _moment(now),
        }
    )


def _targets(sighting: Sighting) -> list[Node]:
    """Return the characters of each part, by what they are and by where they stand, if that is known."""
    texts = part_texts(sighting)
    places = sighting.parts if len(texts) == len(sighting.parts) else (None,) * len(texts)
    targets = []
    for number, (text, place) in enumerate(zip(texts, places, strict=True)):
        before = sighting.context_before[-AROUND:] if number == 0 else ""
        after = sighting.context_after[:AROUND] if number == len(texts) - 1 else ""
        selector: list[Node] = [{"type": "TextQuoteSelector", "exact": text, "prefix": before, "suffix": after}]
        if place is not None:
            selector.append({"type": "TextPositionSelector", "start": place.start, "end": place.end})
        targets.append({"type": "SpecificResource", "source": _article_iri(sighting), "selector": selector})
    return targets


def _sources(sighting: Sighting) -> Iterator[Node]:
    """Yield the article, its version, its outlet, the agency that it credits, and the extractor that read it."""
    article, outlet = _article_iri(sighting), _outlet_iri(sighting.outlet)
    agency = _outlet_iri(sighting.wire_credit)
    yield _without_nothing(
        {
            "id": article,
            "type": ["NewsArticle", "Entity"],
            "headline": sighting.title,
            "url": _iri(sighting.url) if sighting.url else None,
            "creditText": sighting.author,
            "datePublished": _printed(sighting.published_at),
            "dateModified": _printed(sighting.modified_at),
            "publisher": outlet,
            "sourceOrganization": agency,
        }
    )
    yield _without_nothing(
        {
            "id": _version_iri(sighting),
            "type": "Entity",
            "specializationOf": article,
            "sha256": sighting.evidence_sha256,
            "generatedAtTime": _moment(sighting.fetched_at) if sighting.fetched_at else None,
        }
    )
    if outlet:
        yield {"id": outlet, "type": ["Organization", "Agent"], "name": sighting.outlet_name or sighting.outlet}
    if agency:
        yield {"id": agency, "type": ["Organization", "Agent"], "name": sighting.wire_credit}
    yield {
        "id": _extractor_iri(sighting),
        "type": ["SoftwareAgent", "Agent"],
        "name": f"quotetrack {_extractor(sighting)}",
    }


# What a person decided


def _correction(correction: Correction, about: Sequence[int | str]) -> Iterator[Node]:
    """Yield a person's correction, as an annotation of the sightings that it is about, and the person."""
    person = _person_iri(correction.decided_by)
    yield _without_nothing(
        {
            "id": f"#correction-{correction.id}",
            "type": ["Annotation", "Entity"],
            "motivation": "editing",
            "decision": str(correction.fault),
            "body": [{"type": "TextualBody", "value": correction.value}] if correction.value else None,
            "target": [_sighting_iri(place) for place in about],
            "wasAttributedTo": [person],
            "generatedAtTime": _moment(correction.decided_at),
        }
    )
    yield {"id": person, "type": ["Person", "Agent"], "name": correction.decided_by}


# What was checked


def _fact_check(
    utterance: Utterance, matched: MatchedCheck, decisions: Sequence[Correction], now: datetime
) -> Iterator[Node]:
    """Yield a published review, its claim and publisher, and the annotation that links it to the Quotation.

    One page may review several claims, and may itself be an article: the id of the review is ours. `decisions` are
    those of people that confirmed the match.
    """
    check = matched.check
    publisher, claimant = _outlet_iri(check.publisher), _named_iri("claimant", check.claimant)
    review, claim, rating = f"#review-{check.id}", f"#claim-{check.id}", f"#rating-{check.id}"
    has_rating = check.verdict is not None or check.rating is not None
    yield _without_nothing(
        {
            "id": review,
            "type": "ClaimReview",
            "url": _iri(check.url),
            "name": check.title,
            "claimReviewed": check.claim,
            "itemReviewed": claim,
            "author": publisher,
            "datePublished": _printed(check.published),
            "reviewRating": rating if has_rating else None,
        }
    )
    yield _without_nothing({"id": claim, "type": "Claim", "text": check.claim, "creator": claimant})
    if has_rating:
        yield _rating(rating, check)
    if publisher:
        yield {"id": publisher, "type": ["Organization", "Agent"], "name": check.publisher}
    if claimant:
        yield {"id": claimant, "type": "Agent", "name": check.claimant}
    by_software = {"chance": round(matched.chance, DECIMALS), "wasAttributedTo": [f"#software-{MATCHER}"]}
    by_people = {
        "wasDerivedFrom": [f"#correction-{each.id}" for each in decisions],
        "wasAttributedTo": _people(decisions),
    }
    yield {
        "id": f"#match-{utterance.id}-{check.id}",
        "type": ["Annotation", "Entity"],
        "motivation": "linking",
        "body": review,
        "target": f"#utterance-{utterance.id}",
        "generatedAtTime": _moment(now),
        **(by_people if matched.is_confirmed else by_software),
    }
    if not matched.is_confirmed:
        yield {"id": f"#software-{MATCHER}", "type": ["SoftwareAgent", "Agent"], "name": f"quotetrack {MATCHER}"}


def _confirms(correction: Correction, check: FactCheck) -> bool:
    """Return whether a person decided that this fact-check is about the quotation; see `store/fact_checks.py`."""
    if correction.fault is not CorrectionFault.FACT_CHECK:
        return False
    url, claim = read_named_check(correction.value or "")
    return canonical_url(url) == canonical_url(check.url) and normalise(claim) == normalise(check.claim)


def _rating(iri: str, check: FactCheck) -> Node:
    scale = {"ratingValue": check.rating, "worstRating": 0, "bestRating": 1} if check.rating is not None else {}
    return _without_nothing({"id": iri, "type": "Rating", "alternateName": check.verdict, **scale})


# Values


def _iri(address: str) -> str:
    return quote(address, safe=_SAFE_IN_IRI, errors="replace")


def _named_iri(kind: str, name: str | None) -> str | None:
    return f"#{kind}-{quote(name, safe='', errors='replace')}" if name else None


def _article_iri(sighting: Sighting) -> str:
    return _iri(sighting.url) if sighting.url else f"#article-of-sighting-{sighting.id}"


def _version_iri(sighting: Sighting) -> str:
    if sighting.version_sha256 is None:
        return f"#version-of-sighting-{sighting.id}"
    article = quote(_article_iri(sighting), safe="")  # the hash is of title and text, which other articles may have
    return f"#version-{sighting.version_sha256}-of-{article}"


def _outlet_iri(name: str | None) -> str | None:
    return _named_iri("organisation", name)


def _person_iri(name: str) -> str | None:
    return _named_iri("person", name)


def _people(corrections: Sequence[Correction]) -> list[str | None]:
    """Return each person who decided, once."""
    return list(dict.fromkeys(_person_iri(each.decided_by) for each in corrections))


def _extractor(sighting: Sighting) -> str:
    return sighting.extractor or "of an unknown version"


def _extractor_iri(sighting: Sighting) -> str | None:
    return _named_iri("software", _extractor(sighting))


def _day(day: date) -> Node:
    return {"type": "xsd:date", "@value": day.isoformat()}


def _moment(moment: datetime) -> str:
    in_utc = moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    return in_utc.replace(microsecond=0).isoformat()


def _printed(printed: date | None) -> Node | None:
    """Return a day, or a moment with its time zone, as printed; the day of a moment without one."""
    if printed is None:
        return None
    if isinstance(printed, datetime):
        if printed.tzinfo is not None:
            return {"type": "xsd:dateTime", "@value": printed.isoformat()}
        return _day(printed.date())
    return _day(printed)


def _without_nothing(node: Node) -> Node:
    return {name: value for name, value in node.items() if value is not None and value != ""}
