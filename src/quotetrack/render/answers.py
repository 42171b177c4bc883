"""Answers of `ask` and matches of `find` as text for a terminal."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import TYPE_CHECKING

from quotetrack.core.domain import Sighting
from quotetrack.core.texts import gettext, gettext_noop, ngettext
from quotetrack.core.worddiff import DiffStep, printed_step
from quotetrack.render.days import day_of_sighting, from_to, long_day, long_month, short_day
from quotetrack.render.fact_checks import fact_checked_lines
from quotetrack.render.quotations import decided_text, outlet_name, utterance_lines
from quotetrack.render.reported import reported_of_answer
from quotetrack.render.text import BOLD_UNDERLINED, PLAIN, one_line, quoted, speaker_of_sighting, visible
from quotetrack.search.forms import Form

if TYPE_CHECKING:
    from quotetrack.search.answer import Answer, RankedUtterance
    from quotetrack.search.quote_lookup import QuotationMatch
    from quotetrack.search.understanding import OfficeHolder, Understood
    from quotetrack.store.search import Counted

LONGEST_GAP = 3  # months without utterances that a timeline draws; a longer gap is one line
NOTHING_CLOSE = "No stored quotation is close to these words."
_NOT_TAKEN = {
    Form.NOT_UNDERSTOOD: gettext_noop("This is no question about who said what. Its words are searched as a topic."),
    Form.FOLLOW_UP: gettext_noop("This refers to a question before it. Its own words are searched."),
}
LONGEST_BAR = 40  # characters of a timeline
_FIELD_NAME = {"words": "quotation", "passage": "paragraphs around it", "title": "title", "meaning": "meaning only"}


# Hints about a question


def hint_lines(answer: Answer, speaker_option: str = "--speaker") -> Iterator[str]:
    """Yield hints: how a name was taken, an unknown speaker or office, no result, words that may be the speaker's.

    The option chooses another speaker.
    """
    understood = answer.understood
    if understood.form in _NOT_TAKEN:
        yield gettext(_NOT_TAKEN[understood.form])
    yield from speaker_hint_lines(understood, speaker_option, has_answer=bool(answer.utterances))
    if understood.is_unknown:
        return
    if not answer.utterances and not answer.table and answer.is_yes is None and not answer.reported:
        only = ngettext("There are only %(num)s utterances.", "There are only %(num)s utterances.", answer.total)
        yield only if answer.total else _no_match_line(understood)
    if answer.unsure:
        yield ngettext(
            "And %(num)s more that may be %(name)s’s: unsure who spoke.",
            "And %(num)s more that may be %(name)s’s: unsure who spoke.",
            answer.unsure,
            name=understood.speaker,
        )
    if answer.reported_cut_at is not None:
        yield _cut_line(answer.reported_cut_at, has_topic=bool(understood.about or understood.quoted))


def _cut_line(number: int, *, has_topic: bool) -> str:
    if has_topic:
        return gettext(
            "Only the %(number)s reported statements nearest to the topic were read: narrow the question by speaker, "
            "days or outlet to see others.",
            number=number,
        )
    return gettext(
        "Only the %(number)s reported statements last said were read: narrow the question by speaker, "
        "days or outlet to see others.",
        number=number,
    )


def speaker_hint_lines(
    understood: Understood, speaker_option: str = "--speaker", *, has_answer: bool = False
) -> Iterator[str]:
    """Yield how a name was corrected, that no speaker has it, or which speakers have it."""
    for asked, meant in understood.corrected:
        yield gettext("No speaker is called %(asked)s. Taken for %(meant)s.", asked=asked, meant=meant)
    if understood.is_unknown:
        yield from _unknown_speaker_lines(understood, has_answer=has_answer)
    else:
        yield from _candidate_lines(understood, speaker_option)


def _candidate_lines(understood: Understood, speaker_option: str) -> Iterator[str]:
    """Yield all speakers of an ambiguous name or office, and which are used."""
    for holder in understood.holders:
        yield _role_line(understood.called or "", holder)
    if len(understood.holders) > 1:
        holders = ", ".join(f"{holder.name}{_held(holder)}" for holder in understood.holders)
        called = understood.called
        yield gettext("Articles call several people %(called)s: %(names)s.", called=called, names=holders)
        yield gettext("All are shown; choose one with %(option)s, or give the days.", option=speaker_option)
    elif understood.candidates:
        candidates = ", ".join(f"{name} ({_quotations_text(number)})" for name, number in understood.candidates)
        yield gettext("Several speakers have this name: %(names)s.", names=candidates)
        if len(understood.speakers) == 1:
            name = understood.speaker
            yield gettext("Using %(name)s; choose another with %(option)s.", name=name, option=speaker_option)
        else:
            yield gettext("All are shown; choose one with %(option)s.", option=speaker_option)


def _role_line(asked: str, holder: OfficeHolder) -> str:
    """Return why somebody is taken for the holder of an office: the article, its day and the words that it prints."""
    if holder.role is None:
        return gettext(
            "“%(asked)s” is taken for %(name)s: a person entered this office%(years)s.",
            asked=asked,
            name=holder.name,
            years=_held(holder),
        )
    role = holder.role
    source = [
        role.outlet,
        f"“{one_line(role.title)}”" if role.title else "",
        short_day(role.published) if role.published else "",
    ]
    place, printed = ", ".join(filter(None, source)), one_line(role.printed)
    if role.is_named:
        return gettext(
            "“%(asked)s” is taken for %(name)s: “%(printed)s” stands beside the name in %(place)s.",
            asked=asked,
            name=holder.name,
            printed=printed,
            place=place,
        )
    return gettext(
        "“%(asked)s” is taken for %(name)s: “%(printed)s” stands without the name in %(place)s.",
        asked=asked,
        name=holder.name,
        printed=printed,
        place=place,
    )


def _held(holder: OfficeHolder) -> str:
    """Return the years of the articles that give an office to somebody: " (2024 to 2026)"."""
    if holder.first is None or holder.last is None:
        return ""
    first, last = holder.first.year, holder.last.year
    return f" ({first if first == last else from_to(str(first), str(last))})"


def _unknown_speaker_lines(understood: Understood, *, has_answer: bool) -> Iterator[str]:
    """Yield that nobody has this name or office, how many quotations mention it, and similar names."""
    asked = understood.called or understood.speaker
    if understood.form is Form.GROUP:
        if not has_answer:
            yield gettext("Nobody on file is known to be of “%(asked)s”.", asked=asked)
    elif understood.form is Form.UNKNOWN_ROLE:
        yield gettext("Nobody on file is known to be %(asked)s.", asked=asked)
    elif understood.mentions:
        yield ngettext(
            "%(asked)s is not quoted; %(num)s quotation mentions the name.",
            "%(asked)s is not quoted; %(num)s quotations mention the name.",
            understood.mentions,
            asked=asked,
        )
    else:
        yield gettext("No speaker is called %(asked)s.", asked=asked)
    if understood.mentions and understood.form is not Form.UNKNOWN_SPEAKER:
        yield ngettext(
            "%(num)s quotation mentions these words.", "%(num)s quotations mention these words.", understood.mentions
        )
    if understood.mentions and not has_answer:
        command = f"quotetrack ask --about '{asked}'"
        yield gettext("To see what mentions them: %(command)s.", command=command)
    if understood.near_names:
        yield gettext("Similar names: %(names)s.", names=", ".join(understood.near_names))


def _no_match_line(understood: Understood) -> str:
    """Return that no utterance matches, and which limits to leave out."""
    limits = [
        name
        for name, value in (
            (gettext("the days"), understood.since or understood.until),
            (gettext("the days of publication"), understood.published_since or understood.published_until),
            (gettext("the outlet"), understood.outlet),
            (gettext("the topic"), understood.about),
        )
        if value
    ]
    if not limits:
        return gettext("No utterance matches.")
    listed = limits[0]
    for limit in limits[1:]:
        listed = gettext("%(one)s or %(other)s", one=listed, other=limit)
    return gettext("No utterance matches. Try again without %(limits)s.", limits=listed)


# Answers


def summary_lines(answer: Answer) -> Iterator[str]:
    """Yield what comes before the utterances: yes or no, a number, a table, how many mention the topic."""
    form = answer.understood.form
    if answer.understood.is_unknown and form is not Form.GROUP:
        return
    if form is Form.EVER_SAID and answer.is_reversed:
        counted = _counted_text(answer)
        yield gettext("A “not” differs between the question and the words on file: %(counted)s.", counted=counted)
    elif form is Form.EVER_SAID and answer.is_yes:
        yield gettext("Yes: %(counted)s.", counted=_counted_text(answer))
    elif form is Form.EVER_SAID:
        yield gettext("Nothing on file says so.") + _related_text(answer)
    elif form is Form.COUNT:
        yield f"{_counted_text(answer)}." if answer.mentions else gettext("None on file.") + _related_text(answer)
    elif form is Form.SIMILAR and answer.total:
        yield gettext("What others said, the nearest in meaning first. Whether they agree is not judged.")
    elif form is Form.CHANGES and answer.total:
        yield gettext("In the order in which it was said:")
    elif form is Form.OUTLETS_OF:
        number = len(answer.table)
        outlets = ngettext("%(num)s outlet", "%(num)s outlets", number)
        yield f"{outlets}:" if number else gettext("No outlet on file carried it.") + _related_text(answer)
    elif answer.near and answer.mentions:
        yield ngettext(
            "%(num)s mentions it; %(near)s related.",
            "%(num)s mention it; %(near)s related.",
            answer.mentions,
            near=answer.near,
        )
    elif answer.near:
        yield gettext("None mentions it. Related:")
    for row in answer.table:
        yield f"  {row.quotations:>5}  {row.name}{_days_of(row)}"


def _counted_text(answer: Answer) -> str:
    """Return how many utterances mention it, and the first and last day: "3 utterances, 10 Mar 2026 to 2 May 2026"."""
    number = _utterances_text(answer.mentions)
    if answer.days is None:
        return number
    first, last = (short_day(day) for day in answer.days)
    return f"{number}, {first if first == last else from_to(first, last)}"


def _related_text(answer: Answer) -> str:
    if not answer.near:
        return ""
    return " " + ngettext("%(num)s related:", "%(num)s related:", answer.near)


def _utterances_text(number: int) -> str:
    return ngettext("%(num)s utterance", "%(num)s utterances", number)


def _quotations_text(number: int) -> str:
    return ngettext("%(num)s quotation", "%(num)s quotations", number)


def _days_of(row: Counted) -> str:
    if row.first is None or row.last is None:
        return ""
    first, last = short_day(row.first), short_day(row.last)
    return f", {first if first == last else from_to(first, last)}"


def heading_of(answer: Answer, place: int) -> str | None:
    """Return the line above an utterance of an answer that begins a part of it: another speaker, or what is near."""
    ranked = answer.utterances
    before = ranked[place - 1] if place else None
    if answer.understood.form is Form.COMPARE:
        speaker = ranked[place].utterance.speaker
        return f"{speaker}:" if before is None or before.utterance.speaker != speaker else None
    if answer.mentions and before is not None and before.mentions and not ranked[place].mentions:
        return gettext("Related, without a mention:")
    return None


def ranked_lines(ranked: RankedUtterance, topic: str | None, *, with_context: bool, is_terminal: bool) -> Iterator[str]:
    """Yield one utterance of an answer, and the fields with the topic. On a terminal the topic's words are marked."""
    marked_topic = topic if is_terminal else None
    for line in utterance_lines(ranked.utterance, is_terminal=is_terminal, note=note_of(ranked)):
        yield _marked(line, marked_topic) if line.startswith("“") else line
    if ranked.hits:
        yield f"  Matched in: {', '.join(_FIELD_NAME[hit] for hit in ranked.hits)}."
    if with_context:
        longest = ranked.utterance.longest
        context = visible(one_line(f"{longest.context_before}{longest.words}{longest.context_after}"))
        yield f"  Context: {_marked(context, marked_topic)}"
    yield from fact_checked_lines(ranked.checks)


def note_of(ranked: RankedUtterance) -> str:
    """Return that the words only may have been said in the days of the question; empty where they were."""
    return gettext("may have been said in that time") if ranked.certain is False else ""


def answer_lines(answer: Answer) -> Iterator[str]:
    """Yield a whole answer for Python: how the question was understood, hints, utterances, and the number of all."""
    from quotetrack.search.understanding import understood_text

    yield understood_text(answer.understood)
    yield from hint_lines(answer, "speaker=")
    yield from summary_lines(answer)
    for place, ranked in enumerate(answer.utterances):
        yield ""
        if heading := heading_of(answer, place):
            yield heading
        yield from ranked_lines(ranked, None, with_context=False, is_terminal=False)
    if answer.utterances:
        yield ""
        yield f"{number_text(answer)}."
    yield from reported_of_answer(answer, "reported=None")


def number_text(answer: Answer) -> str:
    """Return how many utterances this page has: "3 of 26 utterances", or "3 utterances" if these are all.

    Behind it stands how many of all only may have been said in the days of the question.
    """
    shown = len(answer.utterances)
    number = _utterances_text(shown)
    if shown != answer.total:
        number = ngettext(
            "%(shown)s of %(num)s utterance", "%(shown)s of %(num)s utterances", answer.total, shown=shown
        )
    return f"{number}; {uncertain_text(answer)}" if answer.uncertain else number


def uncertain_text(answer: Answer) -> str:
    """Return how many utterances of all pages only may have been said in the days of the question."""
    return ngettext(
        "%(num)s may have been said in that time", "%(num)s may have been said in that time", answer.uncertain
    )


def page_line(answer: Answer, limit: int, page: int) -> str | None:
    """Return which utterances this page has, and how to see more; None where it is the only page, or has none."""
    if (answer.total <= limit and page == 1) or not answer.utterances:
        return None
    first = (page - 1) * limit + 1
    last = first + len(answer.utterances) - 1
    more = f"; see more with --page {page + 1}" if last < answer.total else ""
    return f"Utterances {first} to {last} of {answer.total}{more}."


def timeline_lines(answer: Answer) -> Iterator[str]:
    """Yield a bar for each month, from the first to the last; a long gap is one line."""
    yield from month_lines(answer.months, max((number for _, number in answer.months), default=1))


def month_lines(counted_months: Sequence[tuple[str, int]], most: int) -> Iterator[str]:
    """Yield a bar for each month, from the first to the last; `most` is the number with the longest bar."""
    counted = dict(counted_months)
    every_month = months_between(min(counted), max(counted)) if counted else iter(())
    for is_gap, group in groupby(every_month, key=lambda month: month not in counted):
        months = list(group)
        if is_gap and len(months) > LONGEST_GAP:
            yield f"   ...   {len(months)} months without utterances"
            continue
        for month in months:
            number = counted.get(month, 0)
            bar = "█" * max(round(LONGEST_BAR * number / most), 1 if number else 0)
            yield f"{month}  {bar} {number}" if number else f"{month}  0"


def citation_lines(answer: Answer) -> Iterator[str]:
    """Yield a footnote for each sighting."""
    for ranked in answer.utterances:
        for sighting in ranked.utterance.sightings:
            yield citation(sighting)


def citation(sighting: Sighting) -> str:
    """Return one footnote: speaker, “words”, occasion, day; outlet, “title”, day of publication, URL, day of access.

    The day stands there if it is a single one, with the phrase of the article that tells it.

    The name that the article prints stands beside the speaker where it differs, and what a person decided at the end.
    """
    printed_name = sighting.speaker_as_printed
    is_on_web = (sighting.url or "").startswith("http")
    said = (
        speaker_of_sighting(sighting),
        gettext("in the article “%(name)s”", name=printed_name)
        if printed_name not in (None, sighting.speaker)
        else None,
        quoted(sighting.words),
        sighting.occasion,
        day_of_sighting(sighting, long_month) if sighting.said.is_a_day() else None,
    )
    printed = (
        outlet_name(sighting),
        f"“{one_line(sighting.title)}”" if sighting.title else None,
        long_day(sighting.published_on) if sighting.published_on else None,
        sighting.url,
        gettext("accessed %(day)s", day=long_day(sighting.fetched_at)) if is_on_web and sighting.fetched_at else None,
    )
    footnote = f"{', '.join(filter(None, said))}; {', '.join(filter(None, printed))}."
    return f"{footnote} {decided_text(sighting)}" if sighting.decided else footnote


def _marked(line: str, topic: str | None) -> str:
    from quotetrack.search.highlight import matches

    marked, last = [], 0
    for span in matches(topic, line) if topic else []:
        marked += [line[last : span.start], BOLD_UNDERLINED, span.of(line), PLAIN]
        last = span.end
    return "".join(marked) + line[last:]


def months_between(first: str, last: str) -> Iterator[str]:
    """Yield every month from the first to the last, as `YYYY-MM`."""
    year, month = (int(number) for number in first.split("-"))
    while (name := f"{year:04d}-{month:02d}") <= last:
        yield name
        year, month = (year, month + 1) if month < 12 else (year + 1, 1)


# Remembered quotations


def matches_lines(matches: Sequence[QuotationMatch]) -> Iterator[str]:
    """Yield all matches for Python, or that there is none."""
    for number, match in enumerate(matches):
        if number:
            yield ""
        yield from match_lines(match, is_terminal=False)
    if not matches:
        yield NOTHING_CLOSE


def match_lines(match: QuotationMatch, *, is_terminal: bool) -> Iterator[str]:
    """Yield the utterance, and how the remembered words differ from the printed ones."""
    yield from utterance_lines(match.utterance, is_terminal=is_terminal)
    shown = (DiffStep(step.change, visible(step.before), visible(step.after)) for step in match.steps)
    steps = f": {' '.join(printed_step(step, in_colour=is_terminal) for step in shown)}" if match.changed else "."
    yield f"  {difference_text(match)}{steps}"


def difference_text(match: QuotationMatch) -> str:
    """Return how many words are remembered wrongly."""
    if not match.changed:
        return "Printed as remembered"
    return "1 word differs" if match.changed == 1 else f"{match.changed} words differ"
