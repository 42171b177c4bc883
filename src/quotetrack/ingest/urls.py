"""One article, one address: what tells pages apart is kept, what tells readers apart is dropped. Pure."""

from __future__ import annotations

import re
from urllib.parse import SplitResult, quote, urlsplit, urlunsplit

LONGEST_URL = 4096  # characters: browsers and servers agree on twice 2,000; longer ones are data, not addresses

_DEFAULT_PORTS = {"http": 80, "https": 443}
# Who sent the reader, and from which campaign. Not `source`, `id` or `page`: some sites tell articles apart by them.
_TRACKING = re.compile(
    r"utm_\w+|pk_\w+|mtm_\w+|hsa_\w+|_hs\w+|guce_\w+|guccounter|at_(?:medium|campaign|link|bbc|ptr|custom)\w*|"
    r"fbclid|gclid|gclsrc|dclid|gbraid|wbraid|msclkid|yclid|twclid|ttclid|li_fat_id|igshid|igsh|mibextid|"
    r"mc_[ce]id|mkt_tok|_ga|_gl|vero_\w+|oly_\w+|cmpid|cmp|ocid|ncid|icid|s_cid|wt[._]mc\w*|wt\.\w+|xtor|xtref|"
    r"ns_(?:campaign|source|mchannel|linkname|fee)|ito|taid|smid|smtyp|sref|ref|ref_src|ref_url|referrer|"
    r"traffic_source|share|shareid|share_id|sharetype|spm|feature|emc|intcid|intcmp|rss|partner",
    re.I,
)
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
_SIDE_HOST = re.compile(r"^(?:(?:amp|m|mobile|print)\.)+(?=[^.]+\.)")
_SIDE_PATH = re.compile(r"/amp(?=/|$)|/print(?=/?$)|\.amp(?=\.html?$|$)|-amp(?=\.html?$)", re.I)
_PATH_END = re.compile(r"/index\.(?:html?|php)$|/$", re.I)
_SIDE_PARAMETER = re.compile(r"(?:amp|print|printable|printer|view|output|outputtype)", re.I)
_SIDE_VALUE = re.compile(r"(?:|1|true|yes|amp|print|mobile|printable)", re.I)


def canonical_url(url: str) -> str | None:
    """The address without tracking, fragment, session, user, default port and needless escapes.

    Twice is as once. None for what is no http(s) address. RFC 3986, section 6.2, and no more: the order of
    parameters, a final slash and `www.` may tell pages apart, so they stay.
    """
    url = _LINE_ENDS.sub("", url.strip())
    if len(url) > LONGEST_URL:
        return None
    try:
        parts = urlsplit(_outside_a_viewer(url))
        host = _host(parts)
        port = parts.port
    except ValueError:
        return None
    if parts.scheme not in _DEFAULT_PORTS or host is None:
        return None
    is_usual = port is None or port == _DEFAULT_PORTS[parts.scheme]
    place = host if is_usual else f"{host}:{port}"
    return urlunsplit((parts.scheme, place, _path(parts.path), _without_tracking(parts.query), ""))


def article_key(url: str) -> str:
    """What all addresses of one article share: http or https, `www.`, `amp.`, `m.`, AMP and print forms are dropped.

    A key is for comparing, not for fetching: nobody promises that a page stands there.
    """
    parts = urlsplit(canonical_url(url) or "")
    parameters = sorted(pair for pair in parts.query.split("&") if pair and not _is_side_parameter(pair))
    return _bare(parts.netloc) + _bare_path(parts.path) + ("?" + "&".join(parameters) if parameters else "")


def is_same_site(left: str, right: str) -> bool:
    """Whether two addresses are of one site: the same host but for `www.` and the like, or one below the other."""
    one, other = _bare_host(left), _bare_host(right)
    return one is not None and other is not None and (_is_below(one, other) or _is_below(other, one))


def is_side_form(url: str) -> bool:
    """Whether it is the AMP, print or mobile form of an address."""
    parts = urlsplit(canonical_url(url) or "")
    return bool(
        _SIDE_HOST.match(parts.netloc)
        or _SIDE_PATH.search(parts.path)
        or any(map(_is_side_parameter, parts.query.split("&")))
    )


def _outside_a_viewer(url: str) -> str:
    """The publisher's own address, of one that Google's AMP viewer or cache shows."""
    while found := _AMP_VIEWER.fullmatch(url):
        url = f"{'https' if found[1] else 'http'}://{found[2]}"
    return url


def _host(parts: SplitResult) -> str | None:
    host = (parts.hostname or "").rstrip(".").lower()
    if not host.isascii():
        host = _in_ascii(host)
    bare = f"[{host}]" if ":" in host else host
    return bare if _HOST.fullmatch(bare) else None


def _in_ascii(host: str) -> str:
    import idna  # comes with httpx; few hosts need it

    try:
        return idna.encode(host, uts46=True).decode("ascii")
    except (idna.IDNAError, UnicodeError):
        return ""


def _path(path: str) -> str:
    """The path without `.` and `..`; a server's root for none."""
    kept: list[str] = []
    segments = _escaped(_SESSION.sub("", path), _PATH_SAFE).removeprefix("/").split("/")
    for segment in segments:
        if segment == "..":
            del kept[-1:]
        elif segment != ".":
            kept.append(segment)
    if segments[-1] in (".", ".."):
        kept.append("")
    return "/" + "/".join(kept)


def _escaped(text: str, safe: str) -> str:
    """Escapes in capitals, and only where they are needed."""
    whole = quote(_STRAY_PERCENT.sub("%25", text).encode("utf-8", "replace"), safe=safe)
    return _ESCAPE.sub(_plain_or_capital, whole)


def _plain_or_capital(escape: re.Match[str]) -> str:
    character = chr(int(escape[1], 16))
    return character if character in _UNRESERVED else escape[0].upper()


def _without_tracking(query: str) -> str:
    pairs = (_escaped(pair, _QUERY_SAFE) for pair in query.split("&"))
    return "&".join(pair for pair in pairs if pair and not _TRACKING.fullmatch(pair.partition("=")[0]))


def _bare_path(path: str) -> str:
    """A path without its marks of AMP and print, index page and final slash, however many."""
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


def _is_below(host: str, other: str) -> bool:
    return host == other or host.endswith(f".{other}")
