"""Whom "they", "the former" and "the latter" mean."""

from __future__ import annotations

import pytest

from quotetrack.core.domain import Span
from quotetrack.extract.attribution.rules import FoundMention
from quotetrack.extract.entities.article_names import ArticleNames
from quotetrack.extract.entities.pairs import meant_by_pair
from quotetrack.extract.entities.people import People


def meant(text: str, mention: str) -> str | None:
    """Return the name that the last place of a mention means."""
    start, head = text.rindex(mention), mention.split()[-1]
    span = Span(start, start + len(mention))
    found = FoundMention(span, Span(span.end - len(head), span.end), None, "after_cue", 0.9, True)
    names = ArticleNames(text, People(text), (), None, None, ())
    given = meant_by_pair(names, found)
    return given.name if given is not None else None


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Sisters Anna and Ruth Vale sold the mill.\n\nSo they said.", "Anna and Ruth Vale"),
        ("Anna Vale and Peter Berg sold the mill. So they said.", "Anna Vale and Peter Berg"),
        ("Anna Vale, who is non-binary, sold the mill. So they said.", "Anna Vale"),
        ("Anna Vale uses they/them pronouns. Vale sold the mill. So they said.", "Anna Vale"),
        ("Anna Vale sold the mill. So they said.", None),
        ("Anna Vale and Peter Berg met the farmers. So they said.", None),
        ("Anna Vale and Peter Berg left. Residents were angry. So they said.", None),
        ("Anna Vale and Peter Berg left. The council is small. So they said.", None),
        ("Anna Vale and Peter Berg left. Ruth Lund sat. So they said.", None),
        ("The mill belongs to Anna Vale and Peter Berg. So they said.", None),
        ("The mill is old. So they said.", None),
    ],
)
def test_they_means_two_who_are_named_together_or_one_who_is_called_so(text, name):
    assert meant(text, "they") == name


@pytest.mark.parametrize(
    ("text", "mention", "name"),
    [
        ("Anna Vale is here. Ruth Lund met Peter Berg. The former said so.", "The former", "Ruth Lund"),
        ("Anna Vale is here. Ruth Lund met Peter Berg. The latter said so.", "The latter", "Peter Berg"),
        ("Ruth Lund met Peter Berg and Anna Vale. The latter said so.", "The latter", None),
        ("Ruth Lund left. The former said so.", "The former", None),
        ("The latter said so.", "The latter", None),
        ("Ruth Lund met Peter Berg. The former mayor said so.", "The former mayor", None),
    ],
)
def test_the_former_and_the_latter_are_those_of_the_last_sentence_that_names_two(text, mention, name):
    assert meant(text, mention) == name
