"""The people of an article: full names to believe in, and every place that names a person."""

from __future__ import annotations

import pytest

from quotetrack.core.domain import Span
from quotetrack.extract.entities.people import People


def names(text: str) -> set[str]:
    return {person.name for person in People(text).persons}


def only(people: People, name: str):
    (person,) = [p for p in people.persons if p.name == name]
    return person


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Anna Vale opened the mill.", {"Anna Vale"}),
        ("Mayor Anna Vale opened the mill of Peter Berg.", {"Anna Vale", "Peter Berg"}),
        ("Anna Vale’s mill is open. Vale is glad.", {"Anna Vale"}),
        ("Anna M. Vale opened the mill.", {"Anna M. Vale"}),
        ("Peter van der Berg opened the mill.", {"Peter van der Berg"}),
        ("Anna Vale-Ruiz opened the mill.", {"Anna Vale-Ruiz"}),
        ("On Monday Anna Vale opened the mill.", {"Anna Vale"}),
        ("Comedian Anna Vale opened the mill. Anna Vale is funny.", {"Anna Vale"}),
        ("Anna Vale and her cousin Peter Vale run the mill.", {"Anna Vale", "Peter Vale"}),
        ("Dr. Zorblat Quenk opened the mill.", {"Zorblat Quenk"}),
        ("Anna Vale Slams Orle Mill.\n\nAnna Vale opened it.", {"Anna Vale"}),
        ("Anna K Ruth Vale opened the mill.", {"Anna K Ruth Vale"}),
        ("Anna “Quinx” Vale opened the mill.", {"Anna Vale"}),
        ('Robert C. "Bobby" Vale opened the mill.', {"Bobby Vale"}),
        ("Robert “Bobby” Vale opened the mill. Robert Vale is old.", {"Robert Vale"}),
        ("Robert “Bobby” Vale opened the mill. Bobby Vale is old. So was Robert Vale.", {"Bobby Vale"}),
        ("Robert C. “Bobby” Vale opened the mill. Robert Vale met Peter Vale.", {"Robert Vale", "Peter Vale"}),
        ("Pope Anselm opened the mill. Anselm is old.", {"Pope Anselm"}),
        ("Lord Fanshaw opened the mill. Lord Fanshaw is old.", {"Lord Fanshaw"}),
        ("Baroness Quenk met First Lady Berg.", {"Baroness Quenk", "Berg"}),
        ("Anna Vale is a peer. Lady Vale is old.", {"Anna Vale"}),
        ("Anna Cable opened the mill. “No,” Ms Cable said.", {"Anna Cable"}),
        ("Dame Quinxa Court opened the mill.", {"Quinxa Court"}),
        ("Getting Quenk+ right is hard. Berg said so. Quenk was here.", set()),
        ("Ruth spoke. Queen Ruth opened the mill.", {"Queen Ruth"}),
        ("Alex Vale opened the mill.", {"Alex Vale"}),
        ("Peter Quenkel opened the mill. Mr Quenkle is glad.", {"Peter Quenkel"}),
        ("Peter Quenkel opened the mill. Quenkel met Peter Quenkle.", {"Peter Quenkel"}),
        ("Peter Quenkel opened the mill. Ruth Quenkle is glad.", {"Peter Quenkel", "Ruth Quenkle"}),
        ("Peter Quenkel opened the mill. Mrs Quenkle is glad.", {"Peter Quenkel", "Quenkle"}),
        ("Peter Berg opened the mill. Mr Borg is glad.", {"Peter Berg", "Borg"}),
        ("Peter Kelly Slams Orle Mill.\n\nKelly spoke.", {"Peter Kelly"}),
        ("Anna Ruth Vale opened the mill. Anna Ruth spoke.", {"Anna Ruth Vale", "Anna Ruth"}),
        ("Anna Vale “Angry” Over Mill.\n\nAnna Vale spoke.", {"Anna Vale"}),
        ("It was Anna. “Never” Vale said.", set()),
        ("Peter X opened the mill. Peter X left.", {"Peter X"}),
        ("N Korea tested the mill. It met J Vale.", set()),
        ("Pope\xa0Anselm opened the mill.", {"Pope Anselm"}),
        ("Peter King Ruth opened the mill.", {"Ruth"}),
        ("Anna Guardian opened the mill.", set()),
        ("Farmer Ken Aldous said so. Farmer Aldous left.", {"Ken Aldous"}),
        (
            "Olympic Swimmer Jo Hale left. Constable Lee Barrow and PC Hope Day stayed.",
            {"Jo Hale", "Lee Barrow", "Hope Day"},
        ),
        ("The producer, Bunty Malone, is here. “We need a cow,” she said.", {"Bunty Malone"}),
        ("The producer, Bunty Malone, is bankrupt. “We need a cow,” it said.", set()),
        ("Sister Agnes Tully left. Sister Agnes said so.", {"Agnes Tully"}),
        ("Mason Greene said so. Baker Mayfield, 30, left.", {"Mason Greene", "Baker Mayfield"}),
        ("Bishop Paulo Mendes said so.", {"Paulo Mendes"}),
        ("Hunter Vale, 30, left. Joe Vale stayed.", {"Hunter Vale", "Joe Vale"}),
        ("Joel Grable Sr. met Joel Grable Jr. on the quay.", {"Joel Grable Sr.", "Joel Grable Jr."}),
        ("Peter Berg, Jr., left. Peter Berg Jr. spoke.", {"Peter Berg Jr."}),
        ("Anna Vale SC left.", {"Anna Vale"}),
        ("Xavi Quenk KC, prosecuting, left. Yola Orn, for the defence, stayed.", {"Xavi Quenk", "Yola Orn"}),
        ("Pieter van der Velde said so. Van der Velde left.", {"Pieter van der Velde"}),
        ("Noa ben Ami, a nurse, left. Ben Ami said so.", {"Noa ben Ami"}),
        ("Sinéad Ní Bhriain, a nurse, left. Ní Bhriain said so.", {"Sinéad Ní Bhriain"}),
        ("Gylfi Þór Sigurðsson, a nurse, left.", {"Gylfi Þór Sigurðsson"}),
        ("Šárka Ďurišová, 34, left.", {"Šárka Ďurišová"}),
        ("Carlos Ruiz Zafra, a nurse, left. Ruiz said so.", {"Carlos Ruiz Zafra"}),
        ("Zhao Peng, a tea-grower, left. Her aunt Zuhura Mwinyi stayed.", {"Zhao Peng", "Zuhura Mwinyi"}),
        ("Anna Vale and her brother Charlie milk.", {"Anna Vale", "Charlie"}),
        ("His wife, Ngozi, left. Sumiyati, 47, stayed.", {"Ngozi", "Sumiyati"}),
        ("A doctor, who gave her name only as Lejla, left.", {"Lejla"}),
        ("Nora March, a nurse, left. Agnes Will runs the mill.", {"Nora March", "Agnes Will"}),
        ("Nora Friday left. “No,” Friday said.", {"Nora Friday"}),
        ("Dr Victoria Church left. Grace Day, 34, stayed.", {"Victoria Church", "Grace Day"}),
        ("Will Best, 23, left. Will Vale go?", {"Will Best"}),
        ("Virginia Berg, a nurse, left.", {"Virginia Berg"}),
        ("Queen Ruth III left.", {"Queen Ruth III"}),
        ("The Sierra Club, who has sued, met the publisher Harbour House. Tal Voter Act is long.", set()),
        ("Get Red Sands 2, a game. Uncle Sam wants you. Walmart said so.", set()),
        ("A resident of Quenk Lane, a nurse, left. Diane Lane, a nurse, stayed.", {"Diane Lane"}),
        ("A driver, who asked to be called only Marek, left.", {"Marek"}),
        ("Quenk, who runs the mill, wept. “No,” she said.", {"Quenk"}),
        ("Quenk, who runs the mill.", set()),
        ("Quenk, who run the league, won. He said so.", set()),
        ("Beside the mill sat Quenk, her pianist since 1959.", {"Quenk"}),
        ("Beside the mill sat Quenk, her rival.", set()),
        ("The guard, Quenk, was lent for the day.", {"Quenk"}),
        ("The supplier, Quenk, was late.", set()),
        (
            "The Trade Minister, Warwick Pell, left. Mr Tolliver met his Trade Minister. The Trade Minister said so.",
            {"Warwick Pell", "Tolliver"},
        ),
        (
            "Justices S. Padma and K. Raghu sat. Drs. Ann Lee and Bob Orr left.",
            {"S. Padma", "K. Raghu", "Ann Lee", "Bob Orr"},
        ),
        ("Peter Vale left.\n\nAs for Quenk, he was asked why.", {"Peter Vale", "Quenk"}),
        ("Peter Vale left.\n\nAs for Holm, it was shut.", {"Peter Vale"}),
        ("Lord Vale said that Mabli Vale should go.", {"Lord Vale", "Mabli Vale"}),
        ("Lord Vale left. Mabli Vale stayed.", {"Mabli Vale"}),
        ("Torpekai, the baker's widow, spoke. She left.", {"Torpekai"}),
        ("Torpekai, the capital, was calm. She left.", set()),
        ("Judge Anna Mac Vale sat. Mac Vale J agreed.", {"Anna Mac Vale"}),
        ("The Grain Board met the Tarn Council on Monday.", set()),
        ("The Health and Safety Executive said so.", set()),
        ("New Orle is a town in North Varland.", set()),
        ("the mill is open", set()),
        ("", set()),
    ],
)
def test_full_names_are_believed_and_other_capitals_are_not(text, expected):
    assert names(text) == expected


@pytest.mark.parametrize(
    ("text", "name", "places"),
    [
        (
            "Omar el-Sayed, a nurse, left. Sayed spoke. El-Sayed sat.",
            "Omar el-Sayed",
            ["Omar el-Sayed", "Sayed", "El-Sayed"],
        ),
        ("Yusuf al-Haddad left. “No,” al-Haddad said.", "Yusuf al-Haddad", ["Yusuf al-Haddad", "al-Haddad"]),
        ("Louis d’Arcy left. “No,” d’Arcy said.", "Louis d’Arcy", ["Louis d’Arcy", "d’Arcy"]),
        ("Tessa May is the mayor. May added: “No.” In May it rained. May was wet.", "Tessa May", ["Tessa May", "May"]),
        ("Nora Said, a nurse, left. Said said so. He said Said had left.", "Nora Said", ["Nora Said", "Said", "Said"]),
        ("Ruth Lord, a nurse, left. Lord was here. Lord Ashcombe sat.", "Ruth Lord", ["Ruth Lord", "Lord"]),
        (
            "Nora Friday, a nurse, left on Friday. “No,” said Friday. The mayor said Friday was wet.",
            "Nora Friday",
            ["Nora Friday", "Friday"],
        ),
        ("Ann Church, a nurse, left. “No,” Church said. The Church said no.", "Ann Church", ["Ann Church", "Church"]),
        (
            "Joel Grable Sr. met Joel Grable Jr. “No,” Grable Jr. said.",
            "Joel Grable Jr.",
            ["Joel Grable Jr.", "Grable Jr."],
        ),
        ("Nora Do, a nurse, left. “No,” Do said. Do not ask.", "Nora Do", ["Nora Do", "Do"]),
        ("Israel Katz, a minister, left. Israel said no.", "Israel Katz", ["Israel Katz"]),
        ("Anna “Quinx” Vale left. “No,” Quinx said.", "Anna Vale", ["Anna “Quinx” Vale", "Quinx"]),
        ("Quinxa Vale, a nurse, left. Vale sat. Dame Quinxa spoke.", "Quinxa Vale", ["Quinxa Vale", "Vale", "Quinxa"]),
        ("Quinxa Vale, a nurse, left. Vale sat. Mr Quinxa spoke.", "Quinxa Vale", ["Quinxa Vale", "Vale"]),
        ("Vale won. Vale was glad. Later Anna Vale met Peter Vale.", "Anna Vale", ["Vale", "Vale", "Anna Vale"]),
        (
            "Olys Vale, a nurse, left. Ms Vale sat. Vale met Peter Vale. Vale spoke.",
            "Olys Vale",
            ["Olys Vale", "Vale", "Vale", "Vale"],
        ),
    ],
)
def test_a_short_form_names_the_person_and_the_common_word_does_not(text, name, places):
    person = only(People(text), name)
    assert [text[place.start : place.end] for place in person.places] == places


def test_a_parser_may_hint_at_a_name_that_no_list_knows():
    text = "Zorblat Quenk opened the mill."
    assert names(text) == set()
    assert {p.name for p in People(text, personal=[Span(0, 13)]).persons} == {"Zorblat Quenk"}


def test_a_parser_may_hint_at_a_surname_that_is_a_common_word():
    text = "Anna Guardian opened the mill. “It is mine,” Guardian said."
    people = People(text, personal=[Span(0, 13)])
    assert [len(person.places) for person in people.persons] == [2]
    assert only(people, "Anna Guardian").places[1].speaks


def test_a_parser_may_hint_at_a_second_name_with_a_surname():
    text = "Peter Vale opened the mill. Zorblat Vale cheered. Rin Tal Quenk and Tal Quenk left."
    hints = [Span(text.index(name), text.index(name) + len(name)) for name in ("Zorblat Vale", "Rin Tal Quenk")]
    assert {p.name for p in People(text, personal=hints).persons} == {"Peter Vale", "Zorblat Vale", "Rin Tal Quenk"}


def test_a_form_inside_another_is_no_second_person():
    text = "Rin Tal Quenk left. Tal Quenk spoke. Tal Quenk sat. Quenk ate."
    hints = [Span(0, 13), Span(20, 29), Span(37, 46)]
    (person,) = People(text, personal=hints).persons
    assert person.name == "Rin Tal Quenk"
    assert len(person.places) == 4


def test_a_word_before_a_whole_name_is_no_part_of_it_whatever_a_parser_hints():
    text = "Comedian Anna Vale opened the mill. Anna Vale is funny. Anna Vale left."
    assert {p.name for p in People(text, personal=[Span(0, 18), Span(36, 45)]).persons} == {"Anna Vale"}


def test_only_paragraphs_of_the_body_name_people():
    text = "Anna Vale opened the mill.\n\nPeter Berg found safe"
    assert {p.name for p in People(text, body=[Span(0, 26)]).persons} == {"Anna Vale"}


def test_every_place_of_a_name_is_noted_in_order():
    text = "Anna Vale bought it. “It is mine,” Vale said. Vale’s mill is open."
    places = only(People(text), "Anna Vale").places
    assert [text[place.start :].split()[0] for place in places] == ["Anna", "Vale", "Vale’s"]
    assert [place.is_full for place in places] == [True, False, False]
    assert [place.speaks for place in places] == [False, True, False]
    assert [place.is_owner for place in places] == [False, False, True]


@pytest.mark.parametrize(
    ("words", "gender", "expected"),
    [
        (["Vale"], None, {"Anna Vale", "Peter Vale"}),
        (["Vale"], "f", {"Anna Vale"}),
        (["Peter", "Vale"], None, {"Peter Vale"}),
        (["P.", "Vale"], None, {"Peter Vale"}),
        (["Lund"], None, {"Ruth Lund"}),
        (["Ruth"], None, {"Ruth Lund"}),
        (["Vale", "Jr."], None, {"Anna Vale", "Peter Vale"}),
        (["Nobody"], None, set()),
        ([], None, set()),
    ],
)
def test_a_name_may_mean_these_people(words, gender, expected):
    people = People("Anna Vale and Peter Vale met Ruth Lund on the quay.")
    assert {person.name for person in people.named(words, gender)} == expected


@pytest.mark.parametrize(
    ("text", "name", "gender"),
    [
        ("Anna Vale opened the mill.", "Anna Vale", "f"),
        ("Peter Berg opened the mill.", "Peter Berg", "m"),
        ("Ms. Quenk opened the mill.", "Quenk", "f"),
        ("Mr. Quenk opened the mill.", "Quenk", "m"),
        ("Dr. Zorblat Quenk opened the mill. She built it. Quenk sold her car.", "Zorblat Quenk", "f"),
        ("Dr. Zorblat Quenk opened the mill.", "Zorblat Quenk", None),
        ("Dr. Zorblat Quenk opened the mill. He did not come.", "Zorblat Quenk", None),
        ("Dr. Zorblat Quenk met Mayor Peter Berg. He and his wife had come.", "Zorblat Quenk", None),
        ("Leslie Quenk opened the mill.", "Leslie Quenk", None),
        ("Leslie Quenk, who left her village, opened the mill.", "Leslie Quenk", "f"),
        ("Her father, Leslie Quenk, who left her mother, opened the mill.", "Leslie Quenk", "m"),
        ("His partner, Leslie Quenk, who took his name, opened the mill.", "Leslie Quenk", None),
        ("Leslie Quenk, who was late, sat beside her.", "Leslie Quenk", None),
        ("Leslie Quenk, who retired, was to sit beside her.", "Leslie Quenk", None),
        ("She lent it to Peter Berg, who had told her he was a miller.", "Peter Berg", "m"),
        ("They argued about a boy, Anna Vale said.", "Anna Vale", "f"),
        ("At Peter Berg’s, a woman had covered the jugs.", "Peter Berg", "m"),
        ("Mayor Destiny Quenk opened the mill.", "Destiny Quenk", "f"),
    ],
)
def test_gender_comes_from_the_name_the_title_or_the_pronouns(text, name, gender):
    assert only(People(text), name).gender == gender


@pytest.mark.parametrize(
    ("text", "role"),
    [
        ("Mayor Anna Vale opened the mill.", "mayor"),
        ("Sen. Anna Vale opened the mill.", "senator"),
        ("The former governor Anna Vale opened the mill.", "governor"),
        ("Anna Vale, the mayor of Tarn, opened the mill.", "mayor"),
    ],
)
def test_an_office_beside_a_name_belongs_to_the_person(text, role):
    assert role in only(People(text), "Anna Vale").roles


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Con Vale, a miller, died. His wife, Maeve, was there. Mrs Vale wept.", "Maeve Vale"),
        ("Con Vale, a miller, died. A letter came from Vale’s wife, Maeve. Madam Vale wept.", "Maeve Vale"),
        ("Con Vale, a miller, died. When it opened on Monday, his wife Maeve left. Mrs Vale wept.", "Maeve Vale"),
        ("Con Vale, a miller, died. He married Maeve Quinn, who ran it. Mrs Vale wept.", "Maeve Vale"),
        ("“No,” said Poppy Vale, seven. Her grandmother, Maeve, laughed. Mrs Vale wept.", "Maeve Vale"),
        ("Con Vale, a miller, met Peter Berg. His wife Maeve left. Mrs Vale wept.", None),  # of Berg
        ("Con Vale, a miller, died. His wife Maeve left. His sister, Ms Vale, wept. So did Mrs Vale.", None),
        ("Con Vale, a miller, died. His wife Maeve met his mother Ruth Vale. Mrs Vale wept.", "Ruth Vale"),
    ],
)
def test_his_wife_has_his_name_where_the_article_calls_her_so(text, name):
    named = [person.name for person in People(text).named(["Vale"], "f")]
    assert name in named if name else "Maeve Vale" not in named


def test_a_word_means_who_is_called_so_before_a_bearer_of_the_surname_is_named():
    text = "The photographer Ruth Quenk was late. Ruth left. “No,” said Anna Ruth, a nurse. Ruth sat."
    assert [person.name for person in People(text).named(["Ruth"])] == ["Ruth Quenk"]
    again = "Leo J. Ruth, an umpire, sat. The nurse Anna Ruth Quenk left. Ruth died. Leo John Ruth was 88."
    assert [person.name for person in People(again).named(["Ruth"])] == ["Leo John Ruth"]
    later = "“No,” said Anna Ruth, a nurse. The photographer Ruth Quenk was late. Ruth left."
    assert [person.name for person in People(later).named(["Ruth"])] == ["Anna Ruth"]


def test_a_child_beside_a_mother_is_not_made_a_man():
    text = "Robin Vale, seven, laughed. Her mother, Maeve, was there. Mrs Vale wept."
    assert [only(People(text), name).gender for name in ("Robin Vale", "Maeve Vale")] == ["f", "f"]


def test_the_name_at_a_place_is_found_from_any_of_its_letters():
    text = "On Monday Mayor Anna Vale opened the mill."
    people = People(text)
    assert people.run_at(text.index("Vale") + 2).name == "Anna Vale"
    assert people.run_at(text.index("Mayor")).name == "Anna Vale"
    assert people.run_at(text.index("mill")) is None


@pytest.mark.parametrize(
    ("name", "at"),
    [("Anna Vale-ruiz", "ruiz"), ("Peter al-Vale", "Vale"), ("Anna Va’ale", "ale"), ("Anna Vale’s", "s")],
)
def test_a_name_is_found_from_behind_its_hyphen_or_apostrophe(name, at):
    text = f"{name} opened the mill."
    assert People(text).run_at(text.index(at)).name == name.removesuffix("’s")


@pytest.mark.parametrize(
    ("text", "name", "gender"),
    [
        ("The chairman, Robin Quenk, left. She was late.", "Robin Quenk", None),
        ("Robin Quenk, the foreman, and her son left.", "Robin Quenk", None),
        ("His nephew, Robin Quenk, left.", "Robin Quenk", "m"),
    ],
)
def test_a_job_that_women_have_too_makes_nobody_a_man(text, name, gender):
    assert only(People(text), name).gender == gender


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Nkechi Quenk runs the mill. She is old.", {"Nkechi Quenk"}),
        ("Nkechi Quenk runs the mill. He is old.", set()),
        ("Nkechi Quenk is old.", set()),
    ],
)
def test_a_rarer_given_name_opens_a_sentence_where_a_pronoun_agrees(text, expected):
    assert names(text) == expected


def test_a_surname_of_two_is_who_does_it_with_a_body_of_that_sex():
    text = (
        "Peter Vale left. Anna Vale came. Peter Vale sat. Vale shook her head. Vale slowly raised his hand. Vale wept."
    )
    people = People(text)
    assert [place.start for place in only(people, "Anna Vale").places] == [17, text.index("Vale shook")]


def test_a_title_tells_two_of_one_surname_apart():
    text = "Cllr Anna Vale rose. Ruth Vale, the director, sat. Ruth Vale wept. {} Vale said so."
    assert [person.name for person in _bearers_of_last(text.format("Cllr"))] == ["Anna Vale"]
    assert [person.name for person in _bearers_of_last(text.format("Ms"))] == ["Ruth Vale", "Anna Vale"]


def _bearers_of_last(text):
    people = People(text)
    return people.bearers(people.run_at(text.rindex("Vale")))


def test_the_mother_of_chinedu_is_not_chinedu():
    text = "Mama Chinedu wept. Her son, Chinedu, 19, left."
    assert {person.name: person.gender for person in People(text).persons} == {"Mama Chinedu": "f", "Chinedu": "m"}


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("The former Speaker, Hon. Sunday Ogunleye, wept.", ["Sunday Ogunleye"]),
        ("Sunday Ogunleye, 43, wept.", ["Sunday Ogunleye"]),
        ("On Sunday Anna Vale wept.", ["Anna Vale"]),
        ("The Sunday Times reported it.", []),
    ],
)
def test_a_day_may_be_a_given_name(text, names):
    assert [person.name for person in People(text).persons] == names


def test_a_pronoun_in_quoted_words_tells_no_sex():
    text = "Zorblat Quenk spoke. “So she gets a vote.” Quenk left. “Her own?” Quenk wept. “Ask her.”"
    quoted = [Span(start, text.index("”", start) + 1) for start in range(len(text)) if text[start] == "“"]
    assert only(People(text), "Zorblat Quenk").gender == "f"
    assert only(People(text, quoted=quoted), "Zorblat Quenk").gender is None


@pytest.mark.parametrize(
    ("text", "bearer"),
    [
        ("Anna Vale was robbed. Her daughter, Ruth, wept. It was Ruth Vale who rang. Mrs Vale sat.", "Anna Vale"),
        ("Anna Vale was robbed. It was Ruth Vale who rang. Ruth Vale wept. Mrs Vale sat.", "Ruth Vale"),
    ],
)
def test_who_is_called_by_the_given_name_is_not_meant_by_the_surname(text, bearer):
    people = People(text)
    assert [place.start for place in only(people, bearer).places][-1] == text.rindex("Vale")
