"""The rules of the house, read off the imports: floors, rooms, and heavy libraries in their one place."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[1] / "src" / "quotetrack"

FLOORS = (
    ("model", "text", "settings"),
    ("sources", "extract", "correct", "speakers", "embed", "link", "export", "evaluate", "store", "sample"),
    ("nightly", "query", "recall", "review", "workers", "direct", "doctor", "fit"),
    ("cli", "web"),
)
FACE = "__init__"  # of the package: above all floors, may import from any
FLOOR_OF = {room: floor for floor, rooms in enumerate(FLOORS) for room in rooms} | {FACE: len(FLOORS)}
PART_OF = {
    "question": "query",
    "naming": "nightly",
    "render_answer": "cli",
    "wording": "link",
    "relink": "nightly",
    "arrivals": "nightly",
    "fetching": "nightly",
    "filing": "nightly",
    "looking": "nightly",
    "stages": "nightly",
    "workers": "nightly",
    "cli_nightly": "cli",
    "render_nightly": "cli",
    "opening": "cli",
    "relate": "nightly",
    "render": "cli",
    "render_variants": "cli",
    "explain_page": "cli",
    "terminal": "cli",
    "pointer": "embed",
    "__main__": "cli",
}  # files that share a room with another

ONLY_ROOM_WITH = {
    "spacy": "extract",
    "sqlalchemy": "store",
    "alembic": "store",
    "sentence_transformers": "embed",
    "transformers": "embed",
    "torch": "embed",  # and the fit of what embed loads, which no user runs
    "trafilatura": "sources",
    "httpx": "sources",
    "feedparser": "sources",
    "protego": "sources",
}


def breaches(package: Path) -> list[str]:
    """What stands against the rules below a package's folder, each as `file:line: why`."""
    found = []
    for file in sorted(package.rglob("*.py")):
        place = file.relative_to(package)
        room = _room(place.parts[0].removesuffix(".py"))
        if room not in FLOOR_OF:
            found.append(f"{place}:1: stands on no floor")
            continue
        if file.stem in ("util", "utils"):
            found.append(f"{place}:1: a name that says nothing")
        tree = ast.parse(file.read_text("utf-8"))
        named_only = _lines_for_the_type_checker(tree)
        for line, module in _imports(tree, place, package.name):
            why = _foreign_floor(room, module, package.name) or (
                line not in named_only and _foreign_library(room, module)
            )
            if why:
                found.append(f"{place}:{line}: {why}")
    return found


def _room(name: str) -> str:
    return PART_OF.get(name, name)


def _lines_for_the_type_checker(tree: ast.Module) -> set[int]:
    """Lines under `if TYPE_CHECKING:`, where a library is named for a signature and never loaded."""
    blocks = (n for n in ast.walk(tree) if isinstance(n, ast.If) and ast.unparse(n.test) == "TYPE_CHECKING")
    return {node.lineno for block in blocks for node in block.body}


def _imports(tree: ast.Module, place: Path, package: str) -> Iterator[tuple[int, str]]:
    """Every module that a file imports, inside functions too, by its absolute name and line."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = _absolute(node, place, package)
            names = [f"{base}.{alias.name}" for alias in node.names] if base == package else [base]
            yield from ((node.lineno, name) for name in names)


def _absolute(node: ast.ImportFrom, place: Path, package: str) -> str:
    if not node.level:
        return node.module or ""
    home = [package, *place.parts[:-1]]
    return ".".join([*home[: len(home) + 1 - node.level], *([node.module] if node.module else [])])


def _foreign_floor(room: str, module: str, package: str) -> str | None:
    """Why a room may not import a module of ours; None where it may."""
    name = module.removeprefix(f"{package}.").partition(".")[0]
    if not module.startswith(f"{package}.") or name.startswith("__"):  # the package as such: its version, its file
        return None
    target = _room(name) if _room(name) in FLOOR_OF else FACE
    if room == target or FLOOR_OF[target] < FLOOR_OF[room]:
        return None
    return f"{room} (floor {FLOOR_OF[room]}) imports {target} (floor {FLOOR_OF[target]})"


def _foreign_library(room: str, module: str) -> str | None:
    """Why a room may not load a library; None where it may."""
    library = module.partition(".")[0]
    owner = ONLY_ROOM_WITH.get(library, room)
    return None if owner == room or (room, library) == ("fit", "torch") else f"{library} belongs to {owner}"


def test_the_house_keeps_its_rules():
    assert breaches(PACKAGE) == []


@pytest.mark.parametrize(
    ("file", "line", "breach"),
    [
        ("text.py", "from quotetrack.link import compare", "text (floor 0) imports link (floor 1)"),
        ("text.py", "import quotetrack.model", "text (floor 0) imports model (floor 0)"),
        ("link.py", "import quotetrack.store.read", "link (floor 1) imports store (floor 1)"),
        ("link.py", "from quotetrack import nightly", "link (floor 1) imports nightly (floor 2)"),
        ("link.py", "def late():\n    from quotetrack import cli", "link (floor 1) imports cli (floor 3)"),
        ("store/read.py", "from ..extract import extract", "store (floor 1) imports extract (floor 1)"),
        ("store/read.py", "from .. import link", "store (floor 1) imports link (floor 1)"),
        ("query.py", "from quotetrack import nightly", "query (floor 2) imports nightly (floor 2)"),
        ("query.py", "from quotetrack import link_sightings", "query (floor 2) imports __init__ (floor 4)"),
        ("web/app.py", "from quotetrack.render import table", "web (floor 3) imports cli (floor 3)"),
        ("nightly.py", "import spacy", "spacy belongs to extract"),
        ("nightly.py", "if True:\n    from sqlalchemy.orm import Session", "sqlalchemy belongs to store"),
        ("extract/coref.py", "import torch.nn", "torch belongs to embed"),
        ("cli.py", "def read():\n    import trafilatura", "trafilatura belongs to sources"),
        ("__init__.py", "import sentence_transformers", "sentence_transformers belongs to embed"),
        ("extract/utils.py", "", "a name that says nothing"),
        ("helpers.py", "", "stands on no floor"),
    ],
)
def test_a_breach_is_found(tmp_path, file, line, breach):
    (found,) = breaches(_house(tmp_path, {file: line}))
    assert found.startswith(f"{file}:") and found.endswith(breach)


def test_what_is_allowed_is_let_through(tmp_path):
    sources = {
        "text.py": "import re\nimport quotetrack",
        "store/read.py": "import sqlalchemy\nfrom quotetrack import __version__, model\nfrom .tables import Row",
        "nightly.py": "from quotetrack import link, store\nfrom quotetrack.model import Span",
        "query.py": "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from spacy.language import Language",
        "cli.py": "def run():\n    from quotetrack import nightly, render",
        "__init__.py": "from quotetrack import query",
    }
    assert breaches(_house(tmp_path, sources)) == []


def _house(folder: Path, sources: dict[str, str]) -> Path:
    package = folder / "quotetrack"
    for name, source in sources.items():
        (package / name).parent.mkdir(parents=True, exist_ok=True)
        (package / name).write_text(source, "utf-8")
    return package
