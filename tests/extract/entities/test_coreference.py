"""Whom a mention means: pronouns, surnames, offices, organisations, and mentions that stay as printed."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from quotetrack.core.domain import Span
from quotetrack.extract.attribution.rules import FoundMention
from quotetrack.extract.entities.article_names import ArticleNames
from quotetrack.extract.entities.coreference import (
    Resolver,
    asked_about,
    description,
    expert_speaking,
    just_described,
    just_spoke,
    last_bearer,
    named_beside,
    newest_bearer,
    office_before,
    officers,
    only_in_role,
    topic_of,
    who_asked,
    who_tells,
)
from quotetrack.extract.entities.descriptions import descriptions_in, unnamed_people
from quotetrack.extract.entities.people import People
from quotetrack.extract.entities.reporter import ReporterText


def resolver_of(text: str, quoted=(), byline=None, title=None, **options) -> Resolver:
    people, descriptions = People(text), descriptions_in(text, [Span(0, len(text))])
    unnamed = unnamed_people(text, descriptions, people)
    return Resolver(text, people, quoted, byline, title, unnamed=unnamed, descriptions=descriptions, **options)


def names_of(resolver: Resolver, mentions) -> list[str | None]:
    """Return the name of each mention; None where there is no mention, or it names nobody."""
    resolved = resolver.resolve_all(mentions)
    return [resolved[found.mention].name or None if found else None for found in mentions]


def found_at(text: str, mention: str, head: str | None = None) -> FoundMention:
    """Return the last place of a mention in a text; its head is its last word unless given."""
    start = text.rindex(mention)
    head = head or mention.split()[-1]
    at = start + mention.rindex(head)
    return FoundMention(Span(start, start + len(mention)), Span(at, at + len(head)), None, "after_cue", 0.9, True)


def name_of(text: str, mention: str, head: str | None = None, spoken=(), **options) -> str:
    return resolver_of(text, **options).resolve(found_at(text, mention, head), spoken).name


@pytest.mark.parametrize(
    ("text", "mention", "name"),
    [
        ("Anna Vale bought the mill. Vale said so.", "Vale", "Anna Vale"),
        ("Vale said so. The mill of Anna Vale is open.\n\nVale left.", "Vale", "Anna Vale"),
        ("Anna Vale bought the mill. Anna said so.", "Anna", "Anna Vale"),
        ("Anna Vale bought the mill. Ms. Vale said so.", "Ms. Vale", "Anna Vale"),
        ("Anna Vale and Peter Vale run the mill. Ms. Vale said so.", "Ms. Vale", "Anna Vale"),
        ("Anna Vale and Peter Vale run the mill. Peter Vale said so.", "Peter Vale", "Peter Vale"),
        ("Anna Vale bought the mill. Berg said so.", "Berg", "Berg"),
        ("Anna Vale bought the mill. Mr. Vale said so.", "Mr. Vale", "Vale"),
        ("Councillor Anna Vale OBE bought the mill. Anna Vale OBE said so.", "Anna Vale OBE", "Anna Vale"),
    ],
)
def test_a_surname_is_the_fullest_name(text, mention, name):
    assert name_of(text, mention) == name


@pytest.mark.parametrize(
    ("text", "mention", "name"),
    [
        ("Dr Liang Quenkguo grows leeks. Zhuo Liang came. Zhuo was cold. Liang said so.", "Liang", "Liang Quenkguo"),
        ("Dr Liang Quenkguo grows leeks. Zhuo Liang came. Liang said so.", "Liang", "Zhuo Liang"),
    ],
)
def test_who_is_called_by_another_word_of_the_name_is_not_meant(text, mention, name):
    assert name_of(text, mention) == name


def test_the_author_of_an_article_is_no_she():
    text = "By Anna Vale\n\nRuth Berg sat in her mill. “No,” she said."
    assert name_of(text, "she") == "Ruth Berg"


def test_a_name_between_commas_behind_a_rank_is_whose_rank_it_is():
    text = "The head of the unit, Acting Detective Chief Superintendent, Peter Vale, said so."
    mention = "The head of the unit, Acting Detective Chief Superintendent"
    assert name_of(text, mention) == "Peter Vale"
    assert name_of(text.removesuffix(", said so."), mention) != "Peter Vale"


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Tarn's mayor has quit. Anna Vale was in tears.", "Anna Vale"),
        ("Vale in tears\n\nTarn's mayor has quit. Anna Vale was in tears.", "Anna Vale"),
        ("Tarn's mayor has quit. Anna Vale, a baker, was in tears.", "Tarn's mayor"),
        ("Tarn's mayor has quit. So has Peter Berg. Anna Vale was in tears.", "Tarn's mayor"),
        ("Anna Vale wept. Tarn's mayor has quit. Anna Vale was in tears.", "Tarn's mayor"),
    ],
)
def test_whom_the_next_sentence_names_first_holds_the_office(text, name):
    title = "Vale in tears" if text.startswith("Vale") else None
    assert name_of(text, "Tarn's mayor", title=title) == name


def test_so_does_whom_the_headline_names_in_its_second_sentence():
    headline = "Tarn's mayor has quit. Anna Vale weeps"
    assert name_of(headline, "Tarn's mayor", title=headline) == "Anna Vale"


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("According to Anna Vale, the reviewer, it rains.", "Anna Vale"),
        ("According to Anna Vale, the reviewer wept.", None),
    ],
)
def test_no_aside_stands_behind_according_to(text, name):
    names = ArticleNames(text, People(text), (), None, None, ())
    person = named_beside(names, found_at(text, "the reviewer"))
    assert (person.name if person else None) == name


@pytest.mark.parametrize(
    ("text", "mention", "head", "name"),
    [
        ("Anna Vale’s words were clear: “No.”", "Anna Vale’s words were clear", "words", "Anna Vale"),
        (
            "Her short verdict was clear: “No.” Anna Vale is the mayor.",
            "Her short verdict was clear",
            "verdict",
            "Anna Vale",
        ),
        ("She was blunt: “No.” Anna Vale met Ruth Berg.", "She was blunt", "blunt", ""),
        ("A voice is then heard saying: “No.”", "A voice is then heard saying", "voice", "A voice"),
        ("A man who was there said so.", "A man who was there", "man", "A man who was there"),
        (
            "In the second act a man in the front row said so.",
            "In the second act a man in the front row",
            "man",
            "a man in the front row",
        ),
        ("It was simple: “No.”", "It was simple", "simple", ""),
        ("The Harbour Post on Thursday said so.", "Harbour Post on Thursday", "Post", "Harbour Post"),
        (
            "The council in a statement on Friday said so.",
            "The council in a statement on Friday",
            "council",
            "The council",
        ),
        ("Get Glutathione: “Yes.”", "Get Glutathione", "Get", ""),
        ("Plaque: “Yes.” The plaque is old.", "Plaque", "Plaque", ""),
        ("Police: “Yes.” The police are here.", "Police", "Police", "Police"),
        (
            "The chief of the mill, Dr Ruth Vale-Quaye, said so.",
            "The chief of the mill, Dr Ruth Vale-Quaye",
            "chief",
            "Ruth Vale-Quaye",
        ),
    ],
)
def test_a_printed_speaker_is_a_name_or_a_noun_phrase(text, mention, head, name):
    assert name_of(text, mention, head) == name


def test_words_of_nobody_give_no_name():
    text = "It was simple: “No.”"
    assert names_of(resolver_of(text), [found_at(text, "It was simple", "simple")]) == [None]


@pytest.mark.parametrize(
    ("text", "mention", "name"),
    [
        ("Anna Vale bought the mill. She said so.", "She", "Anna Vale"),
        ("Anna Vale bought the mill from Peter Berg.\n\nHe said so.", "He", "Peter Berg"),
        ("Peter Berg sold the mill to Anna Vale.\n\nShe said so.", "She", "Anna Vale"),
        ("Anna Vale bought the mill. It was old and wet.\n\nIt had no roof.\n\nShe said so.", "She", "Anna Vale"),
    ],
)
def test_he_and_she_mean_people_of_the_article(text, mention, name):
    assert name_of(text, mention) == name


@pytest.mark.parametrize(
    ("text", "mention", "name"),
    [
        ("Judge Ada Berg jailed Peter Vale.\n\nVale’s lawyer will appeal. She said so.", "She", "Vale’s lawyer"),
        ("Peter Vale named Ada Berg. A neighbour, who was not named, heard it.\n\nShe said so.", "She", "A neighbour"),
        ("Ada Berg, for the defence, spoke. Her witness agreed. She said so.", "She", "Her witness"),
        ("Ada Berg met Peter Vale in court. The boy’s mother wept. She said so.", "She", "The boy’s mother"),
        ("Peter Vale said no.\n\nHis goalkeeper shrugged. He said so.", "He", "His goalkeeper"),
        ("Peter Vale said no.\n\nThe candidate himself was up late. He said so.", "He", "The candidate"),
        ("Ada Berg said no.\n\nThe producer, Ruth Lund, is making cakes. She said so.", "She", "Ruth Lund"),
        ("Mayor Peter Vale resigned.\n\nHis deputy, Jan Kolb, takes over.\n\nHe said so.", "He", "Jan Kolb"),
        ("Peter Vale left. A driver, who asked to be called only Marek, sat. He said so.", "He", "Marek"),
        ("Ada Berg, the mayor, met a lawyer for the mill. She said so.", "She", "Ada Berg"),
        ("Ada Berg opened the mill. A reporter wanted to know why. She said so.", "She", "Ada Berg"),
        ("Ada Berg opened the mill. A waiter brought her tea. She said so.", "She", "Ada Berg"),
        ("Ada Berg opened the mill. A resident thanked Ada Berg. She said so.", "She", "Ada Berg"),
        ("Vale’s lawyer met Ada Berg. Berg opened the mill. She said so.", "She", "Ada Berg"),
    ],
)
def test_a_pronoun_means_who_was_described_as_the_last_to_act(text, mention, name):
    assert name_of(text, mention) == name


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Peter Berg said Owen Vale had left the mill only because Colin Tate agreed. He said so.", "Peter Berg"),
        ("Peter Berg, a baker, raised the case of the miller Owen Vale in 2008.\n\nHe said so.", "Peter Berg"),
        (
            "Owen Vale left. Peter Berg admitted errors by Ian Lund and Colin Tate, who had sat there. He said so.",
            "Peter Berg",
        ),
        (
            "Peter Berg has warned Owen Vale that Colin Tate is waiting. Rain fell on the mill. He said so.",
            "Peter Berg",
        ),
        ("A teacher wept. The teacher added that Owen Vale was well. He said so.", "A teacher"),
        # Another one speaks as well, a clause comes first, the subject does not speak, or two paragraphs stand between.
        ("Peter Berg said what Owen Vale said. He said so.", None),
        ("When Peter Berg said he would sell it, Owen Vale won. He said so.", None),
        ("Peter Berg met Owen Vale. He said so.", None),
        ("The miller of Peter Berg said Owen Vale left. He said so.", None),
        ("Peter Berg said Owen Vale left.\n\nRain fell.\n\nHe said so.", None),
        ("Peter Berg said Owen Vale left. A guest at the mill wept. He said so.", None),
        ("He said so.", None),
    ],
)
def test_he_is_who_spoke_in_the_last_sentence_that_names_anybody(text, name):
    found, resolver = found_at(text, "He"), resolver_of(text)
    options = resolver.options(found, ())
    names = ArticleNames(text, People(text), (), None, None, ())
    given = just_spoke(names, ReporterText(names), found, options) if options else None
    assert (given.person.name if given is not None and given.person is not None else None) == name


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Peter Vale said no.\n\nHis goalkeeper shrugged. He said so.", "His goalkeeper"),
        ("Peter Vale said no.\n\nHis goalkeeper was less certain about it. He said so.", "His goalkeeper"),
        ("Ada Berg said no.\n\nThe baker, who cannot be named, was asleep. She said so.", "The baker"),
        ("The mill is shut. A resident of Mill Lane, a retired nurse, wept. He said so.", "A resident of Mill Lane"),
        ("Ada Berg said no.\n\nThe victim, a nurse of 26 who cannot be named, wept. She said so.", "The victim"),
        ("Ada Berg said no.\n\nThe victim, a nurse, met Ruth Lund. She said so.", None),
        ("Peter Vale said no.\n\nHis father died in March. He said so.", None),
        ("Ada Berg said no.\n\nHer daughter was born deaf. She said so.", None),
        ("Peter Vale said no.\n\nHis son plays for Leeds. He said so.", None),
        ("Peter Vale said no.\n\nRain fell. His goalkeeper shrugged. He said so.", None),
        ("Peter Vale said no.\n\nOwen Tate shrugged. He said so.", "Owen Tate"),
        ("Peter Vale said no.\n\nOwen Tate was killed in March. He said so.", None),
        ("Peter Vale and Owen Tate said no. Asked about it later, Vale shook his head. He said so.", "Peter Vale"),
        ("Peter Vale said no. Asked about his son, Owen Tate, he laughed. He said so.", None),
        ("Peter Vale and Owen Tate said no. Standing in the rain, Vale shook his head. He said so.", None),
        ("Peter Vale said no. A wet spring came. Asked about it, Vale left. Rain fell. He said so.", None),
        ("Peter Vale was late. A baker shrugged. He said so.", "A baker"),
        ("Peter Vale, who was late, said a baker shrugged. He said so.", None),
        ("Peter Vale was late, as a baker is. He said so.", None),
        ("Peter Vale was late. A baker will come. He said so.", None),
        ("Peter Vale was late. A baker could see it. He said so.", "A baker"),
        ("Peter Vale was late. In the car his brother had spoken only once. He said so.", "his brother"),
        ("Peter Vale was late. In the car his brother had slept. He said so.", None),
        ("Peter Vale was late. In the car his lawyer had spoken only once. He said so.", "his lawyer"),
    ],
)
def test_somebody_of_somebody_speaks_next_where_the_sentence_tells_an_act(text, name):
    found, resolver = found_at(text, "She" if "She said" in text else "He"), resolver_of(text)
    options = resolver.options(found, ())
    given = just_described(ArticleNames(text, People(text), (), None, None, ()), found, options)
    assert (given.person.name if given is not None and given.person is not None else None) == name


@pytest.mark.parametrize(
    ("behind", "name"),
    [
        ("The governor agreed. He said so.", "Owen Tate"),
        ("The governor, told of the flood, smiled. On Monday he said so.", "Owen Tate"),
        ("The governor agreed. Peter Berg wept. He said so.", None),
        ("The governor agreed. A baker wept. He said so.", None),
        ("The governor agreed. It rained. It snowed. It froze. He said so.", None),
        ("The porter agreed. He said so.", None),  # nothing tells who that is
        ("The governor jailed him for four years. He said so.", None),
        ("The governor asked why. He said so.", None),
        ("Rain fell on the governor. He said so.", None),
    ],
)
def test_who_opens_the_paragraph_by_office_speaks_next(behind, name):
    text = f"Owen Tate, the governor of Holm, met Peter Berg. Berg laughed.\n\n{behind}"
    resolver = resolver_of(text, score=lambda rows: np.arange(len(rows), dtype=float))  # nobody is best, if none leads
    found = found_at(text, "he" if " he " in text else "He")
    options = resolver.options(found, ())
    lead = resolver._bearer_just_acted(office_before(resolver._names, found), found, options)
    assert (lead.person.name if lead is not None and lead.person is not None else None) == name
    assert name is None or resolver.resolve(found, ()).name == name


@pytest.mark.parametrize(
    ("behind", "name"),
    [
        ("As for Tate, he was asked if he would go. He said so.", "Owen Tate"),
        ("And what of Owen Tate? He said so.", "Owen Tate"),
        ("As for Tate, he met Peter Berg. He said so.", None),
        ("As for the mill, Tate has sold it. He said so.", None),
        ("Rain fell, as for Tate. He said so.", None),
    ],
)
def test_whom_a_paragraph_is_about_speaks_in_it(behind, name):
    text = f"Owen Tate met Peter Berg. “No,” Berg said.\n\n{behind}"
    resolver = resolver_of(text, score=lambda rows: np.arange(len(rows), dtype=float))
    found = found_at(text, "He")
    options = resolver.options(found, ())
    lead = topic_of(resolver._names, found, options)
    assert (lead.person.name if lead is not None and lead.person is not None else None) == name
    assert name is None or resolver.resolve(found, ()).name == name


@pytest.mark.parametrize(
    ("text", "ruled_out"),
    [
        ("Tyrell Boggs, a clerk, left. Boggs said the driver stopped and told him: “No.”", ["Tyrell Boggs"]),
        ("Ada Boggs, a clerk, left. She told the court that in May the driver called: “No.”", ["Ada Boggs"]),
        ("Ada Boggs met Owen Tate. She told the court that in May the driver called: “No.”", ["Ada Boggs"]),
        ("Niamh Boggs SC, prosecuting, said the driver had told gardaí: “No.”", ["Niamh Boggs"]),
        ("Tyrell Boggs, a clerk, left. Boggs has said no, and the driver said: “No.”", []),
        ("Tyrell Boggs, a clerk, left. Boggs called for calm, which the driver said was “late”.", []),
        ("Tyrell Boggs, a clerk, left. The driver said: “No.”", []),
    ],
)
def test_who_tells_of_somebody_is_not_that_one(text: str, ruled_out: list[str]) -> None:
    mention = "The driver" if "The driver" in text else "the driver"
    found = replace(found_at(text, mention), method="embedded")
    quoted = [Span(text.index("“") + 1, text.index("”"))]
    resolver = resolver_of(text, quoted)
    options = resolver.options(found, ())
    assert [option.person.name for option in who_tells(resolver._names, found, options)] == ruled_out


def test_who_somebody_was_asked_about_does_not_speak_next():
    text = "Ada Berg won again. Asked about her opponent, Ruth Lund, she laughed. “No,” she said."
    found, resolver = found_at(text, "she"), resolver_of(text)
    found = FoundMention(*[Span(text.rindex("she"), text.rindex("she") + 3)] * 2, None, "cue", 0.9, True)
    assert resolver.resolve(found, ()).name == "Ada Berg"


def test_a_name_before_a_pronoun_is_no_name_beside_it():
    text = "Ada Berg lived in the home. In a statement read by her niece, Ruth Lund, she said: “Nobody came.”"
    found = FoundMention(*[Span(text.rindex("she"), text.rindex("she") + 3)] * 2, None, "introduced", 0.9, True)
    assert resolver_of(text).resolve(found, ()).name == "Ada Berg"


def test_who_just_spoke_leads_the_trees():
    text = "Peter Berg said Owen Vale had left the mill only because Colin Tate agreed. He said so."
    resolver = resolver_of(text, score=lambda rows: np.arange(len(rows), dtype=float))  # nobody is best, if none leads
    assert resolver.resolve(found_at(text, "He"), ()).name == "Peter Berg"


@pytest.mark.parametrize(
    ("text", "mention", "spoken", "name"),
    [
        ("Owen Tate was killed on Sunday. His father, Colin Tate, wept.\n\nTate said so.", "Tate", (), "Colin Tate"),
        ("Peter Reyes built the mill. His granddaughter, Ana Reyes, runs it.\n\nReyes left.", "Reyes", (), "Ana Reyes"),
        ("Mayor Anna Tate won. Her son, Colin Tate, wept.\n\nMs Tate said so.", "Ms Tate", (), "Anna Tate"),
    ],
)
def test_a_surname_means_the_bearer_who_was_introduced_last(text, mention, spoken, name):
    assert name_of(text, mention, spoken=spoken) == name


def test_a_surname_means_the_bearer_who_has_spoken_rather_than_the_newest():
    text = "Anna Tate won. She wept.\n\nHer husband, Colin Tate, wept.\n\nTate left."
    options = resolver_of(text).options(found_at(text, "Tate"), ["Anna Tate"])
    assert newest_bearer(text, options) is None
    unspoken = newest_bearer(text, resolver_of(text).options(found_at(text, "Tate"), []))
    assert unspoken is not None and unspoken.person.name == "Colin Tate"


@pytest.mark.parametrize(
    ("text", "mention", "head", "name"),
    [
        ("Mayor Anna Vale met Peter Berg. The mayor said so.", "The mayor", "mayor", "Anna Vale"),
        ("Anna Vale met Gov. Peter Berg. The governor said so.", "The governor", "governor", "Peter Berg"),
        ("Anna Vale met a farmer. A farmer said so.", "A farmer", "farmer", "A farmer"),
        ("Peter Vale was convicted of theft. The victim said so.", "The victim", "victim", "The victim"),
        ("The victim, Peter Vale, wept. The victim said so.", "The victim", "victim", "Peter Vale"),
        ("The report on the mill said so.", "The report on the mill", "report", "The report on the mill"),
        ("Anna Vale read the report. The report said so.", "The report", "report", "The report"),
        ("The Grain Board met. The Grain Board said so.", "The Grain Board", "Board", "Grain Board"),
        ("The World Seed Office (WSO) met. The WSO said so.", "The WSO", "WSO", "World Seed Office"),
        ("The WSO said so.", "The WSO", "WSO", "WSO"),
        ("The Orle General Assembly said so.", "The Orle General Assembly", "Assembly", "Orle General Assembly"),
        ("The mill is shut. Farmers said so.", "Farmers", "Farmers", "Farmers"),
        ("Anna Vale and her aides said so.", "her aides", "aides", "Anna Vale"),
        ("Anna Vale and the aides said so.", "the aides", "aides", "the aides"),
        ("Anna Vale left, and his brothers said so.", "his brothers", "brothers", "his brothers"),
        ("The judge fined Anna Vale and her lawyers said so.", "her lawyers", "lawyers", "her lawyers"),
        ("Peter al-Vale, a farmer, said so.", "a farmer", "farmer", "Peter al-Vale"),
        (
            "Only 52 percent of farmers in Anna Vale’s town said so.",
            "52 percent of farmers",
            "percent",
            "52 percent of farmers",
        ),
        ("On the quay counter-protesters said so.", "protesters", "protesters", "counter-protesters"),
    ],
)
def test_offices_and_organisations_mean_those_whom_the_article_names(text, mention, head, name):
    assert name_of(text, mention, head) == name


@pytest.mark.parametrize(
    ("text", "mention", "name"),
    [
        ("Former mayor Anna Vale met Mayor Ruth Lund. The former mayor said so.", "The former mayor", "Anna Vale"),
        ("Mayor Anna Vale opened the mill. The deputy mayor said so.", "The deputy mayor", "The deputy mayor"),
        ("President Anna Vale left. The Danish chancellor said so.", "The Danish chancellor", "The Danish chancellor"),
        ("Deputy Mayor Anna Vale opened the mill. The mayor said so.", "The mayor", "The mayor"),
        (
            "Mayor Anna Vale opened the mill. A former mayor left. The former mayor said so.",
            "The former mayor",
            "A former mayor",
        ),
        ("Ken Doctor left. Surgeon Ruth Lund, a doctor, sat. Doctor said so.", "Doctor", "Ken Doctor"),
    ],
)
def test_an_office_means_who_holds_that_very_office(text, mention, name):
    assert name_of(text, mention) == name


def test_a_pronoun_that_means_the_predecessor_means_the_one_whom_the_article_names():
    text = "Ann Lee took over on Monday from Peter Berg.\n\nHer predecessor was sad. He said so."
    assert name_of(text, "He") == "Peter Berg"
    assert name_of(text.replace("took over on Monday from", "met"), "He") == "Her predecessor"


@pytest.mark.parametrize(
    ("text", "mention", "name"),
    [
        ("Owen Tate, 61, met Colin Tate, 24. The younger Tate said so.", "The younger Tate", "Colin Tate"),
        ("Owen Tate, 61, met Colin Tate, 24. The elder Tate said so.", "The elder Tate", "Owen Tate"),
        ("Owen Tate met his son, Colin Tate. The younger Tate said so.", "The younger Tate", "Colin Tate"),
        ("Owen Tate met his father, Colin Tate. The younger Tate said so.", "The younger Tate", "Owen Tate"),
        ("Owen Tate met Colin Tate. The younger Tate said so.", "The younger Tate", "The younger Tate"),
        ("Owen Tate met Anna Vale. The younger Tate said so.", "The younger Tate", "Owen Tate"),
        (
            "Owen Tate lost. Tate’s own son kept goal. The younger Tate said so.",
            "The younger Tate",
            "The younger Tate",
        ),
    ],
)
def test_the_younger_of_two_is_told_by_age_or_kin_or_keeps_the_words(text, mention, name):
    assert name_of(text, mention) == name


def test_of_two_foreign_ministers_not_the_first_is_meant():
    text = (
        "The Foreign Minister, Owen Tate, wept.\n\nHis counterpart in Orle, Peter Berg, sat. The Foreign Minister wept."
    )
    assert name_of(text, "The Foreign Minister") == "Peter Berg"


@pytest.mark.parametrize("mention", ["The researchers", "The midwives", "The policewomen"])
def test_several_people_are_not_one_of_the_article(mention):
    assert name_of(f"Anna Vale, a midwife, leads the study. {mention} said so.", mention) == mention


def test_his_sister_speaks_next_where_she_asked_for_no_name():
    met = "Anna Vale, a ward sister, met Owen Tate."
    text = f"{met}\n\nHis sister, who asked not to be named, visits him. He is ill. She said so."
    assert name_of(text, "She") == "His sister"


def test_the_prime_minister_may_be_the_one_of_the_country_that_opens_the_paragraph():
    text = "The prime minister, Owen Tate, left.\n\n{}Anna Vale, who was glad, stayed. The prime minister sat."
    resolved = resolver_of(text.format("Norway’s ")).resolve(
        found_at(text.format("Norway’s "), "The prime minister"), ()
    )
    assert (resolved.name, [name for name, _ in resolved.others]) == ("The prime minister", ["Owen Tate"])
    assert name_of(text.format(""), "The prime minister") == "Owen Tate"


def test_a_surname_may_be_that_of_a_relative_who_opens_the_sentence_before():
    text = "Anna Tate fell.\n\nRain fell. Tate’s father, Owen, drove there. {}The mechanic wept. Tate said so."
    resolved = resolver_of(text.format("")).resolve(found_at(text.format(""), "Tate"), ())
    assert (resolved.name, [name for name, _ in resolved.others]) == ("Tate", ["Anna Tate"])
    assert name_of(text.format("Anna Tate slept. "), "Tate") == "Anna Tate"


def test_he_is_the_writers_father_who_opens_the_paragraph():
    text = "Owen Tate left.\n\nMy father, who drove a lorry, had a saying. {}He said so."
    assert name_of(text.format(""), "He") == "My father"
    assert name_of(text.format("Peter Berg wept. "), "He") != "My father"
    assert name_of(text.replace("father", "mother").format(""), "He") == "Owen Tate"


def test_an_uncle_is_a_man():
    assert name_of("Uncle Berg met Mother Vale. She said so.", "She") != "Uncle Berg"


def test_somebody_yet_to_be_found_does_not_speak():
    text = (
        "The union has a new general secretary. Ann Lee took over on Monday. Lee wept. The general secretary said so."
    )
    options = resolver_of(text).options(found_at(text, "The general secretary", "secretary"), ())
    assert only_in_role(options) is None


def test_an_office_below_does_not_name_who_goes_on_speaking():
    text = "Peter Berg won. Berg was glad. The manager said so. Owen Tate, the manager of Orle, wept."
    resolver = resolver_of(text, score=lambda rows: np.arange(len(rows), dtype=float))  # nobody is best
    found = found_at(text, "The manager")
    assert resolver.resolve(found, ["Peter Berg"]).name == "The manager"
    assert resolver.resolve(found, []).name == "Owen Tate"


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Senator Ann Lee won. Senator Bo Dahl laughed. The senator said so.", "Bo Dahl"),
        ("Senator Ann Lee won. She beat Senator Bo Dahl. The senator said so.", None),
        ("Senator Ann Lee won. Rain fell. The senator said so.", None),
    ],
)
def test_of_two_who_bear_an_office_the_last_to_act_is_meant(text, name):
    resolver, found = resolver_of(text), found_at(text, "The senator")
    options = resolver.options(found, ())
    given = last_bearer(ArticleNames(text, People(text), (), None, None, ()), found, options)
    assert (given.person.name if given is not None and given.person is not None else None) == name


@pytest.mark.parametrize(
    ("text", "spoken", "name"),
    [
        ("Holm coach Peter Berg met Orle coach Mark Lund.\n\nThe coach said so.", (), "The coach"),
        ("Sen. Anna Vale and Sen. Ruth Lund met.\n\nThe senator said so.", (), "The senator"),
        ("Holm coach Peter Berg met Orle coach Mark Lund. Lund was sent off.\n\nThe coach said so.", (), "Mark Lund"),
    ],
)
def test_an_office_that_two_bear_names_neither_unless_the_article_tells(text, spoken, name):
    mention = text[text.rindex("The") : text.rindex(" said")]
    resolved = resolver_of(text).resolve(found_at(text, mention), spoken)
    assert resolved.name == name
    assert resolved.person is None or resolved.person.name == name


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Her verdict was short: “No.” Anna Vale met Peter Berg.", "Anna Vale"),
        ("Her verdict was short: “No.” Quinx Vale left.", "Her"),
    ],
)
def test_his_and_her_words_before_a_colon_are_those_of_the_only_one_of_that_sex(text, name):
    colon = text.index(":")
    found = replace(found_at(text, "Her", "Her"), cue=Span(colon, colon + 1))
    assert resolver_of(text).resolve(found, []).name == name


def test_a_spokeswoman_may_be_named_below_where_she_speaks_in_a_statement():
    text = "“It is safe,” a spokeswoman said.\n\n“It is open,” Anna Vale said in a statement."
    assert name_of(text, "a spokeswoman") == "Anna Vale"
    assert name_of(text.replace(" in a statement", ""), "a spokeswoman") == "a spokeswoman"
    two = text.replace("Anna Vale said", "Ruth Lund left. Anna Vale said")
    assert name_of(two, "a spokeswoman") == "a spokeswoman"


@pytest.mark.parametrize(
    ("asks", "ruled_out"),
    [
        ("Owen Tate asked him what he had seen.", ["Owen Tate"]),
        ("Owen Tate, for the crown, asked the witness what he had seen.", ["Owen Tate"]),
        ("Owen Tate reminded Vale that he had said so.", ["Owen Tate"]),
        ("Owen Tate put it to him that he had lied.", ["Owen Tate"]),
        ("Owen Tate asked him to leave.", []),
        ("Owen Tate asked for time.", []),
        ("Owen Tate asked why nobody had come.", []),
        ("Owen Tate asked a judge to dismiss the case.", []),
        ("Owen Tate asked his staff to stay at home.", []),
        ("Owen Tate wondered whether it would work.", []),
        ("Owen Tate questioned the timing of the vote.", []),
        ("Owen Tate was asked what he had seen.", []),
        ("Owen Tate asked him what he had seen. Rain fell.", []),
    ],
)
def test_who_asks_does_not_answer(asks: str, ruled_out: list[str]) -> None:
    text = f"Peter Vale gave evidence. {asks}\n\n“A dog,” he said."
    start, words = text.rindex("he said"), text.index("A dog,")
    found = FoundMention(*[Span(start, start + 2)] * 2, None, "after_cue", 0.9, True)
    people = People(text)
    names = ArticleNames(text, people, (), None, None, (), parts={found.mention: [Span(words, words + 6)]})
    options = resolver_of(text).options(found, ())
    given = [option.person.name for option in asked_about(names, found, options) if option.person is not None]
    assert given == ruled_out


def test_who_asks_says_the_question() -> None:
    text = "Ada Berg wept. Ruth Lund asked whether she could stand.\n\n“Can you stand?” she said."
    start, words = text.rindex("she said"), text.index("Can you")
    found = FoundMention(*[Span(start, start + 3)] * 2, None, "after_cue", 0.9, True)
    names = ArticleNames(text, People(text), (), None, None, (), parts={found.mention: [Span(words, words + 14)]})
    assert asked_about(names, found, resolver_of(text).options(found, ())) == []


def test_i_is_the_author():
    assert name_of("“Who is there?” I asked.", "I", byline="Ola Berg") == "Ola Berg"
    assert name_of("“Who is there?” I asked.", "I") == "I"


def test_they_means_whoever_spoke_last():
    text = "The farmers were angry. “We will go,” they said."
    assert name_of(text, "they", spoken=["The farmers"]) == "The farmers"


def test_before_a_colon_the_name_that_begins_the_mention_counts():
    text = "Anna Vale left.\n\nVale described floods: “It was wet.” Vale’s sons ask: “Who pays?” Local men ask: “When?”"
    for mention, name in (
        ("Vale described floods", "Anna Vale"),
        ("Vale’s sons ask", "Vale’s sons ask"),
        ("Local men ask", "Local men ask"),
    ):
        found = found_at(text, mention)
        cue = Span(found.mention.end, found.mention.end + 1)
        assert resolver_of(text).resolve(replace(found, cue=cue), []).name == name


def test_a_title_in_capitals_is_no_name():
    text = "Anna Vale met Peter Berg, a governor. The Governor said so."
    options = resolver_of(text).options(found_at(text, "The Governor"), [])
    assert {option.person.name for option in options[:-1]} == {"Anna Vale", "Peter Berg"}


def test_one_mention_has_one_name():
    text = "The farmers came. “We will go,” they said. “No,” the miller said. “Yes.”"
    they, miller = found_at(text, "they"), found_at(text, "the miller")
    assert names_of(resolver_of(text), [they, miller, they]) == ["they", "the miller", "they"]


def test_a_quotation_without_a_mention_has_no_name():
    text = "The farmers came. “We will go,” they said."
    assert names_of(resolver_of(text), [None, found_at(text, "they"), None]) == [None, "they", None]


def test_no_name_depends_on_earlier_calls():
    text = "Anna Vale met Ruth Lund. “Yes,” she said. “No,” Ruth Lund said. “But,” they said."
    mentions = [found_at(text, mention) for mention in ("she", "Ruth Lund", "they")]
    resolver = resolver_of(text)
    names = names_of(resolver, mentions)
    assert [resolver.resolve(mention, names[:i]).name for i, mention in reversed(list(enumerate(mentions)))] == names[
        ::-1
    ]
    assert names_of(resolver, mentions) == names


def test_nobody_is_always_an_option_and_comes_last():
    text = "Anna Vale met Ruth Lund. She said so."
    *people, nobody = resolver_of(text).options(found_at(text, "She"), [])
    assert {option.person.name for option in people} == {"Anna Vale", "Ruth Lund"} and nobody.person is None


def test_a_full_name_needs_no_choice():
    text = "Anna Vale met Ruth Lund. Ruth Lund said so."
    assert resolver_of(text).options(found_at(text, "Ruth Lund"), []) == []


def test_the_scores_choose_among_the_options():
    text = "Anna Vale met Ruth Lund. She said so."
    options = resolver_of(text).options(found_at(text, "She"), [])
    for wanted in options[:-1]:
        scores = np.array([9.0 if option is wanted else -9.0 for option in options])
        assert name_of(text, "She", score=lambda _, given=scores: given.copy()) == wanted.person.name


def test_a_name_inside_quotation_marks_is_not_the_reporters():
    text = "Ruth Lund owns a boat. Anna Vale opened the mill. “I met Ruth Lund,” she said."
    inside = Span(text.index("I met"), text.index(",”") + 1)
    assert _nearest(text, quoted=[]) == "Ruth Lund"
    assert _nearest(text, quoted=[inside]) == "Anna Vale"


def _nearest(text: str, quoted: list[Span]) -> str:
    options = resolver_of(text, quoted=quoted).options(found_at(text, "she"), [])
    return min(options[:-1], key=lambda option: option.features.distance).person.name


def described(text: str, mention: str) -> str:
    """Return the description of a mention whose cue is the first "said" of the text."""
    span = Span(text.index(mention), text.index(mention) + len(mention))
    cue = Span(text.index("said"), text.index("said") + len("said"))
    return description(text, FoundMention(span, span, cue, "after_cue", 0.9, True))


def test_a_long_description_ends_at_its_first_comma():
    words = (
        "a farmer from the far end of the valley, whose corn had been under water since the flood of the autumn before"
    )
    assert described(f"{words} said so.", words) == "a farmer from the far end of the valley"


@pytest.mark.parametrize(
    ("text", "mention", "expected"),
    [
        ("On the quay counter-protesters said so.", "protesters", "counter-protesters"),
        (
            "“It is wet.” Some officials at the Orle Mill Board said so.",
            "Some officials",
            "Some officials at the Orle Mill Board",
        ),
        ("“It is wet.” Some officials in an interview on Monday said so.", "Some officials", "Some officials"),
    ],
)
def test_a_description_has_the_words_that_belong_to_it_up_to_the_cue(text, mention, expected):
    assert described(text, mention) == expected


@pytest.mark.parametrize(
    "text",
    [
        "“It is wet,” said a farmer close to the mayor of Orle, who left.",
        "A farmer close to the mayor of Orle said so.",
        "“It is wet,” said a farmer close to the mayor of Orle who had asked not to be named.",
    ],
)
def test_a_description_has_the_words_that_say_who_an_unnamed_source_is(text):
    assert described(text, "farmer") == "farmer close to the mayor of Orle"


@pytest.mark.parametrize(
    "behind", ["who had asked not to be named", "close to " + "the mayor and the board of Orle " * 4 + "and others"]
)
def test_words_that_hide_a_source_or_have_no_end_are_no_part_of_a_description(behind):
    assert described(f"“It is wet,” said a farmer {behind}.", "farmer") == "farmer"


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Owen Tate grows roses. The expert said so.", "Owen Tate"),
        ("Experts grow roses. Owen Tate does. The expert said so.", "Owen Tate"),
        ("An expert met Owen Tate. The expert said so.", "An expert"),
    ],
)
def test_the_expert_is_who_spoke_last_where_nobody_else_may_be(text, name):
    spoken = [person for person in ("Anna Vale", "Owen Tate") if person in text]
    assert name_of(text, "The expert", spoken=spoken) == name


def test_the_expert_may_be_another_who_is_named():
    text = "Anna Vale tested the water. Owen Tate is the mayor. The expert said so."
    names = resolver_of(text)._names
    assert expert_speaking(names, found_at(text, "The expert"), ["Owen Tate"]) is None


def test_the_33_year_old_is_who_has_that_age():
    assert (
        name_of("Owen Tate, 33, met Peter Berg, 41. The 33-year-old said so.", "The 33-year-old", "old") == "Owen Tate"
    )


def test_of_whom_the_first_paragraph_tells_need_not_be_named_in_the_second():
    text = "A paramedic has told an inquest so.\n\nOwen Tate, 82, of Tarn, died at home."
    assert name_of(text, "A paramedic") == "A paramedic"


def test_an_office_with_a_capital_that_opens_a_paragraph_speaks_next():
    sat = "The Mayor, Owen Tate, sat. Peter Berg rose. Berg spoke."
    text = f"{sat}\n\nAfter the vote, the Mayor said that rain fell. He said so."
    assert name_of(text, "He") == "Owen Tate"


@pytest.mark.parametrize(("cue", "ruled_out"), [("replied", ["Anna Vale"]), ("said", [])])
def test_who_asked_does_not_answer(cue: str, ruled_out: list[str]) -> None:
    text = f"Ruth Lund met Anna Vale. “Did you go?” Vale asked.\n\n“I did,” she {cue}."
    said = Span(text.index("I did"), text.index("I did") + 6)
    at, cue_at = text.rindex("she"), text.rindex(cue)
    mention = Span(at, at + 3)
    found = FoundMention(mention, mention, Span(cue_at, cue_at + len(cue)), "after_cue", 0.9, True)
    quoted = [Span(text.index("Did you"), text.index("Did you") + 11), said]
    resolver = resolver_of(text, quoted=quoted, parts={mention: [said]})
    options = resolver.options(found, ["Anna Vale"])
    assert [option.person.name for option in who_asked(resolver._names, found, options) if option.person] == ruled_out


def test_who_is_interviewed_under_caution_is_no_officer():
    text = "Owen Tate denies it. Detective Constable Peter Berg spoke. Interviewed under caution in July, he said so."
    found = found_at(text, "he")
    options = resolver_of(text).options(found, ["Peter Berg"])
    names = ArticleNames(text, People(text), (), None, None, ())
    assert [option.person.name for option in officers(names, found, options) if option.person] == ["Peter Berg"]
    shown = text.replace("Interviewed under caution", "Shown the clock")
    names = ArticleNames(shown, People(shown), (), None, None, ())
    assert (
        officers(names, found_at(shown, "he"), resolver_of(shown).options(found_at(shown, "he"), ["Peter Berg"])) == []
    )


@pytest.mark.parametrize("mention", ["the order", "the reply"])
def test_an_order_is_of_no_witness_and_a_reply_of_nobody_told(mention):
    assert name_of(f"Anna Vale told the court that it was lost. Rain fell, {mention} said.", mention) == mention


def test_an_order_is_of_nobody_but_the_judge_of_the_article():
    text = "Judge Anna Vale spoke. Owen Tate wept. Rain fell, the order said."
    options = resolver_of(text).options(found_at(text, "the order"), ())
    assert [option.person and option.person.name for option in options] == ["Anna Vale", None]


def test_the_woman_who_opens_a_paragraph_is_nobody_named_below():
    text = "A pair got a call.\n\nThe woman gave a name. She asked for it.\n\nThe woman at the till, Anna Vale, rose."
    assert name_of(text, "She") == "She"


@pytest.mark.parametrize("title", ["", "goalkeeper ", "Dr "])
def test_his_roommate_who_opens_a_sentence_speaks_next(title):
    text = f"Owen Tate, a miner, scored. His roommate, {title}Peter Berg, had a rest. He said so."
    assert name_of(text, "He") == "Peter Berg"
