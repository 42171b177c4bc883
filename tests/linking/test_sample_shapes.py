"""The forms in which outlets print one utterance: whole, cut, edited, split, misquoted."""

from datetime import date

from quotetrack.core.domain import DateBasis, LinkKind, SaidOn, Sighting
from quotetrack.linking.clusters import link_sightings
from quotetrack.linking.compare import compare

WHOLE = (
    "The bridge at Korvale is safe today, and it will not be safe in November. "
    "We asked for eleven million crowns, and we were given a pot of paint."
)
WIRE = [
    Sighting("whole", WHOLE, "Teodora Vanek", "Korvale Post", published_at=date(2031, 9, 3)),
    Sighting(
        "cut short",
        "The bridge at Korvale is safe today, and it will not be safe in November.",
        "Vanek",
        "Morning Ledger",
        published_at=date(2031, 9, 3),
    ),
    Sighting(
        "edited",
        "The bridge at Korvale is safe today […] We asked for eleven million crowns, and we were given a pot of paint.",
        "Teodora Vanek",
        "The Meridian",
        published_at=date(2031, 9, 4),
    ),
    Sighting(  # the parts of “…,” she said. “…”, joined
        "split",
        "The bridge at Korvale is safe today, and it will not be safe in November, "
        "We asked for 11 million crowns, and we were given a pot of paint",
        None,
        "Halden Radio",
        published_at=date(2031, 9, 4),
    ),
]
MISQUOTE = Sighting(
    "misquote",
    "The bridge at Korvale is safe today, and it will be safe in November.",
    "Teodora Vanek",
    "Daily Beacon",
    published_at=date(2031, 9, 5),
)


def groups(sightings: list[Sighting]) -> list[set[int | str]]:
    return [{s.id for s in utterance.sightings} for utterance in link_sightings(sightings)]


def test_one_report_in_four_outlets_is_one_utterance() -> None:
    (utterance,) = link_sightings(WIRE)
    assert utterance.words == WHOLE
    assert utterance.speaker == "Teodora Vanek"
    assert len(utterance.outlets) == 4


def test_a_misquote_that_drops_not_is_linked_and_flagged() -> None:
    assert groups([*WIRE, MISQUOTE]) == [{"whole", "cut short", "edited", "split", "misquote"}]
    for sighting in (WIRE[0], WIRE[1], WIRE[3]):
        link = compare(sighting, MISQUOTE)
        assert link is not None
        assert (link.kind, link.flags) == (LinkKind.REWORDED, ("not",))


def test_a_stump_line_on_two_stated_days_is_two_utterances() -> None:
    line = "Not one more winter with the lights out, not one more, not in this valley."
    stated = {day: SaidOn(date(2031, 9, day), date(2031, 9, day), DateBasis.STATED_HERE) for day in (6, 13)}
    rallies = [
        Sighting(f"{outlet} {day}", line, "Anselm Kray", outlet, published_at=date(2031, 9, day + 1), said=stated[day])
        for day in stated
        for outlet in ("Korvale Post", "Morning Ledger")
    ]
    assert groups(rallies) == [{"Korvale Post 13", "Morning Ledger 13"}, {"Korvale Post 6", "Morning Ledger 6"}]


def test_an_undated_copy_of_a_stump_line_joins_one_occasion_not_two() -> None:
    line = "Not one more winter with the lights out, not one more, not in this valley."
    stated = {day: SaidOn(date(2031, 9, day), date(2031, 9, day), DateBasis.STATED_HERE) for day in (6, 8)}
    dated = [
        Sighting(day, line, "Anselm Kray", "Post", published_at=date(2031, 9, 9), said=stated[day]) for day in stated
    ]
    undated = Sighting(1, line, "Anselm Kray", "Ledger", published_at=date(2031, 9, 9))
    assert groups([undated, *dated]) == [{1, 6}, {8}]


def test_two_short_phrases_of_one_speaker_are_two_utterances() -> None:
    phrases = [
        Sighting(1, "a pot of paint", "Teodora Vanek", "Korvale Post", published_at=date(2031, 9, 3)),
        Sighting(2, "a box of nails", "Teodora Vanek", "Korvale Post", published_at=date(2031, 9, 3)),
    ]
    assert groups(phrases) == [{1}, {2}]


def test_a_phrase_of_a_report_joins_its_utterance() -> None:
    phrase = Sighting("phrase", "a pot of paint", "Vanek", "The Meridian", published_at=date(2031, 9, 5))
    assert groups([*WIRE, phrase]) == [{"whole", "cut short", "edited", "split", "phrase"}]


def test_two_people_of_one_surname_are_not_one() -> None:
    phrases = [
        Sighting(1, "a pot of paint", "Teodora Vanek", "Korvale Post", published_at=date(2031, 9, 3)),
        Sighting(2, "a pot of paint", "Josef Vanek", "Morning Ledger", published_at=date(2031, 9, 3)),
    ]
    assert groups(phrases) == [{1}, {2}]
