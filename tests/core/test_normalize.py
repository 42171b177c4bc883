"""A line ends a sentence where it ends in a stop and the marks that close it."""

from __future__ import annotations

import pytest

from quotetrack.core.normalize import ends_sentence


@pytest.mark.parametrize("line", ["The ferry sails.", "“Does it sail?”", "“It sails (today).’”", "It sails…", "Sail!]"])
def test_a_stop_ends_a_sentence_with_its_closing_marks(line):
    assert ends_sentence(line)


@pytest.mark.parametrize("line", ["The ferry sails", "The ferry sails:", "The ferry, “", "", "It sails. Today"])
def test_a_line_without_a_stop_at_its_end_is_no_sentence(line):
    assert not ends_sentence(line)
