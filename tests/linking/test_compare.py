"""Pairs are compared, links are found, sightings are clustered, and utterances keep their ids."""

from dataclasses import replace
from datetime import date
from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quotetrack.core.domain import DateBasis, Link, LinkKind, SaidOn, Sighting
from quotetrack.linking.clusters import cluster, cluster_sightings, hub_order, keep_utterance_ids, link_sightings
from quotetrack.linking.compare import compare, copies_by_wording, features, find_links
from quotetrack.linking.occasions import Occasion, occasion_of
from quotetrack.linking.wordings import read_wording

WHOLE = "We will not close the harbour at Vessel Point before the last trawler is home, whatever the ministry writes."


def seen(words: str, number: int = 1, day: int = 4, speaker: str | None = "Ilse Brandvold") -> Sighting:
    return Sighting(number, words, speaker, outlet=f"outlet {number}", published_at=date(2031, 5, day))


def on(sighting: Sighting, day: int) -> Sighting:
    stated = date(2031, 5, day)
    return replace(sighting, said=SaidOn(stated, stated, DateBasis.STATED_HERE))


@pytest.mark.parametrize(
    ("words", "kind"),
    [
        (WHOLE, LinkKind.EXACT),
        (WHOLE.upper().replace(",", " –"), LinkKind.EXACT),
        (WHOLE.replace("will not", "won’t"), LinkKind.CONTAINED),
        ("before the last trawler is home, whatever the ministry writes", LinkKind.CONTAINED),
        ("We will not close the harbour […] whatever the ministry writes.", LinkKind.CONTAINED),
        ("We will not close [it] before the last trawler is home, whatever the ministry writes.", LinkKind.REWORDED),
        ("We will not close the harbor at Vessel Point before the last trawler's home.", LinkKind.REWORDED),
        ("The harbour at Vessel Point was built by my grandfather and it will outlive me.", None),
        ("", None),
    ],
)
def test_a_link_says_how_the_words_are_the_same(words: str, kind: LinkKind | None) -> None:
    link = compare(seen(WHOLE, 1), seen(words, 2))
    assert (link.kind if link else None) == kind
    assert link is None or link.flags == ()


@pytest.mark.parametrize(
    ("one", "other", "flags"),
    [
        ("We will not close the harbour at Vessel Point.", "We will close the harbour at Vessel Point.", ("not",)),
        ("We won't close the harbour at Vessel Point.", "We will close the harbour at Vessel Point.", ("not",)),
        ("We never sold the harbour at Vessel Point.", "We sold the harbour at Vessel Point.", ("not",)),
        ("We cannot close the harbour at Vessel Point.", "We can not, close the harbour at Vessel Point.", ()),
        (
            "The dyke holds for 40 winters and then it goes.",
            "The dyke holds for 14 winters and then it goes.",
            ("number",),
        ),
        ("The dyke holds for 40 winters and then it goes.", "The dyke holds for forty winters and then it goes.", ()),
        ("It costs 5% of all that we earn here.", "It costs five per cent of all that we earn here.", ()),
        ("It costs 1,200 crowns a boat to stay out.", "It costs 1200 crowns a boat to stay out.", ()),
        (
            "I will sign the ferry bill on Tuesday morning.",
            "I would sign the ferry bill on Tuesday morning.",
            ("modal",),
        ),
        ("Ferries may stop; we did not ask for the ferry bill.", "we did not ask for the ferry bill", ()),
    ],
)
def test_a_link_is_flagged_with_what_differs(one: str, other: str, flags: tuple[str, ...]) -> None:
    link = compare(seen(one, 1), seen(other, 2))
    assert link is not None
    assert link.flags == flags


def test_two_stated_days_that_cannot_be_one_keep_the_same_words_apart() -> None:
    monday, friday = on(seen(WHOLE, 1), 1), on(seen(WHOLE, 2), 5)
    assert compare(monday, friday) is None
    assert compare(monday, on(friday, 1)) is not None


def test_an_implied_or_unknown_day_keeps_nothing_apart() -> None:
    implied = replace(seen(WHOLE, 2, day=7), said=SaidOn(date(2031, 5, 5), date(2031, 5, 7), DateBasis.IMPLIED))
    assert compare(on(seen(WHOLE, 1), 1), implied) is not None
    assert compare(on(seen(WHOLE, 1), 1), seen(WHOLE, 2, day=9)) is not None
    until = replace(seen(WHOLE, 2, day=7), said=SaidOn(None, date(2031, 5, 7), DateBasis.UNKNOWN))
    assert compare(on(seen(WHOLE, 1), 9), until) is not None  # an article may be dated before the words it prints


@pytest.mark.parametrize(
    ("speaker", "flags"),
    [
        ("Ilse Brandvold", ()),
        ("Brandvold", ()),
        ("Ilse M. Brandvold", ()),
        (None, ()),
        ("the harbour master", ("speaker",)),
        ("Marek", ("speaker",)),
        ("Harbour Board", ("speaker",)),
    ],
)
def test_another_name_does_not_hide_the_same_long_words_and_is_flagged(speaker: str | None, flags: tuple[str]) -> None:
    link = compare(seen(WHOLE, 1), seen(WHOLE, 2, speaker=speaker))
    assert link is not None
    assert link.flags == flags


def test_the_same_words_by_two_people_are_two_utterances_and_a_copy_without_a_name_joins_one() -> None:
    sightings = [seen(WHOLE, 1), seen(WHOLE, 2, speaker="Odd Marek"), seen(WHOLE, 3, speaker=None)]
    assert compare(*sightings[:2]) is None
    groups = [{s.id for s in utterance.sightings} for utterance in link_sightings(sightings)]
    assert len(groups) == 2
    assert not any({1, 2} <= group for group in groups)


def test_one_stored_speaker_of_two_names_is_one_person() -> None:
    known = [replace(seen(WHOLE, n, speaker=name), speaker_id=7) for n, name in enumerate(["Odd Marek", "Ida Krol"])]
    assert len(link_sightings(known)) == 1


def test_two_people_whom_a_person_joined_stay_one_utterance_and_later_copies_of_either_join_it() -> None:
    people = ["Ilse Brandvold", "Odd Marek", "Odd Marek", "Ida Krol"]
    sightings = [seen(WHOLE, number, speaker=name) for number, name in enumerate(people)]
    clusters = cluster_sightings(sightings, find_links(sightings, judged={0, 1}), [(0, 1, True)], judged={0, 1})
    assert set(clusters) == {frozenset({0, 1, 2}), frozenset({3})}


@pytest.mark.parametrize(
    ("published", "stated", "is_one"),
    [
        (date(2031, 5, 20), None, True),
        (date(2032, 4, 20), None, True),
        (date(2033, 5, 4), None, False),
        (date(2033, 5, 4), date(2031, 5, 4), True),  # an article that tells when the old words were said
        (date(2033, 5, 4), date(2033, 5, 3), False),
        (date(2031, 5, 20), date(2031, 5, 19), False),  # after the first article printed them
    ],
)
def test_the_same_words_years_apart_are_one_utterance_only_where_an_article_says_so(
    published: date, stated: date | None, is_one: bool
) -> None:
    later = replace(seen(WHOLE, 2), published_at=published)
    if stated is not None:
        later = replace(later, said=SaidOn(stated, stated, DateBasis.STATED_NEARBY))
    assert (len(link_sightings([seen(WHOLE, 1), later])) == 1) is is_one


FIRST_HALF = f"Nobody in the ministry has ever stood on this quay in February. {WHOLE}"
SECOND_HALF = f"{WHOLE} And I shall say so in every town on this coast."


def test_overlapping_halves_of_one_answer_are_one_utterance() -> None:
    link = compare(seen(FIRST_HALF, 1), seen(SECOND_HALF, 2))
    assert link is not None and link.score > 0.9
    assert features(seen(FIRST_HALF, 1), seen(SECOND_HALF, 2)).aligned == 1
    assert features(seen(WHOLE, 1), seen(OTHER, 2)).aligned < 0.5


OTHER = (
    "We will not close the school, and I have told the ministry that the children of this town come first this year."
)
LONG = (
    "On the harbour I have one thing to say, and it is that the work at the quay will go on through the winter, that "
    "the boats will sail, that the men will be paid, and that nobody who has stood there will be asked to leave it."
)
LONGER = (
    "On the schools I have another thing to say, and it is that the teachers of this town have waited for nine years, "
    "that the roof of the old hall leaks, that the men will be paid who mend it, and that nobody will be asked to wait "
    "longer for a room that is warm, or for a book that is whole."
)


@pytest.mark.parametrize(
    ("one", "other", "is_linked"),
    [
        (WHOLE, "Before the last trawler is home", True),
        (WHOLE, WHOLE.replace("whatever the ministry writes", "whatever the ministry may write"), True),
        (LONG, LONGER, False),
        (WHOLE, OTHER, False),
        (FIRST_HALF, SECOND_HALF, False),
    ],
)
def test_one_article_links_only_what_is_nearly_the_same(one: str, other: str, is_linked: bool) -> None:
    in_article = [replace(seen(words, number), article="a") for number, words in enumerate((one, other))]
    assert (compare(*in_article) is not None) is is_linked


@pytest.mark.parametrize(
    ("words", "speaker", "day", "linked"),
    [
        ("a salted promise", "Brandvold", 5, True),
        ("a salted promise", "I. Brandvold", 5, True),
        ("a salted promise", "Karl Brandvold", 5, False),
        ("a salted promise", "Odd Marek", 5, False),
        ("a salted promise", "Brandvold", 20, False),
        ("a salted biscuit", "Brandvold", 4, False),
        ("He gave us a salted promise and a wet handshake", "Brandvold", 5, True),
        ("He gave us a salted promise and a wet handshake", "Odd Marek", 5, False),
    ],
)
def test_few_words_need_the_same_speaker_and_close_days(words: str, speaker: str, day: int, linked: bool) -> None:
    assert (compare(seen("a salted promise", 1), seen(words, 2, day=day, speaker=speaker)) is not None) == linked


def test_the_name_of_a_show_links_no_two_speakers() -> None:
    show = "The Long Evening with Marguerite Fallow"
    assert compare(seen(show, 1), seen(show, 2, speaker="Odd Marek")) is None


def test_the_lower_id_is_left_in_any_order_of_arguments() -> None:
    forward, back = compare(seen(WHOLE, 10), seen(WHOLE, 9)), compare(seen(WHOLE, 9), seen(WHOLE, 10))
    assert forward == back
    assert forward is not None and (forward.left, forward.right) == (9, 10)


FRAGMENTS = [
    "we will",
    "not",
    "close the harbour",
    "at Vessel Point",
    "before Friday",
    "[…]",
    "said the minister",
    "never",
]
wordings = st.lists(st.sampled_from(FRAGMENTS), min_size=0, max_size=5).map(" ".join)
sightings_of_one_day = st.lists(
    st.tuples(wordings, st.sampled_from([None, "Ilse Brandvold", "Odd Marek"]), st.integers(1, 28)), max_size=12
).map(lambda rows: [seen(words, n, day, speaker) for n, (words, speaker, day) in enumerate(rows)])


@settings(max_examples=80, deadline=None)
@given(sightings_of_one_day, st.randoms())
def test_found_links_cluster_as_those_of_all_pairs_do_in_any_order(sightings: list[Sighting], random: object) -> None:
    plain = [link for a, b in combinations(sightings, 2) if (link := compare(a, b))]
    order = [sighting.id for sighting in hub_order(sightings)]
    shuffled = list(sightings)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    found = find_links(shuffled)
    assert set(found) <= set(plain)
    assert set(cluster_sightings(shuffled, found)) == set(cluster(order, plain, occasions=occasions_of(shuffled)))
    assert as_ids(shuffled) == as_ids(sightings)


@settings(max_examples=60, deadline=None)
@given(sightings_of_one_day, st.lists(st.tuples(st.integers(0, 11), st.integers(0, 11), st.booleans()), max_size=4))
def test_judgements_hold_among_copies_as_among_all_pairs(
    sightings: list[Sighting], judged: list[tuple[int, int, bool]]
) -> None:
    judgements = [(a, b, same) for a, b, same in judged if a != b]
    ids = {each for a, b, _ in judgements for each in (a, b)}
    plain = [link for a, b in combinations(sightings, 2) if (link := compare(a, b))]
    order = [sighting.id for sighting in hub_order(sightings)]
    found = find_links(sightings, judged=ids)
    plainly = cluster(order, plain, judgements, occasions_of(sightings))
    assert set(cluster_sightings(sightings, found, judgements, ids)) == set(plainly)


def occasions_of(sightings: list[Sighting]) -> dict[int | str, Occasion]:
    return {sighting.id: occasion_of(sighting) for sighting in sightings}


@given(sightings_of_one_day, st.sets(st.integers(0, 11), max_size=3))
def test_copies_are_the_same_by_known_wordings_as_by_words_that_are_read(
    sightings: list[Sighting], judged: set[int | str]
) -> None:
    known = {sighting.id: read_wording(sighting.words).id for sighting in sightings}
    assert copies_by_wording(sightings, judged, known) == copies_by_wording(sightings, judged)


def as_ids(sightings: list[Sighting]) -> list[tuple[int, set[int | str]]]:
    return [(utterance.id, {s.id for s in utterance.sightings}) for utterance in link_sightings(sightings)]


def test_a_burst_of_one_wire_report_is_one_utterance() -> None:
    burst = [seen(WHOLE, n) for n in range(150)] + [seen(WHOLE[8:60], n) for n in range(150, 200)]
    assert len(link_sightings(burst)) == 1


def test_two_sightings_with_one_id_are_refused() -> None:
    with pytest.raises(ValueError, match="one id: 7"):
        find_links([seen(WHOLE, 7), seen("Something else altogether.", 7)])


def test_ids_may_be_numbers_and_texts() -> None:
    utterances = link_sightings(
        [seen(WHOLE, 2), replace(seen(WHOLE), id="b"), replace(seen("Quite other words."), id="a")]
    )
    assert [[s.id for s in u.sightings] for u in utterances] == [[2, "b"], ["a"]]


def test_a_stump_line_of_three_days_is_three_utterances_and_an_undated_copy_joins_none() -> None:
    days = [on(seen(WHOLE, n, day), day) for n, day in enumerate([1, 1, 8, 8, 15])]
    undated = replace(seen(WHOLE, 9, day=8))
    groups = [{s.id for s in utterance.sightings} for utterance in link_sightings([*days, undated])]
    assert len(groups) == 3
    assert {4} in groups


def linked(left: int, right: int, score: float = 0.8) -> Link:
    return Link(left, right, LinkKind.REWORDED, score)


@pytest.mark.parametrize(
    ("links", "judgements", "clusters"),
    [
        ([], [], [{1}, {2}, {3}]),
        ([linked(1, 2), linked(1, 3)], [], [{1, 2, 3}]),
        ([linked(1, 2), linked(2, 3)], [], [{1, 2}, {3}]),  # a chain of short pieces
        ([linked(1, 2), linked(2, 3, 0.95)], [], [{1, 2, 3}]),  # overlapping halves
        ([linked(1, 3, 0.7), linked(2, 3, 0.9)], [], [{1}, {2, 3}]),
        ([linked(1, 2), linked(1, 3)], [(2, 3, False)], [{1, 2}, {3}]),
        ([linked(1, 2), linked(1, 3)], [(1, 2, False)], [{1, 3}, {2}]),
        ([], [(1, 3, True)], [{1, 3}, {2}]),
        ([linked(1, 2)], [(2, 3, True)], [{1, 2, 3}]),
        ([linked(1, 2)], [(2, 3, True), (1, 3, False)], [{1}, {2, 3}]),
        ([], [(1, 2, True), (2, 3, True), (1, 3, False)], [{1, 2}, {3}]),
        ([linked(1, 9)], [(1, 8, True), (7, 2, False)], [{1}, {2}, {3}]),  # ids that are not here
    ],
)
def test_each_id_joins_its_best_hub_and_judgements_override_scores(
    links: list[Link], judgements: list[tuple[int, int, bool]], clusters: list[set[int]]
) -> None:
    assert cluster([1, 2, 3], links, judgements) == [frozenset(members) for members in clusters]


def test_the_fullest_then_the_earliest_sighting_is_the_first_hub() -> None:
    short, late, early = seen("trawler", 1), seen(WHOLE, 2, day=9), seen(WHOLE, 3, day=2)
    assert [s.id for s in hub_order([short, late, early])] == [3, 2, 1]


@pytest.mark.parametrize(
    ("clusters", "known", "kept", "redirects"),
    [
        ([{1, 2}, {3}], {}, [None, None], {}),
        ([{1, 2}, {3}], {1: 70, 2: 70, 3: 80}, [70, 80], {}),
        ([{1, 2, 3}], {1: 70, 2: 80, 3: 80}, [80], {70: 80}),
        ([{1, 2}], {1: 80, 2: 70}, [70], {80: 70}),
        ([{1}, {2, 3}], {1: 70, 2: 70, 3: 70}, [None, 70], {}),
        ([{1}, {2}], {1: 70, 2: 70}, [70, None], {}),
        ([{1, 2, 3}, {4, 5, 6, 7, 8}], {1: 70, 2: 70, 3: 80, 4: 70, 5: 70, 6: 70}, [80, 70], {}),
        ([{1, 4}], {1: 70}, [70], {}),
        ([{1, 2, 5}, {3, 6}], {1: 70, 2: 70, 3: 90, 5: 80, 6: 80}, [70, 80], {90: 80}),
    ],
)
def test_utterance_ids_survive_a_new_clustering(
    clusters: list[set[int]], known: dict[int, int], kept: list[int | None], redirects: dict[int, int]
) -> None:
    assert keep_utterance_ids([frozenset(members) for members in clusters], known) == (kept, redirects)
