"""Who holds an office, by the words that articles print beside names. All people and places are invented."""

from __future__ import annotations

from datetime import date

import pytest

from quotetrack.search.roles import Role, group_asked, holders, role_asked
from quotetrack.store.roles import Quoted, RoleText

SPRING, AUTUMN = date(2029, 4, 1), date(2031, 10, 1)


def article(text: str, *names: str, title: str = "", day: date = SPRING, mention: str | None = None) -> RoleText:
    """Return an article that quotes these people; the extractor took `mention` for the first."""
    start = text.index(mention) if mention else None
    end = start + len(mention) if start is not None and mention else None
    people = ("Orla Venn", "Tadeo Brisk", "Iven Roth")
    quoted = [Quoted(people.index(name), name, None, None, 0.9) for name in names]
    if start is not None:
        quoted.append(Quoted(people.index(names[0]), names[0], start, end, 0.9))
    return RoleText(title, text, day, tuple(quoted))


def held(asked: str, *articles: RoleText, since: date | None = None, until: date | None = None) -> list[int]:
    role = role_asked(asked)
    assert role is not None
    return [holder.speaker_id for holder in holders(role, articles, since=since, until=until)]


VENN, BRISK, ROTH = 0, 1, 2


@pytest.mark.parametrize(
    ("asked", "text", "names", "holder"),
    [
        # a title
        ("the NACO chief", "NACO chief Orla Venn said so.", ["Orla Venn", "Tadeo Brisk"], VENN),
        ("NACO chief", "In Kurin, NACO chief Venn said so.", ["Orla Venn", "Tadeo Brisk"], VENN),
        ("the NACO chief", "NACO Secretary General Orla Venn said so.", ["Orla Venn"], VENN),
        ("the prime minister", "Prime Minister Tadeo Brisk said so.", ["Orla Venn", "Tadeo Brisk"], BRISK),
        ("the PM", "Prime Minister Tadeo Brisk said so.", ["Tadeo Brisk"], BRISK),
        ("the environment minister", "The environment minister, Orla Venn, said so.", ["Orla Venn"], VENN),
        ("the governor of Kurin", "Kurin Governor Iven Roth said so.", ["Iven Roth"], ROTH),
        ("Kurin's governor", "Kurin’s governor, Iven Roth, said so.", ["Iven Roth"], ROTH),
        # an apposition
        ("the governor of Kurin", "Iven Roth, the governor of Kurin, said so.", ["Iven Roth"], ROTH),
        ("the governor of Kurin", "Iven Roth, 61, governor of Kurin since May, said so.", ["Iven Roth"], ROTH),
        ("the mayor of Kurin", "Rain fell in Kurin. Iven Roth, the town’s mayor, said so.", ["Iven Roth"], ROTH),
        (
            "the boss of Tide Lines",
            "Tide Lines lost a ship. Orla Venn, its chief executive, wept.",
            ["Orla Venn"],
            VENN,
        ),
        ("the CEO of Tide Lines", "Orla Venn, the chief executive of Tide Lines, wept.", ["Orla Venn"], VENN),
        ("the Ukrainian president", "Brisk, the president of Ukraine, said so.", ["Tadeo Brisk"], BRISK),
        # a copula
        ("the mayor of Kurin", "Iven Roth is the mayor of Kurin.", ["Iven Roth", "Orla Venn"], ROTH),
        ("the mayor of Kurin", "Roth, who is mayor of Kurin, said so.", ["Iven Roth", "Orla Venn"], ROTH),
        # another office, another place, or no office at all
        ("the governor of Kurin", "Iven Roth, the deputy governor of Kurin, said so.", ["Iven Roth"], None),
        ("the deputy governor", "Iven Roth, the deputy governor of Kurin, said so.", ["Iven Roth"], ROTH),
        ("the governor", "Iven Roth, a former governor, said so.", ["Iven Roth"], None),
        ("the governor of Orle", "Iven Roth, the governor of Kurin, visited Orle.", ["Iven Roth"], None),
        ("the prime minister", "Iven Roth, the minister, said so.", ["Iven Roth"], None),
        ("the minister", "Prime Minister Iven Roth said so.", ["Iven Roth"], None),
        ("the governor", "Iven Roth, who is running for governor, said so.", ["Iven Roth"], None),
        ("the governor", "A spokesman for Governor Iven Roth said so. Orla Venn wept.", ["Orla Venn"], None),
        ("the mayor", "The mayor met Orla Venn, a baker.", ["Orla Venn"], None),
    ],
)
def test_the_words_beside_a_name_tell_its_office(asked: str, text: str, names: list[str], holder: int | None) -> None:
    assert held(asked, article(text, *names)) == ([] if holder is None else [holder])


def test_a_headline_means_the_one_quoted_person_without_another_office() -> None:
    text = "The head of the bank has said no.\n\n“No,” Tadeo Brisk said. “Why?” asked Orla Venn, director of Kelp."
    told = article(text, "Tadeo Brisk", "Orla Venn", title="Central bank chief says no")
    assert held("the central bank chief", told) == [BRISK]
    two = article("“No,” Tadeo Brisk said. “Why?” asked Orla Venn.", "Tadeo Brisk", "Orla Venn", title=told.title)
    assert held("the central bank chief", two) == []


def test_a_headline_about_an_office_that_does_not_speak_tells_nothing() -> None:
    told = article("“No,” Tadeo Brisk said.", "Tadeo Brisk", title="Crowd boos central bank chief")
    assert held("the central bank chief", told) == []


def test_the_president_is_no_president_of_a_club_and_nobody_who_may_become_it() -> None:
    state = article("President Orla Venn said so.", "Orla Venn")
    club = article("Tadeo Brisk, president of the Kurin Sailing Club, said so.", "Tadeo Brisk")
    supposed = article("A President Iven Roth would say so.", "Iven Roth")
    assert held("the president", state, club, supposed) == [VENN]
    assert held("the president of the sailing club", state, club, supposed) == [BRISK]
    assert held("the president", club) == [BRISK]


def test_a_surname_or_a_people_is_no_holder_of_an_office() -> None:
    amy = RoleText("", "“No,” said Amy Pope, an adviser.", SPRING, (Quoted(7, "Amy Pope", None, None, 0.9),))
    people = RoleText(
        "", "He leads Roman Catholics, the pope said.", SPRING, (Quoted(8, "Roman Catholics", None, None, 1),)
    )
    assert held("the pope", amy, people) == []


def test_the_extractor_tells_whom_the_minister_means() -> None:
    told = article("Orla Venn came. “No,” the minister said.", "Orla Venn", "Tadeo Brisk", mention="the minister")
    assert held("the minister", told) == [VENN]


def test_of_two_holders_the_days_decide() -> None:
    venn = article("Prime Minister Orla Venn said so.", "Orla Venn", day=SPRING)
    brisk = article("Prime Minister Tadeo Brisk said so.", "Tadeo Brisk", day=AUTUMN)
    asked = "the prime minister"
    assert held(asked, venn, brisk, since=date(2029, 5, 1), until=date(2029, 6, 1)) == [VENN]
    assert held(asked, venn, brisk, since=date(2031, 9, 1)) == [BRISK]
    assert held(asked, venn, brisk, since=date(2030, 6, 1), until=date(2030, 7, 1)) == [VENN]  # the last before
    assert held(asked, venn, brisk) == [VENN, BRISK]


def test_a_holder_has_the_days_of_the_articles() -> None:
    first = article("Mayor Orla Venn said so.", "Orla Venn", day=SPRING)
    last = article("Orla Venn, the mayor, said so.", "Orla Venn", day=AUTUMN)
    role = role_asked("the mayor")
    assert role is not None
    (holder,) = holders(role, [last, first])
    assert (holder.first, holder.last) == (SPRING, AUTUMN)
    assert holder.role is not None
    assert (holder.role.printed, holder.role.is_named, holder.role.published) == ("mayor", True, AUTUMN)


def test_a_headline_without_the_name_is_told_from_a_name_beside_the_office() -> None:
    told = article("“No,” said Orla Venn.", "Orla Venn", title="NACO chief says no")
    role = role_asked("the NACO chief")
    assert role is not None
    (holder,) = holders(role, [told])
    assert holder.role is not None
    assert (holder.role.printed, holder.role.is_named, holder.role.title) == ("NACO chief", False, "NACO chief says no")


@pytest.mark.parametrize(
    "asked", ["Orla Venn", "John Cook", "Harbour Board", "Telle", "the Harbour Board", "the ministry"]
)
def test_a_name_is_no_office(asked: str) -> None:
    assert role_asked(asked) is None


@pytest.mark.parametrize(
    ("asked", "group"),
    [
        ("fishermen", Role(frozenset({"fishermen", "fisherman"}), frozenset())),
        ("local scientists", Role(frozenset({"scientists", "scientist"}), frozenset())),
        ("the Norrholm army", Role(frozenset({"army"}), frozenset({"norrholm"}))),
        ("the police", Role(frozenset({"police"}), frozenset())),
        ("Republicans", Role(frozenset({"republicans", "republican"}), frozenset())),
        ("residents of Kurin", Role(frozenset({"residents", "resident"}), frozenset({"kurin"}))),
        ("the minister", None),
        ("Brisk", None),
        ("rates", None),
    ],
)
def test_a_plural_or_a_body_is_a_group(asked: str, group: Role | None) -> None:
    assert group_asked(asked) == group
