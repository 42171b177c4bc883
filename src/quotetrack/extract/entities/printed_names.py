"""Name the speakers who are none of the options: by the name that the mention itself gives, else by its words."""

from __future__ import annotations

import re
from collections.abc import Sequence

from quotetrack.extract.attribution.rules import FoundMention
from quotetrack.extract.entities.article_names import ArticleNames
from quotetrack.extract.entities.capitalised_runs import CapitalisedRun, bare_name
from quotetrack.extract.entities.name_places import opens_sentence
from quotetrack.lang.en import mention_words, pronouns

# A description may be this long, in characters; a longer mention is cut at its first comma.
LONGEST_DESCRIPTION = 90
# Letters of an acronym that may be spelled out elsewhere in the article.
SHORTEST_ACRONYM = 3


def printed_name(names: ArticleNames, found: FoundMention, spoken: Sequence[str]) -> str:
    """Return the name that the mention itself gives, else its words.

    `spoken` are the names of the speakers before the mention, in order: some pronouns mean the last one.
    """
    word = bare_name(found.head.of(names.text)).lower()
    if word == pronouns.AUTHOR and names.byline:
        return names.byline
    if word in pronouns.OF_LAST_SPEAKER and spoken:
        return spoken[-1]
    if word in pronouns.HE_OR_SHE and spoken and _may_be_called(names, spoken[-1], word):
        return spoken[-1]
    run = names.people.run_at(found.head.start) or _run_before_colon(names, found)
    if run is None:
        return description(names.text, found)
    fitting = names.people.named(names.people.name_of(run), run.gender)
    if fitting:
        return fitting[0].name
    if _is_common_noun(names.text, found, run):
        return description(names.text, found)
    return _organisation(names, found, run)


def _may_be_called(names: ArticleNames, name: str, pronoun: str) -> bool:
    """Return whether a pronoun may mean the person of this name: false where the person has the other gender."""
    other = "f" if pronoun in pronouns.HE else "m"
    return not any(person.name == name and person.gender == other for person in names.people.persons)


def _run_before_colon(names: ArticleNames, found: FoundMention) -> CapitalisedRun | None:
    """Return the name that opens a mention before a colon: "Lee sees trouble: ..."."""
    if found.cue is None or found.cue.of(names.text) != ":":
        return None
    run = names.people.run_at(found.mention.start)
    if run is None or run.is_owner or not names.people.named(names.people.name_of(run), run.gender):
        return None
    return run


def _is_common_noun(text: str, found: FoundMention, run: CapitalisedRun) -> bool:
    """Return whether a word is capitalised only because it opens its sentence: "Teachers in Orle said"."""
    word = run.words[0]
    if len(run.words) > 1 or word.isupper() or found.head.start != found.mention.start:
        return False
    return opens_sentence(text, run.start) and bool(mention_words.HUMAN.search(word.rstrip("s")))


def description(text: str, found: FoundMention) -> str:
    """Return the words of a mention with those that belong to it; a long one is cut at its first comma."""
    start, end = found.mention.start, found.mention.end
    while start and text[start - 1] == "-":  # the parser cuts "counter-protesters" in two
        start = max(text.rfind(" ", 0, start), text.rfind("\n", 0, start)) + 1
    behind = text[end : found.cue.start].rstrip() if found.cue and found.cue.start > end else ""
    if mention_words.BELONGS.fullmatch(behind) or mention_words.KNOWS.fullmatch(behind):
        end += len(behind)
    elif not behind and (known := mention_words.KNOWS.match(text, end)) is not None:
        end = len(text[: known.end()].rstrip())
    words = text[start:end]
    words = words if len(words) <= LONGEST_DESCRIPTION else words.split(",")[0]
    return " ".join(words.split()).strip(" ,;:")


def _organisation(names: ArticleNames, found: FoundMention, run: CapitalisedRun) -> str:
    """Return the fullest name of an organisation: the article's longer form, an acronym spelled out, or as printed."""
    for organisation in names.organisations:
        is_here = any(place.start <= run.start < place.end for place in organisation.places)
        if is_here and len(organisation.words) > len(run.words):
            return organisation.name  # "the Times" is the Orle Times
    if run.name.isupper() and run.name.isalpha() and len(run.name) >= SHORTEST_ACRONYM:
        return _spelled_out(names.text, run.name) or run.name
    return _with_surroundings(names.text, found, run)


def _with_surroundings(text: str, found: FoundMention, run: CapitalisedRun) -> str:
    """Return a run with the words of the mention around it that belong to the same name."""
    earliest = max(found.mention.start, run.start - LONGEST_DESCRIPTION)
    before = mention_words.CAPITALS_BEFORE.search(text, earliest, run.start)
    start = before.start() if before else run.start  # "General" is no title in "UN General Assembly"
    behind = mention_words.ORGANISATION_GOES_ON.match(text[run.end : max(run.end, found.mention.end)])
    if before is None and behind is None:
        return run.name
    return " ".join(text[start : run.end + (behind.end() if behind else 0)].split())


def _spelled_out(text: str, acronym: str) -> str | None:
    """Return the words of the text that have the letters of the acronym as initials."""
    letters = mention_words.BETWEEN_INITIALS.join(re.escape(letter) for letter in acronym)
    match = re.search(rf"\b{letters}[\w’'-]+", text)
    return match[0] if match and " " in match[0] else None
