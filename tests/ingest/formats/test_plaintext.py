from datetime import UTC, date, datetime

import pytest

from quotetrack.ingest.formats.plaintext import read_head, read_text

BODY = """\
The town will close the harbour bridge for a year, Mayor Ada Quill said on Friday.

“We will not wait for it to fall,” she said. “The ferry is free until it opens again, and so is the night bus there.”
"""


@pytest.mark.parametrize(
    ("head", "title", "byline", "published"),
    [
        ("", None, None, None),
        ("Harbour bridge to close for a year\n\n", "Harbour bridge to close for a year", None, None),
        (
            "Edit post\nHarbour bridge to close for a year\nMarch 4, 2031 8:13 PM\n2 min read\n\n",
            "Harbour bridge to close for a year",
            None,
            datetime(2031, 3, 4, 20, 13),
        ),
        (
            "WORLD\n3 MIN READ\nHarbour bridge to close for a year\n"
            "The only bridge of the town is closing because its two old pillars no longer carry the lorries.\n"
            "Harbour bridge to close for a year\nThe bridge seen from the ferry. / Photo: AP / AP\n"
            "Bo LindBo Lind\nMarch 4, 2031\n\n",
            "Harbour bridge to close for a year",
            "Bo Lind",
            date(2031, 3, 4),
        ),
        (
            "Harbour bridge to close for a year\nBy Bo Lind, political editor | Harbour Post\n"
            "Updated 4 March 2031 10:15 GMT\n\n",
            "Harbour bridge to close for a year",
            "Bo Lind",
            datetime(2031, 3, 4, 10, 15, tzinfo=UTC),
        ),
        (
            "“Not another year”: town turns on mayor\nBo Lind and Cy Marsh\n2031-03-04\n\n",
            "“Not another year”: town turns on mayor",
            "Bo Lind and Cy Marsh",
            date(2031, 3, 4),
        ),
        (
            "News from the harbour towns\nHarbour bridge to close for a year\nHarbour bridge to close for a year\n\n",
            "Harbour bridge to close for a year",
            None,
            None,
        ),
        ("By AFP\nHARBOUR TOWN\n\n", None, "AFP", None),
        ("Most popular\nEditors' Picks\nSign up for our newsletter today\n\n", None, None, None),
    ],
)
def test_title_byline_and_day_are_read_from_the_head(head, title, byline, published):
    metadata = read_head(head + BODY)
    assert (metadata.title, metadata.byline, metadata.published_at) == (title, byline, published)


def test_a_date_in_the_body_is_not_the_day_of_publication():
    text = "Harbour bridge to close for a year\n\n" + BODY + "\n" + BODY + "\nMarch 4, 2031\n"
    assert read_head(text).published_at is None


def test_a_given_day_and_outlet_fill_only_missing_ones(outlets):
    dated = read_text(
        "Bridge to close for a year\nMarch 4, 2031\n" + BODY, url="file:/a", published=date(2030, 1, 1), outlets=outlets
    )
    undated = read_text(BODY, url="file:/a", outlet="Harbour Post", published=date(2030, 1, 1), outlets=outlets)
    assert (dated.published_at, dated.outlet) == (date(2031, 3, 4), "unknown")
    assert (undated.published_at, undated.outlet) == (date(2030, 1, 1), "Harbour Post")
