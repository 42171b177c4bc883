"""Phrases that several renderers share."""

import pytest

from quotetrack.render.text import size_text


@pytest.mark.parametrize(
    ("size", "text"),
    [
        (0, "0 bytes"),
        (1, "1 byte"),
        (1023, "1023 bytes"),
        (1024, "1.0 KiB"),
        (1536, "1.5 KiB"),
        (5 * 2**20, "5.0 MiB"),
        (3 * 2**30 + 2**29, "3.5 GiB"),
        (2**42, "4096.0 GiB"),
    ],
)
def test_a_size_has_the_unit_that_suits_it(size, text):
    assert size_text(size) == text
