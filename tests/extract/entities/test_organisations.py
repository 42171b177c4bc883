"""The organisations of an article, and which of them "the council" and "the statement" mean."""

from __future__ import annotations

import pytest

from quotetrack.core.domain import Article, Span
from quotetrack.extract.entities.organisations import organisations_of
from quotetrack.extract.entities.people import People
from quotetrack.extract.extractor import attribute_text, make_resolver


def names_in(text: str, *hinted: str) -> list[str]:
    hints = [Span(text.index(name), text.index(name) + len(name)) for name in hinted]
    found = organisations_of(text, [Span(0, len(text))], hints, People(text).persons)
    return [organisation.name for organisation in found]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("On Monday the Harbour Council of Nye rejected the plan.", ["Harbour Council of Nye"]),
        ("The Ministry of Works and Trade said no.", ["Ministry of Works and Trade"]),
        ("The Tarn campaign sent a letter.", ["Tarn campaign"]),
        ("The FMC disagreed.", ["FMC"]),
        ("They wrote on Thursday to Nye Council.", ["Nye Council"]),
        ("The Sunday Post was there.", ["Sunday Post"]),
        ("Quenk & Vale sold its boats. Peter Vale left.", ["Quenk & Vale"]),
        ("The bank Quenk & Vale sold its boats. Q&V had two.", ["Quenk & Vale"]),
        ("Anna Vale met Peter Berg in Saltmere.", []),
        ("The Harbour Council and the Ferry Union met.", ["Harbour Council", "Ferry Union"]),
        ("Ferry Union and Harbour Council met.", ["Ferry Union", "Harbour Council"]),
        ("Ferry Union and Anna Vale met. Anna Vale left.", ["Ferry Union"]),
        ("A letter by the Ferry Union to the Harbour Council.", ["Ferry Union", "Harbour Council"]),
        ("The Right to Roam Group met.", ["Right to Roam Group"]),
        ("The Access to Justice Foundation met.", ["Access to Justice Foundation"]),
        ("The Department of Health and Human Services met.", ["Department of Health and Human Services"]),
        ("Farmers Bank and Trust Company met.", ["Farmers Bank and Trust Company"]),
        ("The Teachers' League of Nye met.", ["Teachers' League of Nye"]),
        ("The Nye Film Festival began.", ["Nye Film Festival"]),
        ("The Nye Tax Enforcement said no.", ["Nye Tax Enforcement"]),
        ("Kenya’s Ministry of Works met. The Ministry of Works left.", ["Kenya’s Ministry of Works"]),
        (
            "Kenya’s Ministry of Works met Ghana’s Ministry of Works. The Ministry of Works left.",
            ["Kenya’s Ministry of Works", "Ghana’s Ministry of Works", "Ministry of Works"],
        ),
        ("Tarn’s Ministry of Works met.", ["Ministry of Works"]),
        ("Kenya’s Ferry Union met.", ["Ferry Union"]),
        ("The Prince of Wales Hospital met.", ["Prince of Wales Hospital"]),
        ("Anna Vale of the Ferry Union met Vale’s uncle.", ["Ferry Union"]),
        ("He is Chair of the Ferry Union.", ["Ferry Union"]),
        ("The Secretary of State for the Nye Department said no.", ["Nye Department"]),
        ("The Harbour Council Tuesday said no.", ["Harbour Council"]),
        ("Former Ferry Union men wept.", ["Ferry Union"]),
        ("Shares in Quenk & Vale fell. Staff at the Harbour Council wept.", ["Quenk & Vale", "Harbour Council"]),
        ("SALTMERE, Feb 8 - The Harbour Council said no.", ["Harbour Council"]),
        ("Nye Police met the Police Federation in Nye.", ["Nye Police", "Police Federation in Nye"]),
        ("The Ferry Union Press Secretary Anna Vale left. Vale wept.", []),
    ],
)
def test_runs_of_capitals_with_a_word_for_a_body_are_organisations(text, names):
    assert names_in(text) == names


def test_a_name_is_an_organisation_where_the_parser_says_so():
    assert names_in("Brightwater sold its boats.") == []
    assert names_in("Brightwater sold its boats.", "Brightwater") == ["Brightwater"]


def test_short_forms_and_acronyms_are_the_same_organisation():
    text = "The Ferry and Marine Council met. The FMC, or the Marine Council, voted. The Harbour Post was there."
    assert names_in(text) == ["Ferry and Marine Council", "Harbour Post"]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        (
            "The Harbour Council of Nye rejected the plan on Monday. Its members had met for three hours.\n\n"
            "“We will not pay for a wall of sand,” the council said.",
            "Harbour Council of Nye",
        ),
        (
            "The State Office of Radio, Film and Song (SORFS) has new rules. They begin in May.\n\n"
            "“Song is a serious business for the state,” the SORFS said.",
            "State Office of Radio, Film and Song",
        ),
        (
            "The Conseil National de l'Onde (CNO) has written to the shops.\n\n"
            "“Some makers look forward to a better spring,” the CNO said.",
            "Conseil National de l'Onde",
        ),
        (
            "Award for Kirsten Thom\n\nActress Kirsten Thom gets a prize at the Orle Film Festival. “We owe the "
            "actress more than a prize,” the festival said.",
            "Orle Film Festival",
        ),
        (
            "The Saltmere Chamber of Commerce was angry, and said so in a statement on Monday.\n\n"
            "“The ferry is all that we have left,” the statement said.",
            "Saltmere Chamber of Commerce",
        ),
    ],
)
def test_a_word_for_an_organisation_means_the_one_that_bears_it_or_spoke(nlp, text, name):
    article = Article(url="", outlet="", text=text)
    attributed = attribute_text(text, nlp)
    resolver = make_resolver(article, attributed)
    found = attributed.speaker_of(attributed.quotations[0])
    assert found is not None and resolver.resolve(found, []).name == name


def test_a_pronoun_does_not_mean_a_person_of_the_other_gender(nlp):
    text = "Orla Venn was there. “We are open,” she said.\n\nA docker came by. “I am cold,” he said."
    attributed = attribute_text(text, nlp)
    resolver = make_resolver(Article(url="", outlet="", text=text), attributed)
    resolved = resolver.resolve_all([attributed.speaker_of(quotation) for quotation in attributed.quotations])
    assert [name.name for name in resolved.values()] == ["Orla Venn", "A docker"]
