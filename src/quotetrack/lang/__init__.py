"""Language as data: one folder for each language, which holds all that the code knows of its words.

A folder holds two kinds of files:
- Lists (`.txt`), one entry a line, read by `lines` or, where `[section]` lines divide them, by `sections`. A `#` opens
  a comment. The first lines of a list say what its entries and columns mean.
- Modules (`.py`) of constants: closed classes of words, and the patterns that are built from words.

The lists of `en` are reporting verbs, titles, names and genders, occasions, furniture of pages, signs of a paywall, and
the phrases that explain features. This package imports nothing of ours.
"""

from __future__ import annotations

from functools import cache
from importlib.resources import files

LANGUAGE = "en"


@cache
def lines(name: str) -> tuple[str, ...]:
    """Return the entries of a list, in order, without comments and blank lines; an indent is kept.

    Raises FileNotFoundError for an unknown list.
    """
    text = files(__name__).joinpath(LANGUAGE, name).read_text(encoding="utf-8")
    entries = (line.split("#")[0].rstrip() for line in text.splitlines())
    return tuple(entry for entry in entries if entry)


@cache
def sections(name: str) -> dict[str, frozenset[str]]:
    """Return the entries of a list by the `[section]` above them; those above the first section have the key ""."""
    entries: dict[str, set[str]] = {}
    section = ""
    for line in lines(name):
        if line.startswith("["):
            section = line.strip("[]")
        else:
            entries.setdefault(section, set()).add(line.strip())
    return {section: frozenset(its_entries) for section, its_entries in entries.items()}
