"""The counts of a run on one line."""

from __future__ import annotations

import pytest

from quotetrack.render.runs import counts_line


@pytest.mark.parametrize(
    ("counts", "line"),
    [
        ({"new": 1, "failed": 0, "quotations": 1, "utterances": 1}, "1 new, 0 failed; 1 quotation; 1 utterance"),
        ({"new": 0, "quotations": 2, "reported_statements": 1}, "0 new; 2 quotations; 1 reported statement"),
        ({"talking_points": 1}, "1 talking point"),
        ({"unchanged": 1, "left_out": 1}, "1 unchanged, 1 left out"),
    ],
)
def test_counts_have_the_right_number(counts, line):
    assert counts_line(counts) == line
