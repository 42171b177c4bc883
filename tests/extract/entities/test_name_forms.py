"""The names in runs of capitalised words: where a run ends, which of its words are a full name, and titles."""

from __future__ import annotations

import pytest

from quotetrack.core.domain import Span
from quotetrack.extract.entities.name_forms import (
    NameForms,
    acts_behind,
    bare_name,
    gender_of,
    is_given,
    is_only_given,
    may_be_same_given,
    opens_sentence,
    role_of,
    roles_before,
    roles_behind,
    runs_in,
    speaks_beside,
)


@pytest.mark.parametrize(
    ("printed", "bare"), [("Vale’s", "Vale"), ("the Vales'", "the Vales"), ("Berg, Jr.", "Berg"), ("“Vale,”", "Vale")]
)
def test_a_bare_name_has_no_possessive_suffix_or_marks(printed, bare):
    assert bare_name(printed) == bare


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("On Monday Anna Vale opened the mill.", ["Anna Vale"]),
        ("Anna Vale’s Mill is open.", ["Anna Vale", "Mill"]),
        ("Mayor Anna Vale OBE left.", ["Anna Vale"]),
        ("It was Anna Vale. Berg left.", ["Anna Vale", "Berg"]),
        ("Robert “Bobby” Vale and Anna “Quinx” Vale left.", ["Bobby Vale", "Anna Vale"]),
        ("Robert ‘Bobby’ Vale and Anna 'Quinx' Vale left.", ["Bobby Vale", "Anna Vale"]),
        ("Robert “Big Bob” Vale and Anna “The Quill” Vale left.", ["Robert Vale", "Anna Vale"]),
        ("Peter van der Berg met Jan van.", ["Peter van der Berg", "Jan"]),
        ("It was Anna Hee. Mr Hee left. Hee. The Board met J. Hee.", ["Anna Hee", "Hee", "Hee", "Board", "J. Hee"]),
        ("Anna St. Clair and Lt. Gen. Wm. Vale left.", ["Anna St. Clair", "Wm Vale"]),
        ("Browns DL Sheldon Vale left.", ["Sheldon Vale"]),
        ("The ambassador to Norway Liu Wei Han met Norway Vale.", ["Liu Wei Han", "Norway Vale"]),
        ("Californian Quinx Vale met a Texan Vale.", ["Quinx Vale", "Vale"]),
        ("Boss Graeme Vale met Joe Boss Berg.", ["Graeme Vale", "Joe Boss Berg"]),
        ("Lt Gen (retd) Quinx Vale and Gen. (ret.) Berg left.", ["Quinx Vale", "Berg"]),
        ("Det Con Lorna Vale left.", ["Lorna Vale"]),
        ("A. Quinx Vale left.", ["A. Quinx Vale"]),
        ("the Little Holm MP", []),
        ("Anna Little Vale MP left.", ["Anna Little Vale"]),
        ("Mayor", []),
        ("the mill", []),
    ],
)
def test_a_run_is_the_words_of_a_name(text, names):
    assert [run.name for run in runs_in(text, [Span(0, len(text))])] == names


def test_a_run_knows_its_title_its_nickname_and_whether_it_is_an_owner():
    text = "Mr. Robert “Bobby” Vale’s mill is open."
    (run,) = runs_in(text, [Span(0, len(text))])
    assert (run.is_titled, run.gender, run.is_owner, run.formal) == (True, "m", True, ("Robert", "Vale"))
    assert text[run.start : run.end] == "Robert “Bobby” Vale’s"


def form_of_first(text: str, hint: str | None = None) -> str | None:
    runs = runs_in(text, [Span(0, len(text))])
    hints = [Span(text.index(hint), text.index(hint) + len(hint))] if hint else []
    return NameForms(text, runs, hints).form_of(runs[0])


@pytest.mark.parametrize(
    ("text", "form"),
    [
        ("Comedian Anna Vale left.", "Anna Vale"),
        ("Anna M. Vale left.", "Anna M. Vale"),
        ("Anna Ruth Vale left.", "Anna Ruth Vale"),
        ("Anna Vale Slams Mill. Vale left.", "Anna Vale"),
        ("Anna Church left.", None),
        ("Anna left.", None),
        ("Anna Vale AI left.", None),
        ("“no,” Gurdeep Anna Vale, a miller, said.", "Gurdeep Anna Vale"),
        ("“no,” said Zorbeh Anna Vale.", "Zorbeh Anna Vale"),
        ("“no,” said Holm Mayor Anna Vale.", "Anna Vale"),
        ("“no,” said Frenchman Anna Vale.", "Anna Vale"),
        ("“no,” said Anna Vale Mei Ling. Vale left.", "Anna Vale Mei Ling"),
        ("beside the quay Anna Vale Mei Ling (Holm West) was waiting. Vale left.", "Anna Vale Mei Ling"),
    ],
)
def test_a_name_begins_with_its_given_name(text, form):
    assert form_of_first(text) == form


@pytest.mark.parametrize(
    ("text", "hint", "form"),
    [
        ("Zorblat Quenk left.", "Zorblat Quenk", "Zorblat Quenk"),
        ("Comedian Zorblat Quenk left.", "Zorblat Quenk", "Zorblat Quenk"),
        ("Anna Church left.", "Anna Church", "Anna Church"),
        ("Dr. North Quenk left.", "North Quenk", None),
    ],
)
def test_a_parser_may_hint_at_a_name(text, hint, form):
    assert form_of_first(text, hint) == form


@pytest.mark.parametrize(
    ("text", "form"),
    [
        ("Dr. Zorblat Quenk left.", "Zorblat Quenk"),
        ("J.R. Quenk left.", "J.R. Quenk"),
        ("Zorblat Quenk left. Quenk spoke.", "Zorblat Quenk"),
        ("Zorblat Quenk said so.", "Zorblat Quenk"),
        ("Zorblat Quenk left.", None),
        ("As for Zorblat, he left.", None),
        ("U.S. Quenk left. Quenk spoke.", None),
        ("North Quenk said so.", None),
    ],
)
def test_a_title_an_initial_or_the_surroundings_make_a_name(text, form):
    assert form_of_first(text) == form


def test_a_name_with_a_nickname_has_one_form():
    text = "Robert “Bobby” Vale left. Robert Vale is old."
    assert form_of_first(text) == "Robert Vale"


@pytest.mark.parametrize(("word", "role"), [("sen", "senator"), ("senator", "senator"), ("mr", None), ("mill", None)])
def test_an_office_has_one_noun(word, role):
    assert role_of(word) == role


@pytest.mark.parametrize(
    ("text", "roles"),
    [
        ("The former governor @Jim Doe spoke.", {"former", "governor"}),
        ("She met the senator @Jim Doe.", {"senator"}),
        ("On Monday @Jim Doe spoke.", set()),
        ("She met the senator. @Jim Doe spoke. ", set()),
        ("“So said the senator.” @Jim Doe spoke. ", set()),
        ("@Jim Doe spoke.", set()),
    ],
)
def test_small_words_before_a_name_are_roles(text, roles):
    assert roles_before(text.replace("@", ""), text.index("@")) == roles


@pytest.mark.parametrize(
    ("text", "roles"),
    [
        ("Jim Doe@, a Varland senator, spoke.", {"varland", "senator"}),
        ("Jim Doe@ (Lake Party), the senator, spoke.", {"senator"}),
        ("Jim Doe@, who knew a senator, spoke.", set()),
        ("Jim Doe@ spoke.", set()),
    ],
)
def test_words_of_the_aside_behind_a_name_are_roles(text, roles):
    found = roles_behind(text.replace("@", ""), 0, text.index("@"))
    assert found - {"spoke"} == roles


@pytest.mark.parametrize(
    ("name", "gender"), [("Anna", "f"), ("PETER", "m"), ("Aada-Zorblat", "f"), ("Leslie", None), ("Zorblat", None)]
)
def test_a_given_name_says_the_gender_where_it_is_nearly_always_one(name, gender):
    assert gender_of(name) == gender


@pytest.mark.parametrize(
    ("name", "given", "only"), [("Anna", True, True), ("Kim", True, False), ("Zorblat", False, False)]
)
def test_a_name_of_women_and_men_may_be_a_surname(name, given, only):
    assert (is_given(name), is_only_given(name)) == (given, only)


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("Don", "Donald", True),
        ("D.", "Donald", True),
        ("Don", "don’", True),
        ("Al", "Alan", False),
        ("Anna", "Peter", False),
    ],
)
def test_given_names_are_the_same_by_an_initial_or_a_short_form(one, other, same):
    assert may_be_same_given(one, other) == may_be_same_given(other, one) == same


@pytest.mark.parametrize(
    ("text", "is_opening"),
    [
        ("@Vale said so.", True),
        ("It rained. @Vale said so.", True),
        ("It rained.\n\n“@Vale was here.”", True),
        ("It rained. Mayor @Vale said so.", True),
        ("It rained.\n\n02.55 @Vale said so.", True),
        ("It rained.\n\n2:55 p.m. @Vale said so.", True),
        ("It cost 02.55 @Vale said so.", False),
        ("On the quay @Vale said so.", False),
    ],
)
def test_a_sentence_opens_here_or_one_title_before(text, is_opening):
    assert opens_sentence(text.replace("@", ""), text.index("@")) == is_opening


@pytest.mark.parametrize(
    ("text", "speaks"),
    [
        ("“Yes,” said @Vale@.", True),
        ("@Vale@ later said so.", True),
        ("According to @Vale@, it is wet. It rained, according to @Vale@.", True),
        ("@Vale@ left.", False),
    ],
)
def test_a_verb_of_speech_stands_beside_a_name(text, speaks):
    *before, name, _ = text.split("@")
    start = len("".join(before))
    assert speaks_beside(text.replace("@", ""), start, start + len(name)) == speaks


@pytest.mark.parametrize(
    ("behind", "acts"),
    [(" opened the mill.", True), (", a baker, has left.", True), (" and Berg.", False), (".", False)],
)
def test_a_verb_follows_a_name(behind, acts):
    assert acts_behind(f"Vale{behind}", len("Vale")) == acts
