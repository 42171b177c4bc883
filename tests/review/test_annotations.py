"""A file of decisions is checked as a whole; what is wrong is said with the number of the annotation."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from quotetrack.core.domain import (
    Anchor,
    ArticleDecision,
    ArticleField,
    Correction,
    CorrectionFault,
    Judgement,
    Span,
)
from quotetrack.review.annotations import (
    ArticleAnnotation,
    CorrectionAnnotation,
    JudgementAnnotation,
    SpeakerAnnotation,
    WrongAnnotations,
    read_json,
    write_json,
)
from quotetrack.store.speaker_decisions import NamedSpeaker, SpeakerDecision
from quotetrack.store.speakers import DecisionKind, SpeakerKind

AT = datetime(2031, 3, 12, 22, 0, 0, 5, tzinfo=UTC)
URL = "https://harbourpost.example/ferry"
SAIL = Anchor(
    22, "The ferry will sail again,” said Orla Venn. “We owe it.", "resigned. “", "”", (Span(0, 26), Span(45, 55))
)
OWE = Anchor(66, "We owe it.", "Orla Venn. “", "”", (Span(0, 10),))
VENN = NamedSpeaker("Orla Venn", SpeakerKind.PERSON, ("Orla Venn", "O. Venn"))
MASTER = NamedSpeaker("the harbour master", SpeakerKind.DESCRIBED, ("the harbour master",))


def correction(fault: CorrectionFault, value: str | None = None, target: Anchor | None = None) -> CorrectionAnnotation:
    return CorrectionAnnotation.of(Correction(1, URL, SAIL, fault, value, "ada", AT, target, "heard it"))


def about_speaker(deciding: DecisionKind, value: str, other: NamedSpeaker | None = None) -> SpeakerAnnotation:
    return SpeakerAnnotation.of(SpeakerDecision(deciding, VENN, value, "ada", AT, other))


ARTICLE_VALUES = {
    ArticleField.OUTLET: "harbourpost",
    ArticleField.PUBLISHED: "2031-03-09T18:40:00+01:00",
    ArticleField.TITLE: "Venn leaves the harbour",
    ArticleField.AUTHOR: "Wim Tarrow",
    ArticleField.URL: "https://harbourpost.example/venn",
    ArticleField.REMOVED: None,
}
ALL = (
    about_speaker(DecisionKind.MERGED, "the harbour master", MASTER),
    about_speaker(DecisionKind.SPLIT, "the harbour master", MASTER),
    about_speaker(DecisionKind.RENAMED, "Orla A. Venn"),
    about_speaker(DecisionKind.NAMED, "Harbour Boss"),
    about_speaker(DecisionKind.IMPORTED, "Q42"),
    correction(CorrectionFault.SPEAKER, "Tadeo Brisk"),
    correction(CorrectionFault.DAY, "2031-03-08..2031-03-09"),
    correction(CorrectionFault.WORDS, target=OWE),
    correction(CorrectionFault.NOT_A_QUOTATION),
    correction(CorrectionFault.MISSED, "unknown"),
    correction(CorrectionFault.MISSED),
    *(
        ArticleAnnotation.of(ArticleDecision(1, URL, field, value, "ada", AT, "see the masthead"))
        for field, value in ARTICLE_VALUES.items()
    ),
    JudgementAnnotation.of(Judgement(1, (SAIL, OWE), (URL, URL), (), (), same=True, decided_by="ada", decided_at=AT)),
)


def written(change: Callable[[list[dict[str, Any]]], object] = lambda items: None) -> bytes:
    collection = json.loads(write_json(ALL))
    change(collection["first"]["items"])
    return json.dumps(collection).encode()


def test_what_is_written_is_read() -> None:
    assert [annotation.to_json() for annotation in read_json(written())] == [each.to_json() for each in ALL]
    assert [annotation.model_copy(update={"id": ""}) for annotation in read_json(b"\xef\xbb\xbf" + written())] == list(
        ALL
    )


def test_a_correction_is_a_web_annotation() -> None:
    assert correction(CorrectionFault.SPEAKER, "Tadeo Brisk").to_json() == {
        "id": "urn:uuid:45d48720-34d7-594f-bf57-46d9af28c1ed",
        "type": "Annotation",
        "motivation": "editing",
        "creator": {"type": "Person", "name": "ada"},
        "created": "2031-03-12T22:00:00.000005Z",
        "reason": "heard it",
        "decision": "speaker",
        "body": {"type": "TextualBody", "value": "Tadeo Brisk"},
        "target": {
            "type": "SpecificResource",
            "source": URL,
            "selector": [
                {
                    "type": "TextQuoteSelector",
                    "exact": SAIL.exact,
                    "prefix": "resigned. “",
                    "suffix": "”",
                },
                {"type": "TextPositionSelector", "start": 22, "end": 77},
            ],
            "parts": [
                {"type": "TextPositionSelector", "start": 0, "end": 26},
                {"type": "TextPositionSelector", "start": 45, "end": 55},
            ],
        },
    }


def test_the_same_decision_has_the_same_id_and_another_one_another() -> None:
    assert write_json(ALL) == write_json(read_json(written()))
    assert len({annotation.to_json()["id"] for annotation in ALL}) == len(ALL)


def put(number: int, *path: str | int, value: Any) -> Callable[[list[dict[str, Any]]], None]:
    """Return a change of one value of an annotation, which is given by its number from 1."""

    def change(items: list[dict[str, Any]]) -> None:
        place: Any = items[number - 1]
        for step in path[:-1]:
            place = place[step]
        place[path[-1]] = value

    return change


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (put(3, "decision", value="promoted"), "annotation 3: promoted is not a decision that this version"),
        (put(3, "decision", value=None), "annotation 3: None is not a decision"),
        (lambda items: items[2].pop("decision"), "annotation 3: it has no decision"),
        (lambda items: items.append("text"), "annotation 19: "),
        (put(1, "target", "names", value=[]), "annotation 1: target.names: "),
        (put(1, "target", "names", 0, value="…"), "annotation 1: target.names.0: '…' is not a name"),
        (put(1, "target", "kind", value="robot"), "annotation 1: target.kind: "),
        (put(1, "body", value={"type": "TextualBody", "value": "x"}), "annotation 1: this is not the body"),
        (put(1, "reason", value="why not"), "annotation 1: reason: "),
        (put(3, "body", "value", value=" "), "annotation 3: ' ' is not a name"),
        (put(5, "body", "value", value="42"), "annotation 5: '42' is not a Wikidata id"),
        (put(6, "created", value="2031-03-12T22:00:00"), "annotation 6: created: "),
        (put(6, "created", value="0001-01-01T00:00:00+14:00"), "annotation 6: created: the year is out of range"),
        (put(6, "creator", "name", value=""), "annotation 6: creator.name: "),
        (put(6, "body", value=None), "annotation 6: this is not the body of the decision 'speaker'"),
        (put(6, "target", "selector", 1, "start", value=23), "annotation 6: target: the position has 54 characters"),
        (put(6, "target", "selector", 1, "start", value=-1), "annotation 6: target.selector.1.start: "),
        (put(6, "target", "selector", 1, "end", value=10**20), "annotation 6: target.selector.1.end: "),
        (put(6, "target", "parts", 0, "end", value=50), "annotation 6: target: the parts are not in order"),
        (put(6, "target", "parts", 1, "end", value=56), "annotation 6: target: the parts are not in order"),
        (put(6, "target", "source", value=""), "annotation 6: target.source: "),
        (put(6, "target", "colour", value="red"), "annotation 6: target.colour: "),
        (put(7, "body", "value", value="last week"), "annotation 7: 'last week' is not a day"),
        (put(8, "body", "source", value="https://other.example/"), "annotation 8: this is not the body"),
        (put(9, "body", value={"type": "TextualBody", "value": "x"}), "annotation 9: this is not the body"),
        (put(12, "body", "value", value=" "), "annotation 12: the outlet is blank"),
        (put(13, "body", "value", value="2031-02-30"), "annotation 13: '2031-02-30' is not a day or moment"),
        (put(13, "body", "value", value="2031-W10-1"), "annotation 13: '2031-W10-1' is not a day or moment"),
        (put(14, "body", value=None), "annotation 14: this is not the body of the decision 'title'"),
        (put(15, "target", value=""), "annotation 15: target: "),
        (put(16, "body", "value", value="somewhere"), "annotation 16: 'somewhere' is not a web address"),
        (put(17, "body", value={"type": "TextualBody", "value": "x"}), "annotation 17: this is not the body"),
        (lambda items: items[17]["target"].pop(), "annotation 18: target.1: "),
        (lambda items: items[17].update(target=[items[17]["target"][0]] * 2), "annotation 18: the two targets are"),
    ],
)
def test_what_is_wrong_is_said_with_its_place(change: Callable[[list[dict[str, Any]]], None], message: str) -> None:
    with pytest.raises(WrongAnnotations) as caught:
        read_json(written(change))
    assert str(caught.value).startswith(message)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "Invalid JSON"),
        (b"\xff\xfe", "Invalid JSON"),
        (b"[" * 100_000, "Invalid JSON"),
        (b'{"@context": [], "type": "AnnotationCollection", "total": 0, "first": "\\ud800"}', "Invalid JSON"),
        (b"[]", "Input should be an object"),
        (b'{"type": "AnnotationCollection"}', "@context: Field required"),
        (b'{"@context": [], "type": "AnnotationPage", "items": []}', "type: "),
    ],
)
def test_another_file_is_refused(content: bytes, message: str) -> None:
    with pytest.raises(WrongAnnotations) as caught:
        read_json(content)
    assert str(caught.value).startswith(message)
