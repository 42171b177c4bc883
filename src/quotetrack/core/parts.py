"""The words of a statement of several parts: how the parts are joined, and taken apart again. Pure."""

from __future__ import annotations

from collections.abc import Sequence

ATTRIBUTION = " "  # joins two parts between which nothing but the attribution stood: "Yes," she said. "We will."
OMISSION = " […] "  # joins two parts between which the article has other words: they were not said in one breath


def join_parts(parts: Sequence[str], omissions: Sequence[bool]) -> str:
    """Return the words of these parts; `omissions` says for each gap whether other words stood in it."""
    words = parts[0]
    for part, is_omission in zip(parts[1:], omissions, strict=True):
        words += (OMISSION if is_omission else ATTRIBUTION) + part
    return words


def reported_words(parts: Sequence[str]) -> str:
    """Return the words of a reported statement of these parts: with single spaces, joined by ` […] `."""
    return OMISSION.join(" ".join(part.split()) for part in parts)


def split_parts(words: str, lengths: Sequence[int]) -> list[str] | None:
    """Return the parts of these lengths that `join_parts` made the words of; None if the words are not made so."""
    parts, at = [], 0
    for number, length in enumerate(lengths):
        if number:
            joiner = OMISSION if words.startswith(OMISSION, at) else ATTRIBUTION
            if not words.startswith(joiner, at):
                return None
            at += len(joiner)
        parts.append(words[at : at + length])
        at += length
    return parts if at == len(words) else None


def number_of_words(words: str) -> int:
    """Return how many words a quotation has, by the spaces between them; " […] " is none."""
    return len(words.replace(OMISSION, ATTRIBUTION).split())
