"""The features by which fitted trees choose the day of a quotation.

Each ensemble of `dating.json` has one type, whose fields are the stored features in the stored order.
"""

from __future__ import annotations

from typing import NamedTuple

Values = dict[str, float]  # some of the fields of a row


class DateFeatures(NamedTuple):
    """One date that the reporter wrote, as the day of one quotation: stage "first" of the weights."""

    according: float
    after_cue: float
    age: float
    age_last: float
    before_named: float
    below: float
    between: float
    between_keys: float
    between_news: float
    between_own: float
    calls: float
    clause_behind: float
    cue_ed: float
    cue_s: float
    date_paragraph: float
    date_perfect: float
    dateline: float
    done_before: float
    first_date: float
    first_mention: float
    first_person: float
    first_quotation: float
    from_cue: float
    future: float
    goes_on: float
    habit: float
    had_said: float
    has_cue: float
    has_said: float
    has_speaker: float
    here: float
    introduced: float
    is_phrase: float
    is_pronoun: float
    keys: float
    lately: float
    led_by_colon: float
    long: float
    lower_name: float
    mention_lower: float
    mention_words: float
    mixed: float
    name_words: float
    newest_around: float
    news_dates_a_paragraph: float
    not_then: float
    occasion: float
    occasion_here: float
    of_event: float
    of_speaker: float
    of_speaker_near: float
    often: float
    old_dates: float
    oldest_around: float
    on: float
    opening_news: float
    opens: float
    other_there: float
    others_between: float
    paragraph: float
    paragraphs: float
    part_of_day: float
    perfect: float
    place: float
    possessive: float
    present: float
    present_share: float
    quotations: float
    quoted_between: float
    quotes_there: float
    said: float
    said_before: float
    same_between: float
    same_kinds: float
    same_places: float
    same_there: float
    share: float
    speaker_at: float
    speaker_dates: float
    speaker_first: float
    speaker_in_title: float
    speaker_named_at: float
    speaker_quotations: float
    speaker_share: float
    speaker_times: float
    speakers: float
    speech: float
    stance: float
    statement: float
    told: float
    told_by_ago: float
    told_by_counted: float
    told_by_day: float
    told_by_month: float
    told_by_relative: float
    told_by_season: float
    told_by_today: float
    told_by_weekday: float
    told_by_year: float
    told_by_yesterday: float
    vows: float
    width: float
    words: float
    would_say: float
    wrote: float


class AnswerFeatures(NamedTuple):
    """One answer to "when was it said?": stage "second" of the weights.

    An answer is one of the likeliest dates, or fresh news without a date (`is_implied`), or unknown (`is_unknown`).
    The last two have 0 for the features of a date, and those of the likeliest date as `best_...`.
    """

    according: float
    after_cue: float
    age: float
    age_last: float
    before_named: float
    belief: float
    below: float
    best_age: float
    best_before_named: float
    best_from_cue: float
    best_here: float
    best_of_event: float
    best_of_speaker: float
    best_other_there: float
    best_paragraphs: float
    best_said_before: float
    best_same_there: float
    best_speech: float
    best_width: float
    between: float
    between_keys: float
    between_news: float
    between_own: float
    calls: float
    clause_behind: float
    cue_ed: float
    cue_s: float
    date_paragraph: float
    date_perfect: float
    dateline: float
    dates: float
    done_before: float
    first_date: float
    first_mention: float
    first_person: float
    first_quotation: float
    from_cue: float
    future: float
    goes_on: float
    habit: float
    had_said: float
    has_cue: float
    has_said: float
    has_speaker: float
    here: float
    introduced: float
    is_implied: float
    is_phrase: float
    is_pronoun: float
    is_unknown: float
    keys: float
    lately: float
    led_by_colon: float
    long: float
    lower_name: float
    mention_lower: float
    mention_words: float
    mixed: float
    name_words: float
    nearest_news: float
    newest_around: float
    news_dates: float
    news_dates_a_paragraph: float
    not_then: float
    occasion: float
    occasion_here: float
    of_event: float
    of_speaker: float
    of_speaker_near: float
    often: float
    old_dates: float
    oldest_around: float
    on: float
    opening_news: float
    opens: float
    other_there: float
    others_between: float
    paragraph: float
    paragraphs: float
    part_of_day: float
    perfect: float
    place: float
    possessive: float
    present: float
    present_share: float
    quotations: float
    quoted_between: float
    quotes_there: float
    said: float
    said_before: float
    same_between: float
    same_kinds: float
    same_places: float
    same_there: float
    score: float
    share: float
    speaker_at: float
    speaker_dates: float
    speaker_first: float
    speaker_in_title: float
    speaker_named_at: float
    speaker_quotations: float
    speaker_share: float
    speaker_times: float
    speakers: float
    speech: float
    stance: float
    statement: float
    told: float
    told_by_ago: float
    told_by_counted: float
    told_by_day: float
    told_by_month: float
    told_by_relative: float
    told_by_season: float
    told_by_today: float
    told_by_weekday: float
    told_by_year: float
    told_by_yesterday: float
    vows: float
    width: float
    words: float
    would_say: float
    wrote: float


NO_ANSWER = AnswerFeatures._make([0.0] * len(AnswerFeatures._fields))
