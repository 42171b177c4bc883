"""The public names of `quotetrack`, and the cost of importing it."""

from __future__ import annotations

import inspect
import io
import subprocess
import sys
from dataclasses import replace
from datetime import date
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path

import pytest

import quotetrack
from quotetrack import ask, extract_quotations, extract_reported, link_sightings, write_csv
from quotetrack.core.domain import DateBasis, SaidOn, Sighting
from quotetrack.store import open_store

pytest_plugins = ("tests.filled_store",)

TEXT = (
    "“The ferry will sail again,” said Orla Venn, the harbour master, on Monday.\n\n"
    "The so-called “miracle ship” is forty years old."
)


def test_every_public_name_can_be_imported() -> None:
    for name in quotetrack.__all__:
        assert getattr(quotetrack, name) is not None
    assert dir(quotetrack) == quotetrack.__all__
    assert quotetrack.__version__ == version("quotetrack")


def test_an_unknown_name_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="no attribute 'sing'"):
        _ = quotetrack.sing


def test_no_public_function_has_the_name_of_a_module() -> None:
    functions = [name for name in quotetrack.__all__ if inspect.isfunction(getattr(quotetrack, name))]
    assert set(functions) == {"ask", "extract_quotations", "extract_reported", "link_sightings", "open", "write_csv"}
    assert [name for name in functions if find_spec(f"quotetrack.{name}")] == []


def test_every_public_function_is_documented_and_typed() -> None:
    for function in (ask, extract_quotations, extract_reported, link_sightings, quotetrack.open, write_csv):
        assert function.__doc__
        assert "return" in inspect.get_annotations(function)


def test_importing_the_package_loads_nothing_else() -> None:
    code = (
        "import sys, quotetrack; print(sorted(m for m in sys.modules if m.startswith(('quotetrack.', 'spacy', 'num'))))"
    )
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert [name for name in result.stdout.strip("[]\n").split(", ") if "numbers" not in name] in ([""], [])


def test_the_package_is_typed() -> None:
    assert Path(quotetrack.__file__).with_name("py.typed").exists()


def test_the_quotations_of_a_text_have_words_speaker_and_day() -> None:
    (quotation,) = extract_quotations(TEXT, published=date(2031, 3, 12))
    assert quotation.words == quotation.parts[0].of(TEXT) == "The ferry will sail again,"
    assert quotation.attribution is not None
    assert quotation.attribution.name == "Orla Venn"
    assert quotation.said == SaidOn(date(2031, 3, 10), date(2031, 3, 10), DateBasis.STATED_HERE)
    assert len(extract_quotations(TEXT, everything=True)) == 2


def test_sightings_made_by_hand_are_linked_and_written() -> None:
    one = Sighting("a", "The ferry will sail again before the month is out.", "Orla Venn", "harbourpost")
    same = replace(one, id="b", words="The ferry will sail again before the month is out,", outlet="islandecho")
    other = Sighting("c", "Nobody has told the crane drivers anything at all.", "Tadeo Brisk", "harbourpost")
    utterances = link_sightings([one, other, same])
    assert [[sighting.id for sighting in utterance.sightings] for utterance in utterances] == [["a", "b"], ["c"]]
    out = io.StringIO()
    assert write_csv(utterances, out) == 3


def test_a_question_is_answered_from_a_store(ingested: Path) -> None:
    with open_store(f"sqlite:///{ingested}", read_only=True)() as session:
        answer = ask(session, "What did Ragna Telle say about the storm barrier?")
    assert isinstance(answer, quotetrack.Answer)
    assert answer.utterances[0].utterance.speaker == "Ragna Telle"
    assert "Ragna Telle" in str(answer) and "<blockquote>" in answer._repr_html_()
