"""The rules of the house, read off the imports: floors, rooms, and heavy libraries in their one place."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[1] / "src" / "quotetrack"

FLOORS = (
    ("model", "text", "settings"),
    ("sources", "extract", "correct", "speakers", "embed", "link", "export", "evaluate", "store", "sample"),
    ("nightly", "query", "review", "workers", "fit"),
    ("cli", "web"),
)
FACE = "__init__"  # of the package: above all floors, may import from any
FLOOR_OF = {room: floor for floor, rooms in enumerate(FLOORS) for room in rooms} | {FACE: len(FLOORS)}
PART_OF = {"render": "cli", "__main__": "cli"}  # files that share a room with another

ONLY_ROOM_WITH = {
    "spacy": "extract",
    "sqlalchemy": "store",
    "alembic": "store",
    "sentence_transformers": "embed",
    "transformers": "embed",
    "torch": "embed",
    "trafilatura": "sources",
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
        imports = ((line, _forbidden(room, module, package.name)) for line, module in _imports(file, package))
        found += [f"{place}:{line}: {why}" for line, why in imports if why]
    return found


def _room(name: str) -> str:
    return PART_OF.get(name, name)


def _imports(file: Path, package: Path) -> Iterator[tuple[int, str]]:
    """Every module that a file imports, inside functions too, by its absolute name and line."""
    for node in ast.walk(ast.parse(file.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = _absolute(node, file, package)
            names = [f"{base}.{alias.name}" for alias in node.names] if base == package.name else [base]
            yield from ((node.lineno, name) for name in names)


def _absolute(node: ast.ImportFrom, file: Path, package: Path) -> str:
    if not node.level:
        return node.module or ""
    home = [package.name, *file.relative_to(package).parts[:-1]]
    return ".".join([*home[: len(home) + 1 - node.level], *([node.module] if node.module else [])])


def _forbidden(room: str, module: str, package: str) -> str | None:
    """Why a room may not import a module; None where it may."""
    top, _, rest = module.partition(".")
    if top != package:
        owner = ONLY_ROOM_WITH.get(top, room)
        return None if owner == room else f"{top} belongs to {owner}"
    name = rest.partition(".")[0]
    if not name or name.startswith("__"):  # the package as such, its version or its file
        return None
    target = _room(name) if _room(name) in FLOOR_OF else FACE
    if room == target or FLOOR_OF[target] < FLOOR_OF[room]:
        return None
    return f"{room} (floor {FLOOR_OF[room]}) imports {target} (floor {FLOOR_OF[target]})"


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
