"""Tell which parts of a page are not its article: hidden elements, furniture, comments, and other articles."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from lxml.html import HtmlElement

from quotetrack.lang.en.pages import FULL_STOP_END

FEWEST_OWN_WORDS = 30  # in sentences: an article element with fewer is a teaser or a frame around the headline

_INLINE = frozenset(
    {"a", "abbr", "b", "em", "font", "i", "mark", "q", "s", "small", "strong", "sub", "sup", "u", "wbr"}
)
_FURNITURE_TAGS = frozenset({"aside", "form"})
_MENU_TAGS = frozenset({"nav", "footer", "dialog", "menu", "template", "noscript"})
# Classes and ids are names in markup, and English on pages of all languages, so they are not in `lang/`.
_FURNITURE_NAME = (
    r"(?:related|recommend(?:ed|ations?)?|recirc|newsletter|sign-?up|promo|advert(?:isement)?|ads?|social|share|sharing|"
    r"cookies?|consent|subscribe|most-?(?:read|popular)|trending|outbrain|taboola|more-?(?:topic|on|stories|from)|"
    r"read-?(?:more|next|also)|(?:author|article)-?bio(?:graphy)?|author__biography|about-(?:the-)?author|breadcrumbs?|"
    r"toc|tags|caption|credits?|pull-?quote)"
)
# What readers write below an article, and the articles that a page loads below it.
_FOREIGN_NAME = (
    r"(?:comments?|comment-?list|comment-?(?:section|thread|area|body|wrapper)|user-?comments?|discussions?|replies|"
    r"responses|reactions?|respond|reader-?(?:s|letters?|comments?|reactions?|responses?)|disqus|livefyre|viafoura\S*|"
    r"spot-?im|coral-?talk|hyvor|infinite-?scroll|next-?(?:article|story|post))"
)
_FURNITURE_CLASS = re.compile(rf"(?:^|[\s_-])(?:{_FURNITURE_NAME}|{_FOREIGN_NAME})(?=$|[\s_-])", re.I)
_FOREIGN = re.compile(rf"(?:^|[\s_-])(?:{_FOREIGN_NAME})(?=$|[\s_-])", re.I)
_HIDDEN_CLASS = re.compile(
    r"(?:^|\s)(?:visually-?hidden|sr-only|screen-reader(?:-text)?|u-visually-hidden|hidden-accessible)(?=$|\s)", re.I
)
_HIDDEN_STYLE = re.compile(r"display\s{0,9}:\s{0,9}none|visibility\s{0,9}:\s{0,9}hidden", re.I)
_LONGEST_NAME = 300  # characters of a class or style that are looked at; style sheets in an attribute are longer
_DATED = re.compile(r"(?:^|[\s_-])(?:byline|dateline|date|author|published|timestamp)(?=$|[\s_-])", re.I)


def is_hidden(element: HtmlElement) -> bool:
    """Return whether the markup hides an element from readers."""
    return (
        "hidden" in element.attrib
        or _HIDDEN_STYLE.search(element.get("style", "")[:_LONGEST_NAME]) is not None
        or _HIDDEN_CLASS.search(element.get("class", "")[:_LONGEST_NAME]) is not None
    )


def is_furniture(element: HtmlElement) -> bool:
    """Return whether an element is furniture by its tag, class or id; some sites wrap the whole page in such a one."""
    return (
        element.tag in _FURNITURE_TAGS
        or _FURNITURE_CLASS.search(element.get("class", "")[:_LONGEST_NAME]) is not None
        or _FOREIGN.search(element.get("id", "")[:_LONGEST_NAME]) is not None
    )


def _is_foreign(element: HtmlElement) -> bool:
    names = f"{element.get('class', '')[:_LONGEST_NAME]} {element.get('id', '')[:_LONGEST_NAME]}"
    return _FOREIGN.search(names) is not None


@dataclass(slots=True)
class PageParts:
    """The parts of one page that are not its article, with what was found about each element before."""

    others: frozenset[HtmlElement] = frozenset()
    above: frozenset[HtmlElement] = frozenset()  # the elements around the headline, which frame the article
    _around: dict[HtmlElement, tuple[HtmlElement, ...]] = field(default_factory=dict)

    def furniture_around(self, element: HtmlElement) -> tuple[HtmlElement, ...]:
        """Return the elements that are furniture: an element itself, and those around it from the inside out."""
        path = []
        current: HtmlElement | None = element
        while current is not None and current not in self._around:
            path.append(current)
            current = current.getparent()
        around = self._around[current] if current is not None else ()
        for inner in reversed(path):
            around = (inner, *around) if inner not in self.above and is_furniture(inner) else around
            self._around[inner] = around
        return around

    def is_other(self, element: HtmlElement) -> bool:
        """Return whether an element lies in another article of the page."""
        return bool(self.others) and any(around in self.others for around in _with_ancestors(element))

    def is_foreign_name(self, element: HtmlElement) -> bool:
        """Return whether the name of an element says that readers or other articles speak in it."""
        return element not in self.above and _is_foreign(element)

    def is_foreign(self, element: HtmlElement) -> bool:
        """Return whether an element lies in another article, among readers' comments, or in a menu."""
        return any(
            around in self.others or around.tag == "nav" or self.is_foreign_name(around)
            for around in _with_ancestors(element)
        )

    def is_apart(self, element: HtmlElement) -> bool:
        """Return whether an element is hidden, or lies in a menu, in furniture, or in another article."""
        return any(
            around.tag in _MENU_TAGS
            or around in self.others
            or is_hidden(around)
            or (around not in self.above and is_furniture(around))
            for around in _with_ancestors(element)
        )


def _with_ancestors(element: HtmlElement) -> Iterator[HtmlElement]:
    yield element
    yield from element.iterancestors()


def visible_text(element: HtmlElement) -> str:
    """Return the words that a browser shows of an element, with single spaces."""
    return " ".join("".join(_shown(element)).split())


def _shown(element: HtmlElement) -> Iterator[str]:
    if element.text:
        yield element.text
    for child in element:
        if isinstance(child.tag, str) and child.tag not in ("script", "style", "template") and not is_hidden(child):
            gap = "" if child.tag in _INLINE else " "
            yield gap
            yield from _shown(child)
            yield gap
        if child.tail:
            yield child.tail


def other_articles(page: HtmlElement, heading: HtmlElement | None, headings: Iterable[HtmlElement]) -> PageParts:
    """Return the parts of a page with its other articles. `heading` is the headline of its own, `headings` are all h1.

    They are the article elements beside the one with the headline and its text, and the part around another h1 with
    its own date or author.
    """
    if heading is None:
        return PageParts()
    above = set(heading.iterancestors())
    others = set(_articles_beside(page, above))
    seen: set[HtmlElement | None] = set(others)
    for other in headings:
        part = _part_apart(other, above)
        if part is not None and part not in seen and _is_article_of_its_own(part, other):
            others.add(part)
        seen.add(part)
    return PageParts(frozenset(others), frozenset(above))


def _articles_beside(page: HtmlElement, above: set[HtmlElement]) -> Iterator[HtmlElement]:
    """Yield the article elements with a heading that stand beside the one in which the headline and sentences stand."""
    outer = [article for article in page.iter("article") if not _is_in_article(article)]
    if not any(article in above and _words_in_sentences(article) >= FEWEST_OWN_WORDS for article in outer):
        return
    for article in outer:
        if article not in above and next(article.iter("h1", "h2", "h3"), None) is not None:
            yield article


def _is_in_article(element: HtmlElement) -> bool:
    return next(element.iterancestors("article"), None) is not None


def _words_in_sentences(element: HtmlElement) -> int:
    texts = (str(paragraph.text_content()).strip() for paragraph in element.iter("p"))
    return sum(len(text.split()) for text in texts if FULL_STOP_END.search(text[-20:]))


def _part_apart(heading: HtmlElement, above: set[HtmlElement]) -> HtmlElement | None:
    """Return the largest element around a heading that does not hold the headline; None if that is the heading."""
    part = heading
    for around in heading.iterancestors():
        if around in above:
            return part if part is not heading else None
        part = around
    return None


def _is_article_of_its_own(part: HtmlElement, heading: HtmlElement) -> bool:
    """Return whether a part begins with its heading and has a date or author of its own, as an article has."""
    for element in part.iter():
        if element is heading:
            break
        if element.tag == "p" and len(str(element.text_content()).split()) >= FEWEST_OWN_WORDS:
            return False
    return any(
        element.tag == "time"
        or (isinstance(element.tag, str) and _DATED.search(element.get("class", "")[:_LONGEST_NAME]))
        for element in part.iter()
    )
