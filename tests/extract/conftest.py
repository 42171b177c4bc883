from __future__ import annotations

from collections.abc import Callable

import pytest
from spacy.language import Language

from quotetrack.core.domain import QuotationKind
from quotetrack.core.settings import Settings
from quotetrack.extract.attribution.ranker import FARTHEST_SPEAKER
from quotetrack.extract.attribution.rules import FoundMention, ParagraphScene, attribute_paragraph
from quotetrack.extract.extractor import parsed
from quotetrack.models.spacy_pipeline import load_language


@pytest.fixture(scope="session")
def nlp() -> Language:
    """The pipeline of the settings, loaded once for all tests."""
    return load_language(Settings().spacy_model)


@pytest.fixture(scope="session")
def last_part(nlp: Language) -> Callable[[str], tuple[ParagraphScene, int]]:
    """What a rule sees of the last pair of marks in a text, with the parts before it attributed."""

    def scene_of(text: str) -> tuple[ParagraphScene, int]:
        quotations, readings = parsed(text, nlp)
        full = {part: q.kind is QuotationKind.FULL for q in quotations for part in q.parts}
        last: FoundMention | None = None
        last_at = -FARTHEST_SPEAKER - 1
        *earlier, index = [i for i, reading in sorted(readings.items()) if reading.parts]
        for before in earlier:
            scene = ParagraphScene(
                readings[before], readings.get(before - 1), last, None, before - last_at <= FARTHEST_SPEAKER
            )
            attribute_paragraph(scene, [full[part.span] for part in scene.reading.parts])
            if scene.last_here is not None:
                last, last_at = scene.last_here, before
        scene = ParagraphScene(
            readings[index], readings.get(index - 1), last, None, index - last_at <= FARTHEST_SPEAKER
        )
        *parts_before, _ = scene.reading.parts
        attribute_paragraph(scene, [full[part.span] for part in parts_before])  # finds the cues, too
        return scene, len(parts_before)

    return scene_of
