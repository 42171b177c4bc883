"""Two people who speak together, and those who do not."""

from __future__ import annotations

import pytest

from quotetrack.core.domain import Article
from quotetrack.extract.extractor import extract


@pytest.mark.parametrize(
    ("text", "name", "mention"),
    [
        ("“The mill is open,” Ingrid Vale and Tomas Berg said in a statement.", "Ingrid Vale and Tomas Berg", None),
        ("“The mill is open,” said Ingrid Vale and Tomas Berg in a statement.", "Ingrid Vale and Tomas Berg", None),
        (
            "“The mill is open,” Ingrid Vale, the mayor, and Tomas Berg, her deputy, said on Monday.",
            "Ingrid Vale and Tomas Berg",
            "Ingrid Vale, the mayor, and Tomas Berg",
        ),
        (
            "Ingrid Vale met Tomas Berg. “The mill is open,” Vale and Berg jointly said.",
            "Ingrid Vale and Tomas Berg",
            "Vale and Berg",
        ),
        ("“The mill is open,” Ingrid Vale said, and Tomas Berg agreed.", "Ingrid Vale", "Ingrid Vale"),
        ("Tomas Berg met Ingrid Vale. “The mill is open,” Vale said and Berg left.", "Ingrid Vale", "Vale"),
        ("“The mill is open,” Ingrid Vale told Anna Lind and Tomas Berg.", "Ingrid Vale", "Ingrid Vale"),
    ],
)
def test_two_subjects_of_one_verb_speak_together(nlp, text, name, mention):
    (quotation,) = extract(Article(url="https://tarn.example/mill", outlet="Tarn Post", text=text), nlp)
    assert (quotation.attribution.name, quotation.attribution.mention.of(text)) == (name, mention or name)
