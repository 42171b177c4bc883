"""A page -> the paragraphs of its article.

trafilatura judges which passages are the article; the characters come from the page itself, paragraph by paragraph.
So no clause is lost inside a paragraph, a paragraph that it dropped between two that it kept is put back, and
what it gives twice is kept once.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from importlib.resources import files

from lxml import etree
from lxml.html import HtmlElement

from quotetrack.ingest.timestamps import read_date_line

LONG = 40  # letters and digits: long enough to be looked for inside the article, where shorter ones need a line of it
SHORTEST_REPEAT = 20  # letters and digits, some four words: a pull quote; shorter ones may well be printed twice
FEWEST_WORDS_RESTORED = 6  # of a paragraph that was dropped: shorter ones are labels
MOST_LINKED = 0.5  # share of a restored paragraph's characters that may be links
MOST_LINKED_SENTENCE = 0.95  # the same, of a paragraph that ends in a full stop
WHOLE_LINK_WORDS = 30  # a paragraph that is one link of at most so many words is a headline of another article
LARGEST_FURNITURE = (
    0.3  # share of the page's words in paragraphs: an element with more is a frame around it, whatever its class
)
SHARE_TRUSTED = 0.5  # of the fullest container's words: with fewer, trafilatura took the wrong part of the page

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
_FULL_STOP = re.compile(r"\.[\"”’')\]]*$")
_OPENING_MARKS = '“‘"«„'
_BREAK = "\x00"  # a <br>: told from white space, which breaks no line; no page can hold this character
_TWO_BREAKS = re.compile(r"\x00\s*\x00[\s\x00]*")
_NOT_ALPHANUMERIC = re.compile(r"[\W_]+")


@dataclass(frozen=True, slots=True)
class Block:
    """A passage that a browser sets as one: its characters with single spaces, a line break as a new line."""

    text: str
    element: HtmlElement  # the nearest element that is set as a block
    linked: float  # share of the characters that are links
    furniture: tuple[HtmlElement, ...]  # the elements around it whose tag or class says: not the article

    @property
    def words(self) -> int:
        """How many words it has."""
        return len(self.text.split())

    @property
    def key(self) -> str:
        """Its letters and digits: what two extractions of one passage agree on."""
        return squash(self.text)


def squash(text: str) -> str:
    """Letters and digits alone, in small letters."""
    return _NOT_ALPHANUMERIC.sub("", text).casefold()


def judge(html: str) -> list[str]:
    """The lines of a page that trafilatura takes for the article."""
    import trafilatura  # 1 s to import

    body = trafilatura.extract(html, include_comments=False, include_tables=False, output_format="txt")
    return [line for line in (body or "").splitlines() if line.strip()]


def read_body(page: HtmlElement, judged: Sequence[str], title: str | None, descriptions: Sequence[str]) -> list[str]:
    """The paragraphs of the article, in order; empty where the page has none.

    `judged` are the lines that `judge` takes for the article; `descriptions` are what the page's head says of it:
    where the page prints one of them, it is the standfirst.
    """
    blocks = _without_frames(list(_blocks(page)))
    kept = _kept(blocks, judged)
    kept = _without_furniture(blocks, kept, title)
    kept = _with_lost_ones(blocks, kept)
    kept = _with_standfirst(blocks, kept, descriptions)
    return [blocks[place].text for place in _without_repeats(blocks, kept)]


def _without_frames(blocks: Sequence[Block]) -> list[Block]:
    """The blocks, no longer called furniture for an element that holds much of the page, whatever its class."""
    words: Counter[HtmlElement] = Counter()
    paragraphs = [block for block in blocks if block.element.tag == "p"]
    for block in paragraphs:
        for element in block.furniture:
            words[element] += block.words
    most = LARGEST_FURNITURE * sum(block.words for block in paragraphs)
    return [replace(block, furniture=tuple(e for e in block.furniture if words[e] <= most)) for block in blocks]


def _kept(blocks: Sequence[Block], judged: Sequence[str]) -> list[int]:
    """The places of the blocks that are the article, in the page's order."""
    lines = {squash(line) for line in judged} - {""}
    everything = "".join(squash(line) for line in judged)
    keys = [block.key for block in blocks]
    long = [place for place, key in enumerate(keys) if len(key) >= LONG and key in everything]
    short = [place for place, key in enumerate(keys) if len(key) < LONG and key in lines]
    if long:
        short = [place for place in short if long[0] < place < long[-1]]
    kept = sorted(long + short)
    fullest = _fullest(blocks)
    is_trusted = _words(blocks, kept) >= SHARE_TRUSTED * _words(blocks, fullest)
    return kept if is_trusted else fullest


def _fullest(blocks: Sequence[Block]) -> list[int]:
    """The paragraphs that share a home, of the home that holds the most words of running text."""
    prose = [place for place, block in enumerate(blocks) if _is_prose(block)]
    held: Counter[tuple[str | None, ...]] = Counter()
    for place in prose:
        held[_home(blocks[place])] += blocks[place].words
    fullest = {home for home, _ in held.most_common(1)}
    return [place for place in prose if _home(blocks[place]) in fullest]


def _is_prose(block: Block) -> bool:
    """Whether it may be put back: running text outside of furniture; a whole sentence may be mostly a link."""
    most_linked = MOST_LINKED_SENTENCE if _ends_a_sentence(block) else MOST_LINKED
    return (
        block.element.tag in ("p", "blockquote", "li")
        and block.words >= FEWEST_WORDS_RESTORED
        and block.linked <= most_linked
        and not block.furniture
    )


def _ends_a_sentence(block: Block) -> bool:
    """Headlines end in a question mark at most."""
    return _FULL_STOP.search(block.text) is not None


def _words(blocks: Sequence[Block], places: Sequence[int]) -> int:
    return sum(blocks[place].words for place in places)


def _without_furniture(blocks: Sequence[Block], kept: Sequence[int], title: str | None) -> list[int]:
    """The places but for what belongs to the page: the title itself, prompts, headlines of other articles, asides."""
    title_key = squash(title or "")
    return [
        place
        for place in kept
        if blocks[place].key != title_key
        and blocks[place].element.tag != "h1"
        and not _is_prompt(blocks[place])
        and not blocks[place].furniture
    ]


def _is_prompt(block: Block) -> bool:
    """Whether it is no sentence of the article: stock phrases of pages, a date, a link to another article."""
    is_link = (
        block.linked > MOST_LINKED_SENTENCE
        and block.words <= WHOLE_LINK_WORDS
        and block.element.tag not in ("li", "blockquote")
        and not _ends_a_sentence(block)
    )
    if is_link or not block.key:
        return True
    # “Listen here,” he said: a paragraph with somebody's words is dropped only as a link.
    if block.linked <= MOST_LINKED and any(mark in block.text for mark in _OPENING_MARKS):
        return False
    return all(_stock_phrases().fullmatch(line) or read_date_line(line) for line in block.text.splitlines())


@cache
def _stock_phrases() -> re.Pattern[str]:
    lines = files("quotetrack.lang").joinpath("en", "page_furniture.txt").read_text("utf-8").splitlines()
    return re.compile("|".join(f"(?:{line})" for line in lines if line and not line.startswith("#")), re.I | re.S)


def _with_lost_ones(blocks: Sequence[Block], kept: Sequence[int]) -> list[int]:
    """With the paragraphs that were dropped among the kept ones, or before them in the element that holds them."""
    if not kept:
        return []
    known = set(kept)
    homes = Counter(_home(blocks[place]) for place in kept if blocks[place].element.tag == "p")
    parents = Counter(blocks[place].element.getparent() for place in kept if blocks[place].element.tag == "p")
    lost = [
        place
        for place in range(kept[-1])
        if place not in known
        and blocks[place].element.tag == "p"
        and _is_prose(blocks[place])
        and not _is_prompt(blocks[place])
        and (
            homes[_home(blocks[place])] > 1
            if place > kept[0]
            else parents[blocks[place].element.getparent()] > 1 and _ends_a_sentence(blocks[place])
        )
    ]
    return sorted([*kept, *lost])


def _home(block: Block) -> tuple[str | None, ...]:
    """What the elements around a block are called: the paragraphs of one body share it, also if each has its frame."""
    parent = block.element.getparent()
    over = parent.getparent() if parent is not None else None
    return tuple(name for e in (parent, over) if e is not None for name in (str(e.tag), e.get("class")))


def _with_standfirst(blocks: Sequence[Block], kept: Sequence[int], descriptions: Sequence[str]) -> list[int]:
    """With the line under the title, if it stands above the first paragraph and says what the page's head says."""
    if not kept:
        return []
    told = {squash(description) for description in descriptions} - {""}
    above = _under_the_title(blocks, kept[0])
    said = [place for place in above if blocks[place].key in told]
    called = [place for place in above if _is_called_standfirst(blocks[place])]
    return [*(said or called)[:1], *kept]


def _under_the_title(blocks: Sequence[Block], first: int) -> list[int]:
    """The places between the nearest title and the first paragraph, from the title down; labels left out."""
    titles = [place for place in range(first) if blocks[place].element.tag == "h1"]
    start = titles[-1] + 1 if titles else 0
    return [place for place in range(start, first) if blocks[place].words >= FEWEST_WORDS_RESTORED]


def _is_called_standfirst(block: Block) -> bool:
    names = " ".join(
        filter(None, (block.element.get("class"), block.element.get("itemprop"), block.element.get("data-testid")))
    )
    return _STANDFIRST_CLASS.search(names) is not None and not block.furniture and block.linked <= MOST_LINKED


def _without_repeats(blocks: Sequence[Block], kept: Sequence[int]) -> list[int]:
    """The places but for passages that another one holds whole: pull quotes, bodies that a page carries twice.

    Section headings stay: they are printed above the words that they take from the text.
    """
    keys = [blocks[place].key for place in kept]
    everything = "\n".join(keys)
    printed = Counter(keys)
    seen: set[str] = set()
    chosen = []
    for place, key in zip(kept, keys, strict=True):
        is_heading = blocks[place].element.tag in _HEADINGS
        is_held = not is_heading and everything.count(key) > printed[key]  # by a longer passage
        if len(key) < SHORTEST_REPEAT or not (key in seen or is_held):
            chosen.append(place)
        seen.add(key)
    return chosen


@dataclass(slots=True)
class _Line:
    """The characters of one block while they are read."""

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

    def blocks(self) -> Iterator[Block]:
        """The passage read, in two where two line breaks divide it; nothing where it is white space."""
        printed = "".join(self.pieces).translate(_INVISIBLE)
        for passage in _TWO_BREAKS.split(printed):
            text = "\n".join(filter(None, (" ".join(part.split()) for part in passage.split(_BREAK))))
            if text and self.element is not None:
                linked = min(1.0, self.linked / len("".join(printed.replace(_BREAK, "").split())))
                yield Block(text, self.element, linked, tuple(_furniture_around(self.element)))


def _blocks(page: HtmlElement) -> Iterator[Block]:
    """All passages of a page, in order, as a browser breaks them; without scripts, menus and what is hidden."""
    line = _Line()
    homes: list[HtmlElement] = [page]
    links = 0
    walk = etree.iterwalk(page, events=("start", "end"))
    for event, element in walk:
        tag = element.tag
        is_block = tag in _BLOCKS or tag in _SKIPPED_BLOCKS
        if is_block:
            yield from line.blocks()
            line = _Line()
        if event == "start":
            if is_block:
                homes.append(element)
            links += tag == "a"
            if tag in _SKIPPED or _is_hidden(element):
                walk.skip_subtree()
            else:
                line.add(_BREAK if tag == "br" else element.text, homes[-1], links > 0)
        else:
            if is_block:
                homes.pop()
            links -= tag == "a"
            line.add(element.tail, homes[-1], links > 0)
    yield from line.blocks()


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
