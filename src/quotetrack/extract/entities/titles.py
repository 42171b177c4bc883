"""Titles and offices beside names."""

from __future__ import annotations

import re
from functools import cache

from quotetrack.lang import lines
from quotetrack.lang.en.name_words import ASIDE, NO_OFFICES

# Letters of a word beside a name that the article may call the person later ("the expert").
SHORTEST_ROLE = 4
# Characters before a name, and behind it, within which such words stand.
FARTHEST_BEFORE, FARTHEST_BEHIND = 40, 130
# Words before a name that may be such words.
MOST_BEFORE = 2

_WORD = re.compile(r"[\w-]+")


@cache
def titles() -> dict[str, str]:
    """Return titles in lower case, each with the noun for its office; "" where it names no office."""
    return {line.partition("\t")[0]: line.partition("\t")[2] for line in lines("titles.txt")}


@cache
def role_of(word: str) -> str | None:
    """Return the noun for an office, where the word is one: "sen" and "senator" are one."""
    role = titles().get(word, "")
    return role if role not in NO_OFFICES else None


def roles_before(text: str, start: int) -> set[str]:
    """Return the words in lower case just before a name: "governor" for "the former governor Jim Doe"."""
    if text[start - 1 : start] != " ":
        return set()
    words = _WORD.findall(text[max(0, start - FARTHEST_BEFORE) : start].rsplit("\n", 1)[-1])[-MOST_BEFORE:]
    return {role_of(word) or word for word in words if word.islower() and len(word) >= SHORTEST_ROLE}


def roles_behind(text: str, end: int) -> set[str]:
    """Return the words of the aside behind a name: "senator" for "Jim Doe, a Texas senator,"."""
    match = ASIDE.match(text[end : end + FARTHEST_BEHIND])
    words = _WORD.findall(match[1].lower()) if match else []
    return {role_of(word) or word for word in words if len(word) >= SHORTEST_ROLE}
