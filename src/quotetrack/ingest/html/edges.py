"""Find where an article begins and ends: its standfirst, its short paragraphs, and what is printed below it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from lxml.html import HtmlElement

from quotetrack.ingest.characters import squash
from quotetrack.ingest.html.block_kinds import (
    FEWEST_WORDS_RESTORED,
    HEADINGS,
    MOST_LINKED,
    container,
    is_prompt,
)
from quotetrack.ingest.html.blocks import QUOTATION_MARKS, Block
from quotetrack.lang.en.pages import end_credit

LARGEST_TAIL = 1 / 3  # of the words of an article that may stand below its only rule and be a note on it
LONGEST_CREDIT = 400  # characters of a paragraph that tells who helped with an article

_SINGLE_MARKS = re.compile(r"‘|(?<!\w)'(?=\w)")
_QUESTION_END = re.compile(r"[.?!…][\"”’')\]]*$")
_STANDFIRST_CLASS = re.compile(
    r"(?:^|[\s_-])(?:stand-?first|dek|deck|sub-?(?:title|head(?:line|ing)?)|excerpt|summary|teaser|strap(?:line)?|lede|description)",
    re.I,
)


def article_root(blocks: Sequence[Block], places: Sequence[int]) -> HtmlElement | None:
    """Return the element that directly holds the most paragraphs of an article."""
    parents = Counter(blocks[place].element.getparent() for place in places)
    return next((parent for parent, _ in parents.most_common(1)), None)


def with_members(blocks: Sequence[Block], places: Sequence[int], listed: set[int]) -> list[int]:
    """Return the places, and those of paragraphs of one kind with them that were dropped for being short or apart.

    They stand in the same element as two kept paragraphs of the same class, or are divided from two kept ones only by
    line breaks. Above the first kept one they have to be more than a label. Between two paragraphs, the items of lists
    in the same element belong to it as well.
    """
    if not places:
        return []
    kept = Counter(_kind(blocks[place]) for place in places)
    holding = Counter(blocks[place].element for place in places)
    parents = {parent for (parent, tag, _), number in kept.items() if tag == "p" and number > 1}
    members = [
        place
        for place in sorted(set(range(_below_title(blocks, places[0]), len(blocks))) - set(places) - listed)
        if _is_member(blocks[place], kept, holding)
        and (place > places[0] or _is_more_than_label(blocks[place]))
        and not is_prompt(blocks[place])
        and not is_end_credit(blocks[place])
    ]
    members = sorted([*places, *members])
    first, last = members[0], members[-1]
    items = [
        place
        for place in sorted(set(range(first, last)) - set(members) - listed)
        if _is_item_below(blocks[place], parents) and not is_prompt(blocks[place])
    ]
    return sorted([*members, *items])


def _kind(block: Block) -> tuple[HtmlElement | None, str, str | None]:
    return block.element.getparent(), str(block.element.tag), block.element.get("class")


def _is_member(
    block: Block, kept: Counter[tuple[HtmlElement | None, str, str | None]], holding: Counter[HtmlElement]
) -> bool:
    if block.furniture or block.linked > MOST_LINKED:
        return False
    return holding[block.element] > 1 or (block.element.tag == "p" and kept[_kind(block)] > 1)


def _is_more_than_label(block: Block) -> bool:
    return block.words >= FEWEST_WORDS_RESTORED and _QUESTION_END.search(block.text) is not None


def _is_item_below(block: Block, parents: set[HtmlElement | None]) -> bool:
    around = block.element.getparent()
    return (
        block.element.tag == "li"
        and around is not None
        and around.getparent() in parents
        and block.linked <= MOST_LINKED
        and not block.furniture
    )


def with_standfirst(blocks: Sequence[Block], places: Sequence[int], descriptions: Sequence[str]) -> list[int]:
    """Return the places with the standfirst under the title if it has somebody's words, else without it.

    A standfirst is the first block that repeats a description, else the first that its class calls one. One without
    quotation marks announces the article, as its headline does.
    """
    places = _without_announcement(blocks, places)
    if not places:
        return []
    description_keys = {squash(description) for description in descriptions} - {""}
    above = _places_under_title(blocks, places[0])
    described = [place for place in above if blocks[place].key in description_keys]
    called_standfirst = [place for place in above if _is_called_standfirst(blocks[place])]
    standfirst = [place for place in (described or called_standfirst)[:1] if _has_quotation(blocks[place])]
    return [*standfirst, *places]


def _without_announcement(blocks: Sequence[Block], places: Sequence[int]) -> list[int]:
    """Return the places without the headings and standfirsts above the paragraphs that quote nobody."""
    containers = Counter(container(blocks[place]) for place in places if blocks[place].element.tag not in HEADINGS)
    start = 0
    while start < len(places) - 1 and _is_announcement(blocks[places[start]], containers):
        start += 1
    return list(places[start:])


def _is_announcement(block: Block, containers: Counter[tuple[str | None, ...]]) -> bool:
    is_above = block.element.tag in HEADINGS and containers[container(block)] < 2
    return (is_above or _is_called_standfirst(block)) and not _has_quotation(block)


def _has_quotation(block: Block) -> bool:
    return QUOTATION_MARKS.search(block.text) is not None or _SINGLE_MARKS.search(block.text) is not None


def _below_title(blocks: Sequence[Block], first: int) -> int:
    """Return the place below the nearest title above the first paragraph."""
    titles = [place for place in range(first) if blocks[place].element.tag == "h1"]
    return titles[-1] + 1 if titles else 0


def _places_under_title(blocks: Sequence[Block], first: int) -> list[int]:
    """Return the places between the nearest title above and the first paragraph, without short labels."""
    start = _below_title(blocks, first)
    return [place for place in range(start, first) if blocks[place].words >= FEWEST_WORDS_RESTORED]


def _is_called_standfirst(block: Block) -> bool:
    names = " ".join(
        filter(None, (block.element.get("class"), block.element.get("itemprop"), block.element.get("data-testid")))
    )
    return _STANDFIRST_CLASS.search(names) is not None and not block.furniture and block.linked <= MOST_LINKED


def end_of_article(blocks: Sequence[Block], places: Sequence[int]) -> int:
    """Return how many of the places are the article; those behind are notes, credits and headings below it."""
    end = _above_note(blocks, places)
    while end > 1:
        last = blocks[places[end - 1]]
        if not (last.element.tag in HEADINGS or is_end_credit(last)):
            break
        end -= 1
    return end


def is_end_credit(block: Block) -> bool:
    """Return whether a block tells who helped with the article, or where there is more of its kind."""
    return len(block.text) <= LONGEST_CREDIT and end_credit().fullmatch(block.text) is not None


def _above_note(blocks: Sequence[Block], places: Sequence[int]) -> int:
    """Return how many of the places stand above the only rule in the article, if what stands below is a note on it.

    A note is short, quotes nobody, and its markup is not that of the paragraphs above.
    """
    rules = [blocks[place].rules for place in places]
    if len(set(rules)) != 2:
        return len(places)
    end = rules.index(rules[-1])
    above, below = ([blocks[place] for place in part] for part in (places[:end], places[end:]))
    words = sum(block.words for block in below)
    is_short = words <= LARGEST_TAIL * (words + sum(block.words for block in above))
    kinds = {_kind(block) for block in above}
    is_note = is_short and not any(_has_quotation(block) or _kind(block) in kinds for block in below)
    return end if is_note else len(places)
