"""Find the paragraphs of the article on a page.

trafilatura selects the passages; the characters are taken from the page itself, block by block. So no clause is lost
inside a paragraph. A paragraph that trafilatura dropped between two others is restored. A repeated one is kept once.
"""

from __future__ import annotations

import html
import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice

from lxml import etree
from lxml import html as lxml_html
from lxml.html import HtmlElement

from quotetrack.ingest.characters import repair, squash, visible
from quotetrack.ingest.html.page_parts import PageParts, is_hidden
from quotetrack.ingest.timestamps import read_date_line
from quotetrack.lang.en.pages import (
    FULL_STOP_END,
    OPENING_MARKS,
    comments_heading,
    link_label,
    page_furniture,
)

LONG = 40  # letters and digits: a longer block may match anywhere in the selected text, a shorter one only a whole line
SHORTEST_REPEAT = 20  # letters and digits, some four words: shorter blocks may rightly be printed twice
FEWEST_WORDS_RESTORED = 6  # of a paragraph that trafilatura dropped: shorter ones are labels
MOST_LINKED = 0.5  # share of a restored paragraph's characters that may be in links
MOST_LINKED_SENTENCE = 0.95  # the same, for a paragraph that ends in a full stop
WHOLE_LINK_WORDS = 30  # a paragraph that is one link of no more words is a headline of another article
LARGEST_COMMENTS = 0.7  # the same, for readers' comments
LONGEST_LABEL = 60  # characters of “You might also like” and “3 thoughts on the wall”
MOST_BLOCKS = 20_000  # of a page; the longest live blogs have a tenth
MOST_COMPARED = 3_000  # blocks of a page whose selections are compared; the largest of 118 real pages has 1,342
SEARCHED = 20_000  # letters and digits of the selected text behind the last match in which the next block is expected
MOST_SEARCHES = 500  # of the whole text, for blocks that do not stand in order
LONGEST_FURNITURE = 1_000  # characters of a paragraph in which a stock phrase of pages is looked for
LARGEST_FURNITURE = 0.3  # share of the words in the page's paragraphs: an element with more is a frame around them
SHARE_TRUSTED = (
    0.5  # of the words in the fullest container: with fewer, trafilatura selected the wrong part of the page
)

_SKIPPED = frozenset(
    {
        "script", "style", "noscript", "template", "svg", "math", "iframe", "object", "embed", "video", "audio",
        "canvas",
        "select", "textarea", "input", "button", "head", "nav", "footer", "dialog", "figcaption", "menu",
    }
)  # fmt: skip
_SKIPPED_BLOCKS = frozenset({"nav", "footer", "dialog", "figcaption", "menu"})
_BLOCK_TAG = re.compile(r"<(?:p|td|th|li|div|h[1-6]|dt|dd|br)\b", re.I)
_BLOCKS = frozenset(
    {
        "html", "body", "main", "article", "section", "div", "header", "aside", "p", "h1", "h2", "h3", "h4", "h5", "h6",
        "ul", "ol", "li", "dl", "dt", "dd", "blockquote", "pre", "figure", "table", "thead", "tbody", "tr", "td", "th",
        "caption", "address", "details", "summary", "fieldset", "hr", "center", "form",
    }
)  # fmt: skip
_QUOTING = frozenset({"p", "blockquote", "li", "td", "dd"})
_HEADINGS = frozenset({"h2", "h3", "h4", "h5", "h6"})
_STANDFIRST_CLASS = re.compile(
    r"(?:^|[\s_-])(?:stand-?first|dek|deck|sub-?(?:title|head(?:line|ing)?)|excerpt|summary|teaser|strap(?:line)?|lede|description)",
    re.I,
)
_CAPITAL_LABEL = re.compile(r"\W{0,3}\[[A-Z ]{3,20}\]\W{0,3}")  # [INSIGHT] behind a link to another article
_MARKUP = re.compile(r"</?(?:p|br|div|h\d|ul|li|blockquote|a|em|strong|i|b|span)\b[^<>]{0,300}>", re.I)
_BREAK = "\x00"  # stands for a <br>, since white space breaks no line; no page can hold this character
_TWO_BREAKS = re.compile(r"\x00\s*\x00[\s\x00]*")
_QUOTATION_MARKS = re.compile('[“”"«»„＂]')
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


@dataclass(frozen=True, slots=True)
class Body:
    """The paragraphs of an article, and the number of quotation marks beside them that are not in them.

    `elements` are those that hold the paragraphs. `is_cut`: the page has more than MOST_BLOCKS blocks.
    """

    paragraphs: tuple[str, ...]
    elements: tuple[HtmlElement, ...] = ()
    lost_marks: int = 0
    hidden_marks: int = 0
    is_cut: bool = False


def count_marks(text: str) -> int:
    """Return the number of quotation marks; single ones are left out, since they are apostrophes as well."""
    return sum(1 for _ in _QUOTATION_MARKS.finditer(text))


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
        return [block.text for block in _blocks(page, PageParts(), Counter())]
    return [line for line in (" ".join(visible(line).split()) for line in repair(text).splitlines()) if line]


def read_body(
    page: HtmlElement, selected: Sequence[str], title: str | None, descriptions: Sequence[str], parts: PageParts
) -> Body:
    """Return the article's paragraphs, in order; none if the page has none.

    `selected` are the lines that `extract_lines` found. `descriptions` are those in the page's metadata: a block above
    the article that repeats one of them is the standfirst. `parts` tells what is not the article.
    """
    hidden: Counter[HtmlElement] = Counter()
    blocks = list(islice(_blocks(page, parts, hidden), MOST_BLOCKS + 1))
    is_cut = len(blocks) > MOST_BLOCKS
    blocks = _without_frames([block for block in blocks[:MOST_BLOCKS] if not parts.is_other(block.element)], parts)
    listed = _places_in_lists_of_links(blocks) | _places_of_comments(blocks)
    places = _selected_places(blocks, selected)
    places = [place for place in _without_furniture(blocks, places, title) if place not in listed]
    places = _with_dropped(blocks, places, listed)
    listed |= _places_in_teasers(blocks, places)
    places = _with_quotations(blocks, places, listed)
    places = _without_labels(blocks, places, listed)
    places = _with_standfirst(blocks, places, descriptions)
    places = _without_repeats(blocks, places)
    root = _root(blocks, places)
    return Body(
        paragraphs=tuple(blocks[place].text for place in places),
        elements=tuple(blocks[place].element for place in places),
        lost_marks=_lost_marks(blocks, places, listed, root),
        hidden_marks=sum(marks for element, marks in hidden.items() if root is not None and _is_below(element, root)),
        is_cut=is_cut,
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
    prose = [place for place, block in enumerate(blocks) if _is_prose(block)]
    words: Counter[tuple[str | None, ...]] = Counter()
    for place in prose:
        words[_container(blocks[place])] += blocks[place].words
    fullest = {container for container, _ in words.most_common(1)}
    return [place for place in prose if _container(blocks[place]) in fullest]


def _is_prose(block: Block) -> bool:
    """Return whether a block is running text outside of furniture. A whole sentence may be mostly a link."""
    most_linked = MOST_LINKED_SENTENCE if _ends_a_sentence(block) else MOST_LINKED
    return (
        block.element.tag in ("p", "blockquote", "li")
        and block.words >= FEWEST_WORDS_RESTORED
        and block.linked <= most_linked
        and not block.furniture
    )


def _ends_a_sentence(block: Block) -> bool:
    return FULL_STOP_END.search(block.text) is not None


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
        and not _is_prompt(blocks[place])
        and not blocks[place].furniture
    ]


def _is_prompt(block: Block) -> bool:
    """Return whether a block is a link to another article, a date, or a stock phrase of pages."""
    is_link = (
        block.linked > MOST_LINKED_SENTENCE
        and block.words <= WHOLE_LINK_WORDS
        and block.element.tag not in ("li", "blockquote")
        and not _ends_a_sentence(block)
    )
    if is_link or not block.key or _is_labelled_link(block):
        return True
    # “Listen here,” he said: a paragraph with somebody's words is dropped only if it is a link.
    if block.linked <= MOST_LINKED and any(mark in block.text for mark in OPENING_MARKS):
        return False
    return all(
        page_furniture().fullmatch(line[:LONGEST_FURNITURE]) or read_date_line(line) for line in block.text.splitlines()
    )


def _is_labelled_link(block: Block) -> bool:
    """Return whether a block is a label and a link to another piece: “MORE: Ferry men go on strike”."""
    if not 0 < block.linked < 1 or len(block.unlinked) > LONGEST_LABEL or _ends_a_sentence(block):
        return False
    is_label = link_label().fullmatch(block.unlinked) or _CAPITAL_LABEL.fullmatch(block.unlinked)
    return is_label is not None


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
        if all(blocks[place].linked > MOST_LINKED_SENTENCE and not _ends_a_sentence(blocks[place]) for place in of_list)
        for place in of_list
    }


def _places_of_comments(blocks: Sequence[Block]) -> set[int]:
    """Return the places of headings of readers' comments, and of what stands below them in the same element."""
    places: set[int] = set()
    around: HtmlElement | None = None
    for place, block in enumerate(blocks):
        if around is not None and not _is_below(block.element, around):
            around = None
        if block.element.tag in _HEADINGS and len(block.text) <= LONGEST_LABEL:
            around = block.element.getparent() if comments_heading().fullmatch(block.text) else None
        if around is not None:
            places.add(place)
    return places


def _is_below(element: HtmlElement, root: HtmlElement) -> bool:
    return element is root or any(around is root for around in element.iterancestors())


def _with_dropped(blocks: Sequence[Block], places: Sequence[int], listed: set[int]) -> list[int]:
    """Return the places, and those of paragraphs that trafilatura dropped.

    A paragraph below the first kept one is restored if its container holds two kept ones. One above it has to be a
    sentence, and its parent element has to hold two kept ones.
    """
    if not places:
        return []
    kept_paragraphs = [blocks[place] for place in places if blocks[place].element.tag == "p"]
    kept_in_container = Counter(map(_container, kept_paragraphs))
    kept_in_parent = Counter(block.element.getparent() for block in kept_paragraphs)
    restored = []
    for place in sorted(set(range(places[-1])) - set(places)):
        block = blocks[place]
        if block.element.tag != "p" or place in listed or not _is_prose(block) or _is_prompt(block):
            continue
        if place > places[0]:
            is_in_body = kept_in_container[_container(block)] > 1
        else:
            is_in_body = kept_in_parent[block.element.getparent()] > 1 and _ends_a_sentence(block)
        if is_in_body:
            restored.append(place)
    return sorted([*places, *restored])


def _root(blocks: Sequence[Block], places: Sequence[int]) -> HtmlElement | None:
    """Return the element that directly holds the most paragraphs of an article."""
    parents = Counter(blocks[place].element.getparent() for place in places)
    return next((parent for parent, _ in parents.most_common(1)), None)


def _with_quotations(blocks: Sequence[Block], places: Sequence[int], listed: set[int]) -> list[int]:
    """Return the places, and those of sentences with quotation marks that trafilatura dropped.

    Between two paragraphs they may stand in lists, tables and quotations; above and below, in the same element.
    """
    root = _root(blocks, places)
    if root is None:
        return list(places)
    titles = [place for place in range(places[0]) if blocks[place].element.tag == "h1"]
    below_title = titles[-1] + 1 if titles else places[0]
    restored = [
        place
        for place in sorted(set(range(below_title, len(blocks))) - set(places) - listed)
        if _may_be_quotation(blocks[place])
        and (
            blocks[place].element.getparent() is root
            or (places[0] < place < places[-1] and _is_below(blocks[place].element, root))
        )
    ]
    return sorted([*places, *restored])


def _places_in_teasers(blocks: Sequence[Block], places: Sequence[int]) -> set[int]:
    """Return the places beside the paragraphs in elements whose heading is a link: they announce other articles."""
    root = _root(blocks, places)
    if root is None:
        return set()
    above = {root, *root.iterancestors()}
    teasers = {
        parent
        for block in blocks
        if block.element.tag in _HEADINGS and block.linked > MOST_LINKED
        if (parent := block.element.getparent()) is not None and parent not in above
    }
    return {
        place
        for place, block in enumerate(blocks)
        if teasers and any(around in teasers for around in block.element.iterancestors())
    } - set(places)


def _may_be_quotation(block: Block) -> bool:
    return (
        block.element.tag in _QUOTING
        and block.words >= FEWEST_WORDS_RESTORED
        and block.linked <= MOST_LINKED
        and not block.furniture
        and _QUOTATION_MARKS.search(block.text) is not None
        and _ends_a_sentence(block)
    )


def _without_labels(blocks: Sequence[Block], places: Sequence[int], listed: set[int]) -> list[int]:
    """Return the places without the headings of lists of links: “You might also like”."""
    return [
        place
        for place in places
        if not (blocks[place].element.tag in _HEADINGS and place + 1 in listed and place + 1 < len(blocks))
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
        and _is_below(blocks[place].element, root)
    )


def _container(block: Block) -> tuple[str | None, ...]:
    """Return the tags and classes of the two elements around a block.

    They are the same for all paragraphs of one body, even if each paragraph has an element to itself.
    """
    parent = block.element.getparent()
    grandparent = parent.getparent() if parent is not None else None
    around = [element for element in (parent, grandparent) if element is not None]
    return tuple(name for element in around for name in (str(element.tag), element.get("class")))


def _with_standfirst(blocks: Sequence[Block], places: Sequence[int], descriptions: Sequence[str]) -> list[int]:
    """Return the places, and in front of them that of the standfirst under the title.

    It is the first block that repeats a description, else the first that its class calls a standfirst.
    """
    if not places:
        return []
    description_keys = {squash(description) for description in descriptions} - {""}
    above = _places_under_title(blocks, places[0])
    described = [place for place in above if blocks[place].key in description_keys]
    called_standfirst = [place for place in above if _is_called_standfirst(blocks[place])]
    return [*(described or called_standfirst)[:1], *places]


def _places_under_title(blocks: Sequence[Block], first: int) -> list[int]:
    """Return the places between the nearest title above and the first paragraph, without short labels."""
    titles = [place for place in range(first) if blocks[place].element.tag == "h1"]
    start = titles[-1] + 1 if titles else 0
    return [place for place in range(start, first) if blocks[place].words >= FEWEST_WORDS_RESTORED]


def _is_called_standfirst(block: Block) -> bool:
    names = " ".join(
        filter(None, (block.element.get("class"), block.element.get("itemprop"), block.element.get("data-testid")))
    )
    return _STANDFIRST_CLASS.search(names) is not None and not block.furniture and block.linked <= MOST_LINKED


def _without_repeats(blocks: Sequence[Block], places: Sequence[int]) -> list[int]:
    """Return the places without blocks that another one contains: pull quotes, bodies that a page prints twice.

    Section headings are kept, though they may repeat words of the text below them.
    """
    keys = [blocks[place].key for place in places]
    everything = "\n".join(keys)
    printed = Counter(keys)
    openings = Counter(opening for key in printed for opening in _windows(key))
    seen: set[str] = set()
    chosen = []
    counted = 0
    for place, key in zip(places, keys, strict=True):
        is_heading = blocks[place].element.tag in _HEADINGS
        is_in_longer = False
        if not is_heading and key not in seen and openings[key[:SHORTEST_REPEAT]] > 1 and counted < MOST_SEARCHES:
            counted += 1
            is_in_longer = everything.count(key) > printed[key]
        if len(key) < SHORTEST_REPEAT or not (key in seen or is_in_longer):
            chosen.append(place)
        seen.add(key)
    return chosen


def _windows(key: str) -> set[str]:
    """Return all runs of letters of the length of the shortest repeat."""
    return {key[start : start + SHORTEST_REPEAT] for start in range(max(1, len(key) - SHORTEST_REPEAT + 1))}


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

    def close(self, parts: PageParts) -> Iterator[Block]:
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
                yield Block(text, self.element, linked, unlinked, furniture, squash(text), len(text.split()))


def _blocks(page: HtmlElement, parts: PageParts, hidden: Counter[HtmlElement]) -> Iterator[Block]:
    """Yield all blocks of a page, in order, as a browser divides them; without scripts, menus and hidden elements.

    Count the quotation marks of hidden elements in `hidden`. A `<q>` gets the marks that a browser prints around it.
    """
    block = _OpenBlock()
    open_elements: list[HtmlElement] = [page]
    open_links = open_quotations = 0
    walk = etree.iterwalk(page, events=("start", "end"))
    for event, element in walk:
        tag = element.tag
        is_block = tag in _BLOCKS or tag in _SKIPPED_BLOCKS
        if is_block:
            yield from block.close(parts)
            block = _OpenBlock()
        if event == "start":
            if is_block:
                open_elements.append(element)
            open_links += tag == "a"
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
    yield from block.close(parts)
