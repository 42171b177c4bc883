"""Two versions side by side show the words that the newspaper changed, and only those."""

from __future__ import annotations

import pytest

from quotetrack.render.versions import changed_paragraphs


@pytest.mark.parametrize(
    ("older", "newer", "cut", "added", "unchanged"),
    [
        ("One.\n\nIt will hold, she said.", "One.\n\nIt will not hold, she said.", [""], ["not"], [1]),
        ("One.\n\nTwo.\n\nThree.", "One.\n\nThree.", ["Two."], [""], [1]),
        ("One.\n\nFour.", "One.\n\nTwo.\n\nThree.\n\nFour.", ["", ""], ["Two.", "Three."], [1, 0]),
        (
            "It sails at noon today.\n\nGone.",
            "New.\n\nIt sails at nine today.",
            ["", "noon", "Gone."],
            ["New.", "nine", ""],
            [0, 0, 0],
        ),
        ("One.\n\nTwo.", "One. \n\n\nTwo.", [], [], []),
    ],
)
def test_what_the_newspaper_changed(
    older: str, newer: str, cut: list[str], added: list[str], unchanged: list[int]
) -> None:
    changed = list(changed_paragraphs(older, newer))
    assert [" ".join(text for text, is_cut in each.before if is_cut) for each in changed] == cut
    assert [" ".join(text for text, is_added in each.after if is_added) for each in changed] == added
    assert [each.unchanged for each in changed] == unchanged
