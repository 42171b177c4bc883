"""A line ends a sentence where it ends in a stop and the marks that close it, and wordings differ in print alone."""

from __future__ import annotations

import pytest
from ftfy import fix_text
from hypothesis import given
from hypothesis import strategies as st

from quotetrack.core.normalize import ends_sentence, normalise


@pytest.mark.parametrize("line", ["The ferry sails.", "“Does it sail?”", "“It sails (today).’”", "It sails…", "Sail!]"])
def test_a_stop_ends_a_sentence_with_its_closing_marks(line):
    assert ends_sentence(line)


@pytest.mark.parametrize("line", ["The ferry sails", "The ferry sails:", "The ferry, “", "", "It sails. Today"])
def test_a_line_without_a_stop_at_its_end_is_no_sentence(line):
    assert not ends_sentence(line)


@given(st.text("ab'.,- []‘’“”–—…\"!?3%$`", max_size=14))
def test_marks_that_need_no_repair_come_out_as_if_they_were_repaired(words):
    assert normalise(words) == normalise(fix_text(words, normalization="NFKC"))


def test_what_needs_repair_is_repaired():
    assert normalise("The ferryâ€™s late &amp; full") == normalise("The ferry’s late & full") == "the ferry's late full"
