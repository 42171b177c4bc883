"""Canonical URLs: one article, one address. Pure.

Parts of a URL that tell pages apart are kept; those that tell readers apart are dropped. An address alone is no proof:
`store.articles` compares the contents as well.
"""

from __future__ import annotations

import re
from urllib.parse import SplitResult, parse_qsl, quote, unquote, urlsplit, urlunsplit

from quotetrack.lang import lines

_MOST_COPIES = 3  # a copy of a copy
LONGEST_URL = 4096  # characters; browsers and servers agree on some 2,000, and a longer URL is data

_DEFAULT_PORTS = {"http": 80, "https": 443}
# Parameters for the referrer and the campaign. `source`, `id` and `page` are missing: on some sites they tell articles
# apart.
_TRACKING = re.compile(
    r"utm_\w+|pk_\w+|mtm_\w+|hsa_\w+|_hs\w+|guce_\w+|guccounter|at_(?:medium|campaign|link|bbc|ptr|custom)\w*|"
    r"fbclid|gclid|gclsrc|dclid|gbraid|wbraid|msclkid|yclid|twclid|ttclid|li_fat_id|igshid|igsh|mibextid|"
    r"mc_[ce]id|mkt_tok|_ga|_gl|vero_\w+|oly_\w+|cmpid|cmp|ocid|ncid|icid|s_cid|wt[._]mc\w*|wt\.\w+|xtor|xtref|"
    r"ns_(?:campaign|source|mchannel|linkname|fee)|ito|taid|smid|smtyp|sref|ref|ref_src|ref_url|referrer|"
    r"traffic_source|share|shareid|share_id|sharetype|spm|feature|emc|intcid|intcmp|rss|partner",
    re.I,
)
# Some of these are the id of an article on old systems: `story.php?ref=1001`.
_ID_AS_WELL = re.compile(
    r"ref|feature|cmp|cmpid|share|shareid|share_id|partner|emc|spm|sref|rss|ito|icid|ncid|taid", re.I
)
_ID = re.compile(r"\d+|[a-z]{1,4}[-_]?\d{3,}", re.I)
_PATH_OF_ANY_ARTICLE = re.compile(
    r"(?:^|/)(?:[^/]*\.(?:php\d?|aspx?|jspx?|cgi|cfm|pl|do|dll)|story|article|item|node|view|read|show|details?|page|post|"
    r"news|content|display)?$",
    re.I,
)
_PLACEHOLDER = re.compile(r"[{}<>]|\$\(|\[\[|(?<=[/=])(?:undefined|null|none|nan|n/a)(?=$|[/&?#])", re.I)
_LANGUAGE_CODE = re.compile(
    r"(?:ar|bg|bn|ca|cs|cy|da|de|el|en|es|eu|fa|fi|fr|ga|gl|he|hi|hu|id|it|ja|ko|ms|nl|no|pl|pt|ro|ru|sv|sw|th|tr|uk|ur|vi|zh)"
    r"(?:[-_][a-z]{2})?",
    re.I,
)
_FRONT_PAGE = re.compile(r"(?:index|default|home|main|start)(?:\.\w{1,5})?", re.I)
_PARAMETER_OF_ALL_PAGES = re.compile(r"lang|language|locale|hl|lc|edition|region|country|theme|view|mode|home", re.I)
_SESSION = re.compile(r";(?:jsessionid|phpsessid)=[^/;]*", re.I)
_STRAY_PERCENT = re.compile(r"%(?![0-9A-Fa-f]{2})")
_ESCAPE = re.compile(r"%([0-9A-Fa-f]{2})")
_UNRESERVED = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")
_PATH_SAFE = "%/:@!$&'()*+,;=~"
_QUERY_SAFE = _PATH_SAFE + "?"
_LINE_ENDS = re.compile(r"[\t\r\n]+")
_HOST = re.compile(r"[a-z0-9_](?:[a-z0-9._-]*[a-z0-9_])?|\[[0-9a-f:.]+\]")

# https://www.google.com/amp/s/site.example/story and https://site-example.cdn.ampproject.org/c/s/site.example/story
_AMP_VIEWER = re.compile(r"(?:https?://)?(?:www\.google\.[a-z.]{2,6}/amp|[\w-]+\.cdn\.ampproject\.org/[cv])/(s/)?(.+)")
# https://web.archive.org/web/20260310090000/https://site.example/story, and the like on any host
_ARCHIVE = re.compile(
    r"https?://[^/\s]{1,253}/(?:[\w.-]{1,40}/){0,3}?"
    r"(?:\d{4,14}(?:[a-z]{2}_)?|\d{4}\.\d\d\.\d\d(?:-\d{1,6})?|\*|newest|oldest)/(?P<url>https?:/{1,2}.+)",
    re.I,
)
_ARCHIVE_HOST = re.compile(
    r"https?://(?:web\.archive\.org/web/\d{4,14}(?:[a-z]{2}_)?|(?:www\.)?archive\.(?:today|ph|is|li|vn|fo|md))/(?:o/\w{1,20}/)?"
    r"(?P<url>(?:https?:/{1,2})?[\w-]{1,63}\.[\w.-]{2,200}/.+)",
    re.I,
)
_CACHE = re.compile(
    r"https?://webcache\.googleusercontent\.com/search\?(?:[^&\s]{0,200}&)?q=cache:(?:(?!https?:)[\w-]{0,40}:)?"
    r"(?P<url>[\w.-]{3,200}[:/][^+&\s]*)",
    re.I,
)
_TRANSLATED = re.compile(r"https?://(?P<host>[\w-]{1,100})\.translate\.goog(?P<rest>/.*)?", re.I)
_SIDE_HOST = re.compile(r"^(?:(?:amp|m|mobile|print)\.)+(?=[^.]+\.)")
_SIDE_PATH = re.compile(r"/amp(?=/|$)|/print(?=/?$)|\.amp(?=\.html?$|$)|-amp(?=\.html?$)", re.I)
_PATH_END = re.compile(r"/(?:index|default)\.(?:html?|php|aspx?)$|/$", re.I)
_SIDE_PARAMETER = re.compile(r"(?:amp|print|printable|printer|view|output|outputtype)", re.I)
_SIDE_VALUE = re.compile(r"(?:|1|true|yes|amp|print|mobile|printable)", re.I)


def canonical_url(url: str) -> str | None:
    """Return the URL without tracking, fragment, session, user, default port and needless escapes (RFC 3986, 6.2).

    None for anything that is no http(s) URL. Idempotent. The order of parameters, a final slash and `www.` are kept,
    since they may tell pages apart; so are a fragment that scripts use as a path (`#!/story/1`), and a tracking
    parameter that is the only id (`story.php?ref=1001`).
    """
    url = _LINE_ENDS.sub("", url.strip())
    if len(url) > LONGEST_URL:
        return None
    try:
        parts = urlsplit(_without_amp_viewer(url))
        host = _host(parts)
        port = parts.port
    except ValueError:
        return None
    if parts.scheme not in _DEFAULT_PORTS or host is None:
        return None
    is_default_port = port is None or port == _DEFAULT_PORTS[parts.scheme]
    authority = host if is_default_port else f"{host}:{port}"
    path, fragment = _path(parts.path), _escape(parts.fragment, _QUERY_SAFE) if _is_route(parts.fragment) else ""
    return urlunsplit((parts.scheme, authority, path, _without_tracking(parts.query, path), fragment))


def original_url(url: str) -> str:
    """Return the publisher's own URL of a copy in a web archive or a cache; any other URL as it is.

    The copy itself is fetched at its own URL.
    """
    for _ in range(_MOST_COPIES):
        own = _own_of_copy(url)
        if own is None:
            break
        url = own
    return url


def _own_of_copy(url: str) -> str | None:
    url = url.strip()[:LONGEST_URL]
    match = _ARCHIVE.match(url) or _ARCHIVE_HOST.match(url) or _CACHE.match(url.replace("%3A", ":").replace("%2F", "/"))
    if match:
        own = match["url"]
        own = re.sub(r"^(https?):/(?!/)", r"\1://", own, flags=re.I)
        return own if own.lower().startswith(("http://", "https://")) else f"https://{own}"
    translated = _TRANSLATED.match(url)
    if translated:
        host = translated["host"].replace("--", "\0").replace("-", ".").replace("\0", "-")
        return f"https://{host}{re.sub(r'[?&]_x_tr_[^#]*', '', translated['rest'] or '/')}"
    return None


def names_an_article(url: str) -> bool:
    """Return whether a URL that a page calls its own may be that of one article.

    It is not if it is a front page, a section, or a template that nobody has filled in.
    """
    address = canonical_url(original_url(url))
    if address is None or _PLACEHOLDER.search(unquote(url)):
        return False
    parts = urlsplit(address)
    if _is_route(parts.fragment):
        return True
    if any(not _PARAMETER_OF_ALL_PAGES.fullmatch(name) for name, value in parse_qsl(parts.query) if value):
        return True
    segments = [segment for segment in parts.path.split("/") if segment]
    while segments and _LANGUAGE_CODE.fullmatch(segments[0]):
        del segments[0]
    is_section = len(segments) == 1 and segments[0].lower() in lines("section_paths.txt")
    is_front_page = not segments or (len(segments) == 1 and _FRONT_PAGE.fullmatch(segments[0]) is not None)
    return not is_section and not is_front_page


def article_key(url: str) -> str:
    """Return a key that all URLs of one article share: without scheme, `www.`, `amp.`, `m.`, and AMP and print forms.

    A copy in a web archive has the key of its original. A key is for comparing, not for fetching: there may be no page
    at it.
    """
    parts = urlsplit(canonical_url(original_url(url)) or "")
    parameters = sorted(pair for pair in parts.query.split("&") if pair and not _is_side_parameter(pair))
    query = "?" + "&".join(parameters) if parameters else ""
    return _bare(parts.netloc) + _bare_path(parts.path) + query + (f"#{parts.fragment}" if parts.fragment else "")


def bare_host(url: str) -> str | None:
    """Return the host of an http(s) URL without `www.`, `m.` and the like; for a copy in an archive, the original's."""
    return _bare_host(original_url(url))


def is_same_site(left: str, right: str) -> bool:
    """Return whether two URLs are of one site: the same host apart from `www.` and the like, or a subdomain of it."""
    left_host, right_host = _bare_host(left), _bare_host(right)
    if left_host is None or right_host is None:
        return False
    return _is_at_or_below(left_host, right_host) or _is_at_or_below(right_host, left_host)


def is_side_form(url: str) -> bool:
    """Return whether a URL is the AMP, print or mobile form of an article's address."""
    parts = urlsplit(canonical_url(url) or "")
    return bool(
        _SIDE_HOST.match(parts.netloc)
        or _SIDE_PATH.search(parts.path)
        or any(map(_is_side_parameter, parts.query.split("&")))
    )


def _without_amp_viewer(url: str) -> str:
    """Return the publisher's own URL of one in Google's AMP viewer or cache; any other URL as it is."""
    while viewer := _AMP_VIEWER.fullmatch(url):
        url = f"{'https' if viewer[1] else 'http'}://{viewer[2]}"
    return url


def _host(parts: SplitResult) -> str | None:
    """Return the host in ASCII and lower case, an IPv6 address in brackets; None if it is no valid host."""
    host = (parts.hostname or "").rstrip(".").lower()
    if not host.isascii():
        host = _punycode(host)
    bare = f"[{host}]" if ":" in host else host
    return bare if _HOST.fullmatch(bare) else None


def _punycode(host: str) -> str:
    """Return the ASCII form of an international host; empty if it has none."""
    import idna  # a dependency of httpx; few hosts need it

    try:
        return idna.encode(host, uts46=True).decode("ascii")
    except (idna.IDNAError, UnicodeError):
        return ""


def _path(path: str) -> str:
    """Return the path without session and without `.` and `..` segments; "/" for an empty one."""
    kept: list[str] = []
    segments = _escape(_SESSION.sub("", path), _PATH_SAFE).removeprefix("/").split("/")
    for segment in segments:
        if segment == "..":
            del kept[-1:]
        elif segment != ".":
            kept.append(segment)
    if segments[-1] in (".", ".."):
        kept.append("")
    return "/" + "/".join(kept)


def _escape(text: str, safe: str) -> str:
    """Escape the characters that need it, with capital hex digits, and no others."""
    escaped = quote(_STRAY_PERCENT.sub("%25", text).encode("utf-8", "replace"), safe=safe)
    return _ESCAPE.sub(_normalize_escape, escaped)


def _normalize_escape(escape: re.Match[str]) -> str:
    character = chr(int(escape[1], 16))
    return character if character in _UNRESERVED else escape[0].upper()


def _without_tracking(query: str, path: str) -> str:
    pairs = [pair for pair in (_escape(pair, _QUERY_SAFE) for pair in query.split("&")) if pair]
    kept = [pair for pair in pairs if not _TRACKING.fullmatch(pair.partition("=")[0])]
    if not kept and _PATH_OF_ANY_ARTICLE.search(path):
        kept = [pair for pair in pairs if _is_id(*pair.partition("=")[::2])]
    return "&".join(kept)


def _is_id(name: str, value: str) -> bool:
    return bool(_ID_AS_WELL.fullmatch(name) and _ID.fullmatch(value))


def _is_route(fragment: str) -> bool:
    """Return whether scripts use a fragment as a path: `#!/story/1` or `#/story/1`."""
    return fragment.startswith(("!", "/")) and len(fragment) > len("!/")


def _bare_path(path: str) -> str:
    """Return the path without any parts for AMP, print or the index page, and without final slashes."""
    while (shorter := _PATH_END.sub("", _SIDE_PATH.sub("", path))) != path:
        path = shorter
    return path


def _is_side_parameter(pair: str) -> bool:
    name, _, value = pair.partition("=")
    return bool(_SIDE_PARAMETER.fullmatch(name) and _SIDE_VALUE.fullmatch(value))


def _bare(host: str) -> str:
    return _SIDE_HOST.sub("", host.removeprefix("www."))


def _bare_host(url: str) -> str | None:
    address = canonical_url(url)
    return _bare(urlsplit(address).hostname or "") if address else None


def _is_at_or_below(host: str, other: str) -> bool:
    return host == other or host.endswith(f".{other}")
