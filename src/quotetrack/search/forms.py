"""The forms of a question: what a reader asks for. The English patterns are in `lang/en/question_forms.py`."""

from __future__ import annotations

from enum import StrEnum


class Form(StrEnum):
    """What a question asks for; each is answered in its own way."""

    STATEMENTS = "statements"  # what X, anybody, or an outlet said (about Y)
    EVER_SAID = "ever_said"  # whether X said something: yes or no first
    WHO_SAID = "who_said"  # who said quoted or remembered words
    WHO_ABOUT = "who_about"  # who spoke about Y
    MOST_QUOTED = "most_quoted"
    COUNT = "count"
    OUTLETS_OF = "outlets_of"  # which outlets carried words
    NEWEST = "newest"
    OLDEST = "oldest"
    LONGEST = "longest"
    CHANGES = "changes"  # statements of X in order
    SIMILAR = "similar"  # who else said what X said
    COMPARE = "compare"  # two speakers side by side
    GROUP = "group"  # people named by a plural, or a body: "fishermen", "the police"
    UNKNOWN_SPEAKER = "unknown_speaker"  # nobody on file has the name
    UNKNOWN_ROLE = "unknown_role"  # nobody on file is known to hold the office
    FOLLOW_UP = "follow_up"  # needs the question before
    NOT_UNDERSTOOD = "not_understood"  # said so, then searched as a topic
