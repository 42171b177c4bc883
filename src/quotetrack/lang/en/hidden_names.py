"""English around a person's name that training replaces by a pronoun."""

from __future__ import annotations

import re

# A form of address directly before a name. Such a name stays: "Mr. he" is not English.
TITLE_BEFORE = re.compile(
    r"\b(?:Mr|Mrs|Ms|Sen|Rep|Gov|Dr|President|Senator|Secretary|Governor|Justice|Judge|Miss|Gen)\.?\s$"
)
POSSESSIVE_ENDING = re.compile(r"[’']s")
SINGULAR_PRONOUNS = frozenset({"he", "she", "him", "her", "his", "hers"})
# The pronoun by gender ("m" or "f") and by whether the name is a possessive.
PRONOUN_OF = {("m", False): "he", ("m", True): "his", ("f", False): "she", ("f", True): "her"}
