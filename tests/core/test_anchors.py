"""The characters of an anchor are found again in a changed text, or not at all."""

import pytest

from quotetrack.core.anchors import locate, surroundings

TEXT = "Rain fell on the quay. “We will stay,” she said. Later the mayor said: “We will stay,” and left the hall."
FIRST, SECOND = TEXT.index("We will"), TEXT.rindex("We will")
WORDS = "We will stay,"


def located(start: int, text: str, exact: str = WORDS) -> str | None:
    prefix, suffix = surroundings(TEXT, start, start + len(exact))
    place = locate(start, exact, prefix, suffix, text)
    return f"{place[0]}:{text[place[0] : place[1]]}" if place else None


@pytest.mark.parametrize(
    ("start", "text", "expected"),
    [
        (SECOND, TEXT, f"{SECOND}:{WORDS}"),
        # Moved: of two places the one with the surroundings of the anchor.
        (SECOND, f"It was a wet day. {TEXT}", f"{SECOND + 18}:{WORDS}"),
        (FIRST, f"It was a wet day. {TEXT}", f"{FIRST + 18}:{WORDS}"),
        # A letter of the words changed, and not their surroundings.
        (FIRST, TEXT.replace("We will stay,” she", "We'll stay,” she").replace("We will stay,” and", "No,” and"), None),
        (FIRST, "Rain fell on the quay. “We will stay!” she said.", f"{FIRST - 1}:“We will stay"),
        # Removed, or several places with equal surroundings.
        (FIRST, "Rain fell on the quay. She said nothing.", None),
        (FIRST, f"No. {WORDS} - {WORDS} - {WORDS}", None),
        (FIRST, "", None),
    ],
)
def test_the_characters_of_an_anchor_are_found_where_they_stand_now(
    start: int, text: str, expected: str | None
) -> None:
    assert located(start, text) == expected
