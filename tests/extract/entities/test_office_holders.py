"""Who holds an office by what an article tells, and whom a mention of an office may mean."""

from __future__ import annotations

import pytest

from quotetrack.core.domain import Span
from quotetrack.extract.entities.descriptions import descriptions_in, unnamed_people
from quotetrack.extract.entities.office_holders import OfficeHolders
from quotetrack.extract.entities.people import People


def bearers(text: str, mention: str) -> tuple[set[str], set[str]]:
    """Return whom a mention at the end of a text may mean by its office, and who holds another one."""
    whole = f"{text} Then {mention} spoke."
    people = People(whole)
    unnamed = unnamed_people(whole, descriptions_in(whole, [Span(0, len(whole))]), people)
    start = whole.rindex(mention)
    found = OfficeHolders(whole, people, unnamed, ()).bearers(Span(start, start + len(mention)))
    return {person.name for person in found.told}, {person.name for person in found.others}


@pytest.mark.parametrize(
    ("text", "mention", "told"),
    [
        ("Anna Vale, the mayor of Holm, met Ruth Lund, the mayor of Orle.", "the mayor of Orle", {"Ruth Lund"}),
        ("Anna Vale, the mayor of Holm, met Ruth Lund, the mayor of Orle.", "the Holm mayor", {"Anna Vale"}),
        ("Anna Vale, the mayor of Holm, met Ruth Lund, the mayor of Orle.", "the mayor", {"Anna Vale", "Ruth Lund"}),
        ("The mayors of Holm, Anna Vale, and of Orle, Ruth Lund, met.", "the mayor", {"Anna Vale", "Ruth Lund"}),
        ("Councillors Anna Vale and Ruth Lund met.", "the councillor", {"Anna Vale", "Ruth Lund"}),
        ("Orle’s mayor, Ruth Lund, met Anna Vale.", "the mayor of Orle", {"Ruth Lund"}),
        ("Foreign minister Peter Berg met defence minister Ruth Lund.", "the defence minister", {"Ruth Lund"}),
        ("The Earl of Tarn, Peter Berg, met the Dean of Tarn, Ruth Lund.", "the dean", {"Ruth Lund"}),
        ("Holm coach Peter Berg met Orle coach Mark Lund.", "the Orle coach", {"Mark Lund"}),
        ("Senator Anna Vale of Tarn met Senator Ruth Lund of Orle.", "the Tarn senator", {"Anna Vale"}),
        ("Peter Berg, who leads the Greens, met Anna Vale.", "the leader of the Greens", {"Peter Berg"}),
        ("Swede Anna Vale beat the Dane Ruth Lund.", "the Dane", {"Ruth Lund"}),
        ("Anna Vale of Norway beat Ruth Lund of Finland.", "the Finn", {"Ruth Lund"}),
        ("Frenchman Peter Berg beat the Briton Mark Lund.", "the Briton", {"Mark Lund"}),
        ("Tomas Rask is tired. A mayor wept.", "the mayor", {"A mayor"}),
    ],
)
def test_an_office_is_his_beside_whose_name_its_words_stand(text, mention, told):
    assert bearers(text, mention)[0] == told


@pytest.mark.parametrize(
    ("text", "mention", "told"),
    [
        ("Former mayor Anna Vale met Mayor Ruth Lund.", "the former mayor", {"Anna Vale"}),
        ("Former mayor Anna Vale met Mayor Ruth Lund.", "the mayor", {"Ruth Lund"}),
        ("Former mayor Anna Vale met her successor, Ruth Lund.", "the mayor", {"Ruth Lund"}),
        ("Mayor Anna Vale met her predecessor, Ruth Lund.", "the former mayor", {"Ruth Lund"}),
        ("Peter Berg took over as mayor from Anna Vale on Monday.", "the former mayor", {"Anna Vale"}),
        ("Peter Berg succeeded Anna Vale as mayor on Monday.", "the mayor", {"Peter Berg"}),
        ("Anna Vale was replaced as mayor by Peter Berg.", "the new mayor", {"Peter Berg"}),
        ("Peter Berg succeeded Anna Vale on Monday.", "his predecessor", {"Anna Vale"}),
        ("Anna Vale, mayor from 2014 to 2022, met Peter Berg, who has been mayor since.", "the mayor", {"Peter Berg"}),
        ("Anna Vale was mayor until 2022. Peter Berg became mayor then.", "the former mayor", {"Anna Vale"}),
        ("The new mayor, Peter Berg, met the mayor of twelve years, Ruth Lund.", "the outgoing mayor", {"Ruth Lund"}),
        ("Anna Vale stepped down as mayor on Monday.", "the mayor", set()),
        ("The former mayor’s lawyer met Anna Vale.", "the lawyer", {"The former mayor’s lawyer"}),
        ("Ruth Lund met Anna Vale, the former mayor’s deputy.", "the former mayor", set()),
    ],
)
def test_the_time_of_an_office_tells_its_holders_apart(text, mention, told):
    assert bearers(text, mention)[0] == told


@pytest.mark.parametrize(
    ("text", "mention", "told"),
    [
        ("The speaker, Anna Vale, was ill, and her deputy, Peter Berg, sat.", "the deputy speaker", {"Peter Berg"}),
        ("Mayor Anna Vale is ill. Vale’s deputy, Peter Berg, sat.", "the deputy mayor", {"Peter Berg"}),
        (
            "East Tarn’s foreign minister, Anna Vale, met her West Tarn counterpart, Peter Berg.",
            "the West Tarn minister",
            {"Peter Berg"},
        ),
        (
            "The Danish mayor, Anna Vale, met her counterpart from Norway, Peter Berg.",
            "the Norwegian mayor",
            {"Peter Berg"},
        ),
        (
            "Norway’s finance minister Anna Vale accused her Danish counterpart Peter Berg of it.",
            "the minister",
            {"Anna Vale", "Peter Berg"},
        ),
        (
            "The head of operations, Anna Vale, met her counterpart at the next trust, Peter Berg.",
            "the head of operations",
            {"Anna Vale", "Peter Berg"},
        ),
        (
            "The Foreign Minister, Anna Vale, met her counterpart in Orle, Peter Berg.",
            "the foreign minister",
            {"Anna Vale", "Peter Berg"},
        ),
    ],
)
def test_a_deputy_and_a_counterpart_hold_an_office_by_way_of_anothers(text, mention, told):
    assert bearers(text, mention)[0] == told


@pytest.mark.parametrize(
    ("text", "mention", "others"),
    [
        ("Mayor Anna Vale left.", "the deputy mayor", {"Anna Vale"}),
        ("President Anna Vale left.", "the Danish president", {"Anna Vale"}),
        ("President Anna Vale left Denmark.", "the Danish president", set()),
        ("President Anna Vale left.", "the Danish chancellor", {"Anna Vale"}),
        ("President Anna Vale left.", "the president of the skating union", {"Anna Vale"}),
        ("Prime Minister Anna Vale left.", "the finance minister", {"Anna Vale"}),
        ("Anna Vale, the mayor of Holm, left.", "the mayor of Orle", {"Anna Vale"}),
        ("Senator Anna Vale left.", "the Tarn senator", set()),
        ("Former president Anna Vale left.", "the chancellor", set()),
    ],
)
def test_who_holds_another_office_is_not_meant(text, mention, others):
    assert bearers(text, mention)[1] == others


def test_what_somebody_says_gives_nobody_an_office():
    text = "“I met Anna Vale, the mayor of Holm,” he said. Anna Vale left. Then the mayor of Holm spoke."
    quoted = [Span(1, text.index("”"))]
    start = text.rindex("the mayor")
    holders = OfficeHolders(text, People(text), (), quoted)
    assert holders.bearers(Span(start, start + len("the mayor of Holm"))).told == ()


@pytest.mark.parametrize(
    ("text", "mention", "others"),
    [
        ("Peter Berg was jailed. Judge Ruth Lund spoke.", "the prosecutor", {"Peter Berg", "Ruth Lund"}),
        ("Peter Berg, 34, of Holm, admitted theft.", "the lawyer", {"Peter Berg"}),
        ("Peter Berg saw the crash.", "the lawyer", set()),
        ("Coach Peter Berg left.", "the striker", {"Peter Berg"}),
        ("Captain Peter Berg left.", "the striker", set()),
    ],
)
def test_who_plays_another_part_is_not_meant(text, mention, others):
    assert bearers(text, mention)[1] == others


@pytest.mark.parametrize(
    ("text", "mention", "told"),
    [
        ("Mr Justice Quenk fined Peter Berg.", "the judge", {"Quenk"}),
        ("Peter Berg is here. Berg’s lawyer declined to speak.", "the lawyer", {"Berg’s lawyer"}),
        ("Peter Berg is here. Berg’s lawyer declined to speak.", "his lawyer", set()),
        ("Anna Vale, a lawyer, met Peter Berg.", "his lawyer", set()),
    ],
)
def test_a_judge_is_a_justice_and_a_lawyer_somebodys(text, mention, told):
    assert bearers(text, mention)[0] == told
