"""Find the paragraphs of the article on a page.

trafilatura selects the passages; the characters are taken from the page itself, block by block. So no clause is lost
inside a paragraph. A paragraph that trafilatura dropped between two others is restored. A repeated one is kept once.
"""

from __future__ import annotations

import html
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import islice

from lxml import html as lxml_html
from lxml.html import HtmlElement

from quotetrack.ingest.characters import repair, squash, visible
from quotetrack.ingest.html.block_kinds import (
    HEADINGS,
    LONGEST_LABEL,
    MOST_LINKED,
    MOST_LINKED_SENTENCE,
    container,
    ends_a_sentence,
    is_below,
    is_prompt,
    is_prose,
    may_be_quotation,
)
from quotetrack.ingest.html.blocks import Block, count_marks, page_blocks
from quotetrack.ingest.html.edges import article_root, end_of_article, with_members, with_standfirst
from quotetrack.ingest.html.page_parts import PageParts
from quotetrack.lang.en.pages import comments_heading

LONG = 40  # letters and digits: a longer block may match anywhere in the selected text, a shorter one only a whole line
SHORTEST_REPEAT = 20  # letters and digits, some four words: shorter blocks may rightly be printed twice


FEWEST_PRINTED_BY_DESIGN = 3  # times: a body that a page prints twice is no repeated question
LARGEST_COMMENTS = 0.7  # the same, for readers' comments

MOST_BLOCKS_OF_CARD = 6  # headline, sentence, author, day, section, label
MOST_BLOCKS = 20_000  # of a page; the longest live blogs have a tenth
MOST_COMPARED = 3_000  # blocks of a page whose selections are compared; the largest of 118 real pages has 1,342
SEARCHED = 20_000  # letters and digits of the selected text behind the last match in which the next block is expected
MOST_SEARCHES = 500  # of the whole text, for blocks that do not stand in order

LARGEST_FURNITURE = 0.3  # share of the words in the page's paragraphs: an element with more is a frame around them
SHARE_TRUSTED = (
    0.5  # of the words in the fullest container: with fewer, trafilatura selected the wrong part of the page
)

_BLOCK_TAG = re.compile(r"<(?:p|td|th|li|div|h[1-6]|dt|dd|br)\b", re.I)


_MARKUP = re.compile(r"</?(?:p|br|div|h\d|ul|li|blockquote|a|em|strong|i|b|span)\b[^<>]{0,300}>", re.I)


@dataclass(frozen=True, slots=True)
class Body:
    """The paragraphs of an article, and the number of quotation marks beside them that are not in them.

    `elements` are those that hold the paragraphs. `is_cut`: the page has more than MOST_BLOCKS blocks.
    `credits` are the paragraphs below the article that tell who helped with it.
    """

    paragraphs: tuple[str, ...]
    elements: tuple[HtmlElement, ...] = ()
    lost_marks: int = 0
    hidden_marks: int = 0
    is_cut: bool = False
    credits: tuple[str, ...] = ()


def extract_lines(html: str) -> list[str]:
    """Return the lines of a page that trafilatura selects as the article.

    It compares its selection with that of jusText, whose time grows with the square of the blocks: not on a long page.
    """
    import trafilatura  # takes 1 s to import

    is_long = next(islice(_BLOCK_TAG.finditer(html), MOST_COMPARED, None), None) is not None
    body = trafilatura.extract(html, include_comments=False, include_tables=False, output_format="txt", fast=is_long)
    return [line for line in (body or "").splitlines() if line.strip()]


def body_paragraphs(body: str) -> list[str]:
    """Return the paragraphs of the text in JSON-LD, in which some systems leave entities, others the markup."""
    text = html.unescape(body)
    if _MARKUP.search(text):
        page = lxml_html.document_fromstring(f"<div>{text}</div>")
        return [block.text for block in page_blocks(page, PageParts(), Counter())]
    return [line for line in (" ".join(visible(line).split()) for line in repair(text).splitlines()) if line]


def read_body(
    page: HtmlElement, selected: Sequence[str], title: str | None, descriptions: Sequence[str], parts: PageParts
) -> Body:
    """Return the article's paragraphs, in order; none if the page has none.

    `selected` are the lines that `extract_lines` found. `descriptions` are those in the page's metadata: a block above
    the article that repeats one of them is the standfirst. `parts` tells what is not the article.
    """
    hidden: Counter[HtmlElement] = Counter()
    blocks = list(islice(page_blocks(page, parts, hidden), MOST_BLOCKS + 1))
    is_cut = len(blocks) > MOST_BLOCKS
    blocks = _without_frames([block for block in blocks[:MOST_BLOCKS] if not parts.is_other(block.element)], parts)
    listed = _places_in_lists_of_links(blocks) | _places_of_comments(blocks)
    apart = listed | _places_in_cards(blocks)
    places = _selected_places(blocks, selected)
    places = [place for place in _without_furniture(blocks, places, title) if place not in apart]
    places = _with_dropped(blocks, places, apart)
    teasers = _places_in_teasers(blocks, places)
    listed, apart = listed | teasers, apart | teasers
    places = _with_quotations(blocks, places, apart)
    places = with_members(blocks, places, apart)
    places = _without_labels(blocks, places, listed)
    end = end_of_article(blocks, places)
    places, below = places[:end], places[end:]
    places = with_standfirst(blocks, places, descriptions)
    places = _without_repeats(blocks, places)
    root = article_root(blocks, places)
    return Body(
        paragraphs=tuple(blocks[place].text for place in places),
        elements=tuple(blocks[place].element for place in places),
        lost_marks=_lost_marks(blocks, places, apart, root),
        hidden_marks=sum(marks for element, marks in hidden.items() if root is not None and is_below(element, root)),
        is_cut=is_cut,
        credits=tuple(blocks[place].text for place in below),
    )


def _without_frames(blocks: Sequence[Block], parts: PageParts) -> list[Block]:
    """Return the blocks without furniture elements that hold much of the page: those are only frames.

    Readers may write more than the article has, so that only an element around the headline frames it by that name.
    """
    words: Counter[HtmlElement] = Counter()
    paragraphs = [block for block in blocks if block.element.tag == "p"]
    for block in paragraphs:
        for element in block.furniture:
            words[element] += block.words
    total = sum(block.words for block in paragraphs)
    frames = {
        element
        for element, number in words.items()
        if number > (LARGEST_COMMENTS if parts.is_foreign_name(element) else LARGEST_FURNITURE) * total
    }
    return [
        replace(block, furniture=tuple(e for e in block.furniture if e not in frames)) if block.furniture else block
        for block in blocks
    ]


def _selected_places(blocks: Sequence[Block], selected: Sequence[str]) -> list[int]:
    """Return the places of the blocks in the selected lines, in the page's order.

    If they hold less than half of the words of the fullest container, its paragraphs are returned instead.
    """
    lines = [squash(line) for line in selected]
    keys, everything = set(lines) - {""}, "".join(lines)
    place_in_lines, searches = 0, 0
    long, short = [], []
    for place, block in enumerate(blocks):
        if len(block.key) < LONG:
            short += [place] if block.key in keys else []
            continue
        found = everything.find(block.key, place_in_lines, place_in_lines + SEARCHED + len(block.key))
        if found < 0 and block.key not in keys and searches < MOST_SEARCHES:
            searches += 1
            found = everything.find(block.key)
        if found >= 0:
            place_in_lines = found + len(block.key)
        if found >= 0 or block.key in keys:
            long.append(place)
    if long:
        short = [place for place in short if long[0] < place < long[-1]]
    places = sorted(long + short)
    fullest = _places_in_fullest(blocks)
    is_trusted = _words(blocks, places) >= SHARE_TRUSTED * _words(blocks, fullest)
    return places if is_trusted else fullest


def _places_in_fullest(blocks: Sequence[Block]) -> list[int]:
    """Return the places of the prose in the container that holds the most words of prose."""
    prose = [place for place, block in enumerate(blocks) if is_prose(block)]
    words: Counter[tuple[str | None, ...]] = Counter()
    for place in prose:
        words[container(blocks[place])] += blocks[place].words
    fullest = {container for container, _ in words.most_common(1)}
    return [place for place in prose if container(blocks[place]) in fullest]


def _words(blocks: Sequence[Block], places: Sequence[int]) -> int:
    return sum(blocks[place].words for place in places)


def _without_furniture(blocks: Sequence[Block], places: Sequence[int], title: str | None) -> list[int]:
    """Return the places without the title, prompts, headlines of other articles and asides."""
    title_key = squash(title or "")
    return [
        place
        for place in places
        if blocks[place].key != title_key
        and blocks[place].element.tag != "h1"
        and not is_prompt(blocks[place])
        and not blocks[place].furniture
    ]


def _places_in_lists_of_links(blocks: Sequence[Block]) -> set[int]:
    """Return the places of the lists in which every item is a link and no sentence: headlines of other articles."""
    places: dict[HtmlElement, list[int]] = {}
    for place, block in enumerate(blocks):
        around = next(block.element.iterancestors("ul", "ol"), None)
        if around is not None:
            places.setdefault(around, []).append(place)
    return {
        place
        for of_list in places.values()
        if all(blocks[place].linked > MOST_LINKED_SENTENCE and not ends_a_sentence(blocks[place]) for place in of_list)
        for place in of_list
    }


def _places_in_cards(blocks: Sequence[Block]) -> set[int]:
    """Return the places of the blocks inside of a link: picture, headline and first sentence of another article.

    A heading alone may be one of the article's. A link that was never closed holds the rest of the page, so that one
    with many blocks is no card.
    """
    cards: dict[HtmlElement, list[int]] = {}
    for place, block in enumerate(blocks):
        if block.linked == 1:
            link = next(block.element.iterancestors("a"), None)
            if link is not None:
                cards.setdefault(link, []).append(place)
    return {
        place
        for of_card in cards.values()
        if len(of_card) <= MOST_BLOCKS_OF_CARD and any(blocks[place].element.tag not in HEADINGS for place in of_card)
        for place in of_card
    }


def _places_of_comments(blocks: Sequence[Block]) -> set[int]:
    """Return the places of headings of readers' comments, and of what stands below them in the same element."""
    places: set[int] = set()
    around: HtmlElement | None = None
    for place, block in enumerate(blocks):
        if around is not None and not is_below(block.element, around):
            around = None
        if block.element.tag in HEADINGS and len(block.text) <= LONGEST_LABEL:
            around = block.element.getparent() if comments_heading().fullmatch(block.text) else None
        if around is not None:
            places.add(place)
    return places


def _with_dropped(blocks: Sequence[Block], places: Sequence[int], listed: set[int]) -> list[int]:
    """Return the places, and those of paragraphs that trafilatura dropped.

    A paragraph below the first kept one is restored if its container holds two kept ones. One above it has to be a
    sentence, and its parent element has to hold two kept ones.
    """
    if not places:
        return []
    kept_paragraphs = [blocks[place] for place in places if blocks[place].element.tag == "p"]
    kept_in_container = Counter(map(container, kept_paragraphs))
    kept_in_parent = Counter(block.element.getparent() for block in kept_paragraphs)
    restored = []
    for place in sorted(set(range(places[-1])) - set(places)):
        block = blocks[place]
        if block.element.tag != "p" or place in listed or not is_prose(block) or is_prompt(block):
            continue
        if place > places[0]:
            is_in_body = kept_in_container[container(block)] > 1
        else:
            is_in_body = kept_in_parent[block.element.getparent()] > 1 and ends_a_sentence(block)
        if is_in_body:
            restored.append(place)
    return sorted([*places, *restored])


def _with_quotations(blocks: Sequence[Block], places: Sequence[int], listed: set[int]) -> list[int]:
    """Return the places, and those of sentences with quotation marks that trafilatura dropped.

    Between two paragraphs they may stand in lists, tables and quotations; above and below, in the same element.
    """
    root = article_root(blocks, places)
    if root is None:
        return list(places)
    titles = [place for place in range(places[0]) if blocks[place].element.tag == "h1"]
    below_title = titles[-1] + 1 if titles else places[0]
    restored = [
        place
        for place in sorted(set(range(below_title, len(blocks))) - set(places) - listed)
        if may_be_quotation(blocks[place])
        and (
            blocks[place].element.getparent() is root
            or (places[0] < place < places[-1] and is_below(blocks[place].element, root))
        )
    ]
    return sorted([*places, *restored])


def _places_in_teasers(blocks: Sequence[Block], places: Sequence[int]) -> set[int]:
    """Return the places beside the paragraphs in elements whose heading is a link: they announce other articles."""
    root = article_root(blocks, places)
    if root is None:
        return set()
    above = {root, *root.iterancestors()}
    teasers = {
        parent
        for block in blocks
        if block.element.tag in HEADINGS and block.linked > MOST_LINKED
        if (parent := block.element.getparent()) is not None and parent not in above
    }
    return {
        place
        for place, block in enumerate(blocks)
        if teasers and any(around in teasers for around in block.element.iterancestors())
    } - set(places)


def _without_labels(blocks: Sequence[Block], places: Sequence[int], listed: set[int]) -> list[int]:
    """Return the places without the headings of lists of links: “You might also like”."""
    return [
        place
        for place in places
        if not (blocks[place].element.tag in HEADINGS and place + 1 in listed and place + 1 < len(blocks))
    ]


def _lost_marks(blocks: Sequence[Block], places: Sequence[int], listed: set[int], root: HtmlElement | None) -> int:
    """Return the number of quotation marks between the paragraphs that are in no paragraph, link or furniture."""
    if root is None:
        return 0
    kept = {blocks[place].key for place in places}
    return sum(
        count_marks(blocks[place].text)
        for place in sorted(set(range(min(places), max(places))) - set(places) - listed)
        if blocks[place].linked <= MOST_LINKED
        and not blocks[place].furniture
        and blocks[place].element.tag != "h1"
        and blocks[place].key not in kept
        and not any(blocks[place].key in key for key in kept)
        and is_below(blocks[place].element, root)
    )


def _without_repeats(blocks: Sequence[Block], places: Sequence[int]) -> list[int]:
    """Return the places without blocks that another one contains: pull quotes, bodies that a page prints twice.

    Section headings are kept, though they may repeat words of the text below them. So is what is printed three times
    and more between other paragraphs: questions to many people, steps of many recipes.
    """
    keys = [blocks[place].key for place in places]
    everything = "\n".join(keys)
    printed = Counter(keys)
    openings = Counter(opening for key in printed for opening in _windows(key))
    seen: set[str] = set()
    by_design = _printed_by_design(blocks, places)
    chosen = []
    counted = 0
    for place, key in zip(places, keys, strict=True):
        is_heading = blocks[place].element.tag in HEADINGS
        is_in_longer = False
        if not is_heading and key not in seen and openings[key[:SHORTEST_REPEAT]] > 1 and counted < MOST_SEARCHES:
            counted += 1
            is_in_longer = everything.count(key) > printed[key]
        if len(key) < SHORTEST_REPEAT or place in by_design or not (key in seen or is_in_longer):
            chosen.append(place)
        seen.add(key)
    return chosen


def _printed_by_design(blocks: Sequence[Block], places: Sequence[int]) -> set[int]:
    """Return the places of paragraphs without quotation marks that the body prints three times and more."""
    containers = Counter(container(blocks[place]) for place in places)
    usual = next((around for around, _ in containers.most_common(1)), None)
    apart: dict[str, list[int]] = {}
    last = ""
    for place in places:
        block = blocks[place]
        if block.key != last and container(block) == usual and not count_marks(block.text):
            apart.setdefault(block.key, []).append(place)
        last = block.key
    return {place for of_key in apart.values() if len(of_key) >= FEWEST_PRINTED_BY_DESIGN for place in of_key}


def _windows(key: str) -> set[str]:
    """Return all runs of letters of the length of the shortest repeat."""
    return {key[start : start + SHORTEST_REPEAT] for start in range(max(1, len(key) - SHORTEST_REPEAT + 1))}
