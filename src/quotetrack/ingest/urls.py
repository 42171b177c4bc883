"""Canonical URLs: one article, one address. Pure.

Parts of a URL that tell pages apart are kept; those that tell readers apart are dropped.
"""

from __future__ import annotations

import re
from urllib.parse import SplitResult, quote, urlsplit, urlunsplit

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
    """Return the URL without tracking, fragment, session, user, default port and needless escapes (RFC 3986, 6.2).

    None for anything that is no http(s) URL. Idempotent. The order of parameters, a final slash and `www.` are kept,
    since they may tell pages apart.
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
    return urlunsplit((parts.scheme, authority, _path(parts.path), _without_tracking(parts.query), ""))


def article_key(url: str) -> str:
    """Return a key that all URLs of one article share: without scheme, `www.`, `amp.`, `m.`, and AMP and print forms.

    A key is for comparing, not for fetching: there may be no page at it.
    """
    parts = urlsplit(canonical_url(url) or "")
    parameters = sorted(pair for pair in parts.query.split("&") if pair and not _is_side_parameter(pair))
    return _bare(parts.netloc) + _bare_path(parts.path) + ("?" + "&".join(parameters) if parameters else "")


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


def _without_tracking(query: str) -> str:
    pairs = (_escape(pair, _QUERY_SAFE) for pair in query.split("&"))
    return "&".join(pair for pair in pairs if pair and not _TRACKING.fullmatch(pair.partition("=")[0]))


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
