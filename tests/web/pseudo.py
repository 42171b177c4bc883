"""A language for tests, in which every text stands in ⟦brackets⟧, and a search for texts without them."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import fields, is_dataclass
from enum import Enum
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from lxml import html
from tests.web.catalogue import catalogue

from quotetrack.core.texts import Language
from quotetrack.web.language import load_language

TAG = "qps-ploc"
PLACEHOLDER = re.compile(r"(%\(\w+\)[a-z])")
SHOWN = ("aria-label", "title", "placeholder", "alt", "data-copied")  # attributes that a reader meets
ADDRESS = re.compile(r"(?:https?|file):[^\s,]+|\br[0-9]+\b|“[^“”]*\.\.\.”")  # or an id, or words that are cut short
WORDS = (  # whose text is that of articles: an article, quoted words, a wording or version with what differs
    "ancestor-or-self::*[@class = 'article' or @class = 'said' or del or ins]"
    " | self::td[not(@class)][ancestor::details[@class = 'versions']]"
)
FORMATS = ("quotetrack", "JSON", "CSV", "BibTeX", "RIS", "CSL-JSON", "Chicago", "APA", "UTC")
WORDS_OF_CODE = ("decided", "flags", "method")  # fields that hold names from our code, which are no data


def pseudo_language(folder: Path, without: Collection[str] = ()) -> Language:
    """Return the language, made from the catalogue in a folder; texts in `without` have no translation."""
    made = Catalog(locale="en")
    for message in catalogue():
        first = message.id[0] if isinstance(message.id, (list, tuple)) else message.id
        if first and first not in without:
            made.add(message.id, _wrapped(message.id), context=message.context)
    file = folder / TAG.replace("-", "_") / "LC_MESSAGES" / "quotetrack.mo"
    file.parent.mkdir(parents=True)
    with file.open("wb") as out:
        write_mo(out, made)
    return load_language(TAG, folder)


def _wrapped(text: str | Iterable[str]) -> str | list[str]:
    """Return a text with its own words in brackets, and its values outside of them."""
    if not isinstance(text, str):
        return [str(_wrapped(each)) for each in text]
    pieces = PLACEHOLDER.split(text)
    return "".join(f"⟦{piece}⟧" if piece and not PLACEHOLDER.fullmatch(piece) else piece for piece in pieces)


def unmarked(page: str, data: Collection[str], quoted: Collection[str]) -> list[str]:
    """Return the texts of a page that are neither in brackets nor data.

    `data` stand anywhere; `quoted`, such as "she", only in quotation marks or in round brackets.
    """
    found = []
    in_marks, anywhere = _pattern(quoted, "([“(]⟧?)", "(⟦?[”)])"), _pattern([*data, *FORMATS], r"(?<!\w)", r"(?!\w)")
    for text in _texts(html.document_fromstring(page)):
        left = re.sub("⟦[^⟧]*⟧", " ", in_marks.sub(r"\1\2", anywhere.sub("", ADDRESS.sub("", text))))
        if any(map(str.isalpha, left)):
            found.append(f"{left.strip()!r} in {text.strip()!r}")
    return found


def _pattern(texts: Collection[str], before: str, behind: str) -> re.Pattern[str]:
    longest_first = sorted((" ".join(text.split()) for text in texts), key=len, reverse=True)
    return re.compile(f"{before}(?:{'|'.join(map(re.escape, longest_first))}){behind}".replace(r"\ ", r"\s+"))


def _texts(tree: html.HtmlElement) -> Iterator[str]:
    """Yield what a reader sees or hears of a page, text by text; of an article's text only what is said about it."""
    for element in tree.iter():
        if isinstance(element.tag, str) and not _is_data(element):
            yield from (element.get(name) for name in SHOWN if element.get(name))
            if not element.xpath(WORDS):
                yield from (element.text or "", *(child.tail or "" for child in element))


def _is_data(element: html.HtmlElement) -> bool:
    """Return whether an element holds a name to choose, a key, a text to copy, or words that a link asks for."""
    query = parse_qs(urlsplit(element.get("href", "")).query)
    if element.tag == "a" and element.text in (*query.get("q", []), *query.get("about", [])):
        return True
    is_to_copy = element.tag == "pre" and element.get("id") is not None
    return is_to_copy or element.tag in ("del", "ins", "option", "kbd")


def strings_of(value: object) -> Iterator[str]:
    """Yield every string in a value of the domain, which is data."""
    if isinstance(value, str) and not isinstance(value, Enum):
        yield value
    elif is_dataclass(value):
        for field in fields(value):
            if field.name not in WORDS_OF_CODE:
                yield from strings_of(getattr(value, field.name))
    elif isinstance(value, dict):
        yield from strings_of(list(value.values()))
    elif isinstance(value, (list, tuple, set, frozenset)):
        for each in value:
            yield from strings_of(each)
