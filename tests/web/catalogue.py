"""The catalogue of the texts of the page, for translators: `python -m tests.web.catalogue` makes it again."""

from __future__ import annotations

import io
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import write_po

import quotetrack

PACKAGE = Path(quotetrack.__file__).parent
FILE = PACKAGE / "web" / "locale" / "quotetrack.pot"
METHODS = [("**.py", "python"), ("render/templates/pages/**.html", "jinja2")]
KEYWORDS = {
    "_": None,
    "gettext": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_noop": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_noop": ((1, "c"), 2),
}
CHANGING = ('"POT-Creation-Date', '"PO-Revision-Date', '"Project-Id-Version', '"Generated-By')  # lines left out
COMMENT = "# The texts of the page of quotetrack. docs/how-to/page.md tells how to translate them."


def catalogue() -> Catalog:
    """Return all texts, with the files in which they stand."""
    found = Catalog(project="quotetrack", charset="utf-8", header_comment=COMMENT)
    for file, _line, message, comments, context in extract_from_dir(PACKAGE, METHODS, keywords=KEYWORDS):
        found.add(message, locations=[(f"src/quotetrack/{file}", 0)], auto_comments=comments, context=context)
    return found


def catalogue_text() -> str:
    """Return the file for translators: the same whenever, and with whatever version of Babel, it is made."""
    out = io.BytesIO()
    write_po(out, catalogue(), include_lineno=False, width=100)
    lines = out.getvalue().decode("utf-8").splitlines(keepends=True)
    return "".join(line for line in lines if not line.startswith(CHANGING))


if __name__ == "__main__":
    FILE.parent.mkdir(exist_ok=True)
    FILE.write_text(catalogue_text(), "utf-8")
