"""Divide a page into the blocks of text that a browser prints."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from lxml import etree
from lxml.html import HtmlElement

from quotetrack.ingest.characters import squash, visible
from quotetrack.ingest.html.page_parts import PageParts, is_hidden

_SKIPPED = frozenset(
    {
        "script", "style", "noscript", "template", "svg", "math", "iframe", "object", "embed", "video", "audio",
        "canvas",
        "select", "textarea", "input", "button", "head", "nav", "footer", "dialog", "figcaption", "menu",
    }
)  # fmt: skip
_SKIPPED_BLOCKS = frozenset({"nav", "footer", "dialog", "figcaption", "menu"})
_BLOCKS = frozenset(
    {
        "html", "body", "main", "article", "section", "div", "header", "aside", "p", "h1", "h2", "h3", "h4", "h5", "h6",
        "ul", "ol", "li", "dl", "dt", "dd", "blockquote", "pre", "figure", "table", "thead", "tbody", "tr", "td", "th",
        "caption", "address", "details", "summary", "fieldset", "hr", "center", "form",
    }
)  # fmt: skip
_BREAK = "\x00"  # stands for a <br>, since white space breaks no line; no page can hold this character
_TWO_BREAKS = re.compile(r"\x00\s*\x00[\s\x00]*")
QUOTATION_MARKS = re.compile('[“”"«»„＂]')
_MARKS_OF_Q = ("“", "”"), ("‘", "’")


@dataclass(frozen=True, slots=True)
class Block:
    """A passage that a browser prints as one block: its characters with single spaces, and line breaks."""

    text: str
    element: HtmlElement  # the nearest block element
    linked: float  # share of the characters that are in links
    unlinked: str  # the characters outside of links
    furniture: tuple[HtmlElement, ...]  # elements around it that are furniture by their tag, class or id
    key: str  # the letters and digits, in which two extractions of one passage agree
    words: int
    rules: int  # lines (<hr>) that the page draws above it


def count_marks(text: str) -> int:
    """Return the number of quotation marks; single ones are left out, since they are apostrophes as well."""
    return sum(1 for _ in QUOTATION_MARKS.finditer(text))


@dataclass(slots=True)
class _OpenBlock:
    """The characters of one block, collected while the page is walked."""

    pieces: list[str] = field(default_factory=list)
    unlinked: list[str] = field(default_factory=list)
    linked: int = 0
    element: HtmlElement | None = None

    def add(self, text: str | None, element: HtmlElement, in_link: bool) -> None:
        if text is None:
            return
        if self.element is None and text.strip():
            self.element = element
        self.pieces.append(text)
        if in_link:
            self.linked += len("".join(text.split()))
        else:
            self.unlinked.append(text)

    def close(self, parts: PageParts, rules: int) -> Iterator[Block]:
        """Yield the block, or several if two line breaks in a row divide it; nothing if it is white space."""
        if self.element is None:
            return
        printed = unicodedata.normalize("NFC", visible("".join(self.pieces)))
        characters = len("".join(printed.replace(_BREAK, "").split()))
        linked = min(1.0, self.linked / characters) if characters else 0.0
        unlinked = " ".join("".join(self.unlinked).replace(_BREAK, " ").split()) if linked else printed
        furniture = parts.furniture_around(self.element)
        for passage in _TWO_BREAKS.split(printed):
            text = "\n".join(filter(None, (" ".join(part.split()) for part in passage.split(_BREAK))))
            if text:
                yield Block(text, self.element, linked, unlinked, furniture, squash(text), len(text.split()), rules)


def page_blocks(page: HtmlElement, parts: PageParts, hidden: Counter[HtmlElement]) -> Iterator[Block]:
    """Yield all blocks of a page, in order, as a browser divides them; without scripts, menus and hidden elements.

    Count the quotation marks of hidden elements in `hidden`. A `<q>` gets the marks that a browser prints around it.
    """
    block = _OpenBlock()
    open_elements: list[HtmlElement] = [page]
    open_links = open_quotations = rules = 0
    walk = etree.iterwalk(page, events=("start", "end"))
    for event, element in walk:
        tag = element.tag
        is_block = tag in _BLOCKS or tag in _SKIPPED_BLOCKS
        if is_block:
            yield from block.close(parts, rules)
            block = _OpenBlock()
        if event == "start":
            if is_block:
                open_elements.append(element)
            open_links += tag == "a"
            rules += tag == "hr"
            if tag in _SKIPPED:
                walk.skip_subtree()
            elif is_hidden(element):
                hidden[element] = count_marks(str(element.text_content()))
                walk.skip_subtree()
            else:
                if tag == "q":
                    block.add(_MARKS_OF_Q[open_quotations % 2][0], open_elements[-1], open_links > 0)
                    open_quotations += 1
                block.add(_BREAK if tag == "br" else element.text, open_elements[-1], open_links > 0)
        else:
            if is_block:
                open_elements.pop()
            if tag == "q" and open_quotations and not is_hidden(element):
                open_quotations -= 1
                block.add(_MARKS_OF_Q[open_quotations % 2][1], open_elements[-1], open_links > 0)
            open_links -= tag == "a"
            block.add(element.tail, open_elements[-1], open_links > 0)
    yield from block.close(parts, rules)
