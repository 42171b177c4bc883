"""Tell what a single block of a page is: prose, a prompt, a heading, a sentence that may be a quotation."""

from __future__ import annotations

import re

from lxml.html import HtmlElement

from quotetrack.ingest.html.blocks import QUOTATION_MARKS, Block
from quotetrack.ingest.timestamps import read_date_line
from quotetrack.lang.en.pages import FULL_STOP_END, OPENING_MARKS, link_label, page_furniture

FEWEST_WORDS_RESTORED = 6  # of a paragraph that trafilatura dropped: shorter ones are labels
MOST_LINKED = 0.5  # share of a restored paragraph's characters that may be in links
MOST_LINKED_SENTENCE = 0.95  # the same, for a paragraph that ends in a full stop
WHOLE_LINK_WORDS = 30  # a paragraph that is one link of no more words is a headline of another article
LONGEST_LABEL = 60  # characters of “You might also like” and “3 thoughts on the wall”
LONGEST_FURNITURE = 1_000  # characters of a paragraph in which a stock phrase of pages is looked for

HEADINGS = frozenset({"h2", "h3", "h4", "h5", "h6"})
_QUOTING = frozenset({"p", "blockquote", "li", "td", "dd"})
_CAPITAL_LABELS = re.compile(r"\s{0,3}\[[A-Z ]{3,20}\][\s|]{0,3}")  # [INSIGHT] behind a link to another article


def is_prose(block: Block) -> bool:
    """Return whether a block is running text outside of furniture. A whole sentence may be mostly a link."""
    most_linked = MOST_LINKED_SENTENCE if ends_a_sentence(block) else MOST_LINKED
    return (
        block.element.tag in ("p", "blockquote", "li")
        and block.words >= FEWEST_WORDS_RESTORED
        and block.linked <= most_linked
        and not block.furniture
    )


def ends_a_sentence(block: Block) -> bool:
    """Return whether a block ends in a full stop, as headlines do not."""
    return FULL_STOP_END.search(block.text) is not None


def is_prompt(block: Block) -> bool:
    """Return whether a block is a link to another article, a date, or a stock phrase of pages."""
    is_link = (
        block.linked > MOST_LINKED_SENTENCE
        and block.words <= WHOLE_LINK_WORDS * (block.text.count("\n") + 1)
        and block.element.tag not in ("li", "blockquote")
        and not ends_a_sentence(block)
    )
    if is_link or not block.key or is_labelled_link(block):
        return True
    # “Listen here,” he said: a paragraph with somebody's words is dropped only if it is a link.
    if block.linked <= MOST_LINKED and any(mark in block.text for mark in OPENING_MARKS):
        return False
    return all(
        page_furniture().fullmatch(line[:LONGEST_FURNITURE]) or read_date_line(line) for line in block.text.splitlines()
    )


def is_labelled_link(block: Block) -> bool:
    """Return whether a block is a label and a link to another piece: “MORE: Ferry men go on strike”."""
    if not 0 < block.linked < 1 or ends_a_sentence(block):
        return False
    label = _CAPITAL_LABELS.sub(" ", block.unlinked[:LONGEST_FURNITURE]).strip()
    return not label or (len(label) <= LONGEST_LABEL and link_label().fullmatch(label) is not None)


def may_be_quotation(block: Block) -> bool:
    """Return whether a block is a sentence with quotation marks that is not mostly a link."""
    return (
        block.element.tag in _QUOTING
        and block.words >= FEWEST_WORDS_RESTORED
        and block.linked <= MOST_LINKED
        and not block.furniture
        and QUOTATION_MARKS.search(block.text) is not None
        and ends_a_sentence(block)
    )


def container(block: Block) -> tuple[str | None, ...]:
    """Return the tags and classes of the two elements around a block.

    They are the same for all paragraphs of one body, even if each paragraph has an element to itself.
    """
    parent = block.element.getparent()
    grandparent = parent.getparent() if parent is not None else None
    around = [element for element in (parent, grandparent) if element is not None]
    return tuple(name for element in around for name in (str(element.tag), element.get("class")))


def is_below(element: HtmlElement, root: HtmlElement) -> bool:
    """Return whether an element is another one or stands inside of it."""
    return element is root or any(around is root for around in element.iterancestors())
