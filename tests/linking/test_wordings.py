"""Words are reduced to the form that the linker compares, and differences are flagged."""

import pytest

from quotetrack.linking.wordings import differences, names_in, read_wording


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("We will win, they said.", "we will win – they said"),
        ("“We will win,” they said", "We will win, they said"),
        ("It costs 1,200 crowns to stay.", "It costs 1200 crowns to stay"),
    ],
)
def test_prints_that_differ_in_marks_and_capitals_have_the_same_tokens(one: str, other: str) -> None:
    assert read_wording(one).tokens == read_wording(other).tokens
    assert read_wording(one).grams == read_wording(other).grams


@pytest.mark.parametrize(
    "other",
    [
        "The long evening […] the silver winter",
        "The Long Evening and the Silver Winter",
        "The long evening and the silver winters",
    ],
)
def test_wordings_that_a_comparison_can_distinguish_have_different_ids(other: str) -> None:
    assert read_wording("The long evening and the silver winter").id != read_wording(other).id


def test_the_hash_of_an_n_gram_is_the_same_in_every_process() -> None:
    assert sorted(read_wording("paint and promises").grams) == [-7481863092748347095, 1992424715278437321]
    assert all(-(2**63) <= gram < 2**63 for gram in read_wording("paint and promises will keep the sea out").grams)


@pytest.mark.parametrize(
    ("words", "names"),
    [
        ("I spoke to Ilse Brandvold on the quay", {"ilse", "brandvold"}),
        ("Brandvold was on the quay.", {"brandvold"}),  # no common word: a name even where the sentence begins
        ("People were on the quay. They left.", set()),
        ("We asked Senator Marek and Mr. Quill about it", {"marek", "quill"}),
        ("Brandvold’s boat and the Varland ferry", {"brandvold", "varland"}),
        ("I said what I said", set()),
        ("WE WILL MAKE THE HARBOUR GREAT", set()),
    ],
)
def test_which_words_are_names(words: str, names: set[str]) -> None:
    assert names_in(words) == names


@pytest.mark.parametrize(
    ("one", "other", "flags"),
    [
        ("I never trusted Odd Marek with the ferry", "I never trusted Ilse Brandvold with the ferry", ("name",)),
        ("I never trusted Odd Marek with the ferry", "I never trusted Siv Marek with the ferry", ("name",)),
        ("Marek sold the ferry and the quay below it", "Brandvold sold the ferry and the quay below it", ("name",)),
        ("we sold the ferry and the quay to Marek", "we sold the ferry and the quay to Brandvold", ("name",)),
        # One person in two spellings or forms of address.
        ("I never trusted Odd Marek with the ferry", "I never trusted Marek with the ferry", ()),
        ("I never trusted Mr. Marek with the ferry", "I never trusted Odd Marek with the ferry", ()),
        ("I never trusted Senator Marek with the ferry", "I never trusted Governor Marek with the ferry", ()),
        ("I never trusted Odd Marek with the ferry", "I never trusted Odd Mareck with the ferry", ()),
        ("I never trusted Odd Marek with the ferry", "I never trusted [him] with the ferry", ()),
        ("we told the United Harbours about the ferry", "we told the UH about the ferry", ()),
        ("we told the Varland government about it", "we told the Varlandian government about it", ()),
        # Words that are no names raise no such flag.
        ("he has nine reasons to keep the ferry", "he has twelve reasons to keep the ferry", ("number",)),
        ("we have reasons to keep the red ferry", "we have reasons to keep the blue ferry", ()),
    ],
)
def test_a_replaced_name_is_flagged_and_another_form_of_it_is_not(one: str, other: str, flags: tuple[str, ...]) -> None:
    assert differences(one, other) == differences(other, one) == flags
