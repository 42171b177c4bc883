"""Find the paragraphs of the article on a page.

trafilatura selects the passages; the characters are taken from the page itself, block by block. So no clause is lost
inside a paragraph. A paragraph that trafilatura dropped between two others is restored. A repeated one is kept once.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from lxml import etree
from lxml.html import HtmlElement

from quotetrack.ingest.timestamps import read_date_line
from quotetrack.lang.en.pages import FULL_STOP_END, OPENING_MARKS, page_furniture

LONG = 40  # letters and digits: a longer block may match anywhere in the selected text, a shorter one only a whole line
SHORTEST_REPEAT = 20  # letters and digits, some four words: shorter blocks may rightly be printed twice
FEWEST_WORDS_RESTORED = 6  # of a paragraph that trafilatura dropped: shorter ones are labels
MOST_LINKED = 0.5  # share of a restored paragraph's characters that may be in links
MOST_LINKED_SENTENCE = 0.95  # the same, for a paragraph that ends in a full stop
WHOLE_LINK_WORDS = 30  # a paragraph that is one link of no more words is a headline of another article
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
_BLOCKS = frozenset(
    {
        "html", "body", "main", "article", "section", "div", "header", "aside", "p", "h1", "h2", "h3", "h4", "h5", "h6",
        "ul", "ol", "li", "dl", "dt", "dd", "blockquote", "pre", "figure", "table", "thead", "tbody", "tr", "td", "th",
        "caption", "address", "details", "summary", "fieldset", "hr", "center", "form",
    }
)  # fmt: skip
_HEADINGS = frozenset({"h2", "h3", "h4", "h5", "h6"})
_FURNITURE_TAGS = frozenset({"aside", "form"})  # some sites wrap the whole page in a form: see LARGEST_FURNITURE
# Classes are names in markup, and English on pages of all languages, so they are not in `lang/`.
_FURNITURE_CLASS = re.compile(
    r"(?:^|[\s_-])(?:related|recommend(?:ed|ations?)?|recirc|newsletter|sign-?up|promo|advert(?:isement)?|ads?|social|share|sharing|"
    r"comments?|cookies?|consent|subscribe|most-?(?:read|popular)|trending|outbrain|taboola|more-?(?:topic|on|stories|from)|"
    r"read-?(?:more|next|also)|(?:author|article)-?bio(?:graphy)?|author__biography|about-(?:the-)?author|breadcrumbs?|"
    r"toc|tags|caption|credits?|pull-?quote|viafoura\S*)(?=$|[\s_-])",
    re.I,
)
_HIDDEN_CLASS = re.compile(
    r"(?:^|\s)(?:visually-?hidden|sr-only|screen-reader(?:-text)?|u-visually-hidden|hidden-accessible)(?=$|\s)", re.I
)
_HIDDEN_STYLE = re.compile(r"display\s*:\s*none", re.I)
_STANDFIRST_CLASS = re.compile(
    r"(?:^|[\s_-])(?:stand-?first|dek|deck|sub-?(?:title|head(?:line|ing)?)|excerpt|summary|teaser|strap(?:line)?|lede|description)",
    re.I,
)
_INVISIBLE = str.maketrans(dict.fromkeys("\u00ad\u200b\u2060\ufeff"))
_BREAK = "\x00"  # stands for a <br>, since white space breaks no line; no page can hold this character
_TWO_BREAKS = re.compile(r"\x00\s*\x00[\s\x00]*")
_NOT_ALPHANUMERIC = re.compile(r"[\W_]+")


@dataclass(frozen=True, slots=True)
class Block:
    """A passage that a browser prints as one block: its characters with single spaces, and line breaks."""

    text: str
    element: HtmlElement  # the nearest block element
    linked: float  # share of the characters that are in links
    furniture: tuple[HtmlElement, ...]  # elements around it that are furniture by their tag or class

    @property
    def words(self) -> int:
        """Return the number of words."""
        return len(self.text.split())

    @property
    def key(self) -> str:
        """Return the letters and digits, in which two extractions of one passage agree."""
        return squash(self.text)


def squash(text: str) -> str:
    """Return the letters and digits of a text in lower case."""
    return _NOT_ALPHANUMERIC.sub("", text).casefold()


def extract_lines(html: str) -> list[str]:
    """Return the lines of a page that trafilatura selects as the article."""
    import trafilatura  # takes 1 s to import

    body = trafilatura.extract(html, include_comments=False, include_tables=False, output_format="txt")
    return [line for line in (body or "").splitlines() if line.strip()]


def read_paragraphs(
    page: HtmlElement, selected: Sequence[str], title: str | None, descriptions: Sequence[str]
) -> list[str]:
    """Return the paragraphs of the article, in order; empty if the page has none.

    `selected` are the lines that `extract_lines` found. `descriptions` are those in the page's metadata: a block above
    the article that repeats one of them is the standfirst.
    """
    blocks = _without_frames(list(_blocks(page)))
    places = _selected_places(blocks, selected)
    places = _without_furniture(blocks, places, title)
    places = _with_dropped(blocks, places)
    places = _with_standfirst(blocks, places, descriptions)
    return [blocks[place].text for place in _without_repeats(blocks, places)]


def _without_frames(blocks: Sequence[Block]) -> list[Block]:
    """Return the blocks without furniture elements that hold much of the page: those are only frames."""
    words: Counter[HtmlElement] = Counter()
    paragraphs = [block for block in blocks if block.element.tag == "p"]
    for block in paragraphs:
        for element in block.furniture:
            words[element] += block.words
    most = LARGEST_FURNITURE * sum(block.words for block in paragraphs)
    return [replace(block, furniture=tuple(e for e in block.furniture if words[e] <= most)) for block in blocks]


def _selected_places(blocks: Sequence[Block], selected: Sequence[str]) -> list[int]:
    """Return the places of the blocks in the selected lines, in the page's order.

    If they hold less than half of the words of the fullest container, its paragraphs are returned instead.
    """
    lines = {squash(line) for line in selected} - {""}
    everything = "".join(squash(line) for line in selected)
    keys = [block.key for block in blocks]
    long = [place for place, key in enumerate(keys) if len(key) >= LONG and key in everything]
    short = [place for place, key in enumerate(keys) if len(key) < LONG and key in lines]
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
    if is_link or not block.key:
        return True
    # “Listen here,” he said: a paragraph with somebody's words is dropped only if it is a link.
    if block.linked <= MOST_LINKED and any(mark in block.text for mark in OPENING_MARKS):
        return False
    return all(page_furniture().fullmatch(line) or read_date_line(line) for line in block.text.splitlines())


def _with_dropped(blocks: Sequence[Block], places: Sequence[int]) -> list[int]:
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
        if block.element.tag != "p" or not _is_prose(block) or _is_prompt(block):
            continue
        if place > places[0]:
            is_in_body = kept_in_container[_container(block)] > 1
        else:
            is_in_body = kept_in_parent[block.element.getparent()] > 1 and _ends_a_sentence(block)
        if is_in_body:
            restored.append(place)
    return sorted([*places, *restored])


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
    seen: set[str] = set()
    chosen = []
    for place, key in zip(places, keys, strict=True):
        is_heading = blocks[place].element.tag in _HEADINGS
        is_in_longer = not is_heading and everything.count(key) > printed[key]
        if len(key) < SHORTEST_REPEAT or not (key in seen or is_in_longer):
            chosen.append(place)
        seen.add(key)
    return chosen


@dataclass(slots=True)
class _OpenBlock:
    """The characters of one block, collected while the page is walked."""

    pieces: list[str] = field(default_factory=list)
    linked: int = 0
    element: HtmlElement | None = None

    def add(self, text: str | None, element: HtmlElement, in_link: bool) -> None:
        if text is None:
            return
        if self.element is None and text.strip():
            self.element = element
        self.pieces.append(text)
        self.linked += len("".join(text.split())) if in_link else 0

    def close(self) -> Iterator[Block]:
        """Yield the block, or several if two line breaks in a row divide it; nothing if it is white space."""
        printed = "".join(self.pieces).translate(_INVISIBLE)
        for passage in _TWO_BREAKS.split(printed):
            text = "\n".join(filter(None, (" ".join(part.split()) for part in passage.split(_BREAK))))
            if text and self.element is not None:
                linked = min(1.0, self.linked / len("".join(printed.replace(_BREAK, "").split())))
                yield Block(text, self.element, linked, tuple(_furniture_around(self.element)))


def _blocks(page: HtmlElement) -> Iterator[Block]:
    """Yield all blocks of a page, in order, as a browser divides them; without scripts, menus and hidden elements."""
    block = _OpenBlock()
    open_elements: list[HtmlElement] = [page]
    open_links = 0
    walk = etree.iterwalk(page, events=("start", "end"))
    for event, element in walk:
        tag = element.tag
        is_block = tag in _BLOCKS or tag in _SKIPPED_BLOCKS
        if is_block:
            yield from block.close()
            block = _OpenBlock()
        if event == "start":
            if is_block:
                open_elements.append(element)
            open_links += tag == "a"
            if tag in _SKIPPED or _is_hidden(element):
                walk.skip_subtree()
            else:
                block.add(_BREAK if tag == "br" else element.text, open_elements[-1], open_links > 0)
        else:
            if is_block:
                open_elements.pop()
            open_links -= tag == "a"
            block.add(element.tail, open_elements[-1], open_links > 0)
    yield from block.close()


def _is_hidden(element: HtmlElement) -> bool:
    return (
        "hidden" in element.attrib
        or _HIDDEN_STYLE.search(element.get("style", "")) is not None
        or _HIDDEN_CLASS.search(element.get("class", "")) is not None
    )


def _furniture_around(element: HtmlElement) -> Iterator[HtmlElement]:
    for around in (element, *element.iterancestors()):
        if around.tag in _FURNITURE_TAGS or _FURNITURE_CLASS.search(around.get("class", "")):
            yield around
