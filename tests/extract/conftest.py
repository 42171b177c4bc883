from __future__ import annotations

from collections.abc import Callable

import pytest
from spacy.language import Language

from quotetrack.core.domain import QuotationKind
from quotetrack.core.settings import Settings
from quotetrack.extract.attribution.ranker import attribute_by_rules
from quotetrack.extract.attribution.rules import ParagraphScene, attribute_paragraph
from quotetrack.extract.attribution.syntax import find_cues
from quotetrack.extract.extractor import parse_text
from quotetrack.models.spacy_pipeline import load_language


@pytest.fixture(scope="session")
def nlp() -> Language:
    """Return the pipeline of the settings, loaded once for all tests."""
    return load_language(Settings().spacy_model)


@pytest.fixture(scope="session")
def last_part(nlp: Language) -> Callable[[str], tuple[ParagraphScene, int]]:
    """Return the scene of the last pair of marks in a text, with the parts before it attributed by the rules."""

    def scene_of(text: str) -> tuple[ParagraphScene, int]:
        parsed = parse_text(text, nlp)
        is_full = {part: q.kind is QuotationKind.FULL for q in parsed.quotations for part in q.parts}
        read = {index: (reading, find_cues(reading)) for index, reading in sorted(parsed.readings.items())}
        scenes, _ = attribute_by_rules(parsed.quotations, read)
        scene = scenes[max(scenes)]
        *parts_before, _ = scene.reading.parts
        _, scene = attribute_paragraph(scene, [is_full[part.span] for part in parts_before])
        return scene, len(parts_before)

    return scene_of
