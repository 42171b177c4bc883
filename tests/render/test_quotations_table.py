"""The table of `extract`, on a terminal of 80 columns."""

from __future__ import annotations

import io
from dataclasses import replace

from rich.console import Console
from tests.store.newsroom import UNSURE, unsure

from quotetrack.render.quotations import quotations_table

WORDS = "The ferries will sail at six, and nobody in Ostwick has to wait for the bridge any longer than that."


def test_a_long_name_leaves_room_for_the_words_and_no_word_is_cut_short() -> None:
    out = io.StringIO()
    quotation = replace(unsure(), words=WORDS)
    Console(file=out, width=80).print(quotations_table([quotation], UNSURE))
    column = " ".join(line.split("│")[2].strip() for line in out.getvalue().splitlines() if line.startswith("│"))
    assert column.split() == WORDS.split()
