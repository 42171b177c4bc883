"""The rules of the house: a room is a folder, imports run down, and each heavy library has one room."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[1] / "src" / "quotetrack"

LEVELS = (
    ("lang", "sample"),
    ("core",),
    ("models", "store"),
    ("ingest", "extract", "linking", "search", "export", "evaluation"),
    ("pipeline", "training"),
    ("render", "review"),
    ("api",),
    ("web",),
    ("cli",),
)
LEVEL_OF = {room: level for level, rooms in enumerate(LEVELS) for room in rooms}
BESIDE_THE_ROOMS = ("__init__.py", "__main__.py")  # the public API and the program: they may import from any room
ROOMS_WITH = {
    "spacy": ("extract", "models"),  # the pipeline that extract runs is loaded with the other models
    "sqlalchemy": ("store",),
    "alembic": ("store",),
    "sentence_transformers": ("models",),
    "transformers": ("models",),
    "torch": ("models", "training"),
    "trafilatura": ("ingest",),
    "httpx": ("ingest",),
    "feedparser": ("ingest",),
    "protego": ("ingest",),
    "fastapi": ("web",),
    "starlette": ("web",),
    "uvicorn": ("web",),
    "argon2": ("review",),
    "pyarrow": ("export", "ingest"),
    "distributed": ("pipeline",),
    "openpyxl": ("export",),
}


def breaches(package: Path) -> list[str]:
    """Return what breaks the rules in a package, each as `file:line: why`."""
    found = []
    for file in sorted(package.rglob("*.py")):
        place = file.relative_to(package)
        room = place.parts[0] if len(place.parts) > 1 else None
        if room not in LEVEL_OF and place.as_posix() not in BESIDE_THE_ROOMS:
            found.append(f"{place}:1: stands in no room")
        elif file.stem in ("util", "utils"):
            found.append(f"{place}:1: a name that says nothing")
        elif room is not None:
            tree = ast.parse(file.read_text("utf-8"))
            for line, module in _imports(tree, package.name):
                if why := _against_levels(room, module, package.name) or _against_libraries(room, module):
                    found.append(f"{place}:{line}: {why}")
    return found


def _imports(tree: ast.Module, package: str) -> Iterator[tuple[int, str]]:
    """Yield the line and absolute name of every imported module, inside functions too; not what types alone need."""
    blocks = [n for n in ast.walk(tree) if isinstance(n, ast.If) and ast.unparse(n.test) == "TYPE_CHECKING"]
    for_types = {node.lineno for block in blocks for node in block.body}
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            assert not node.level, "imports are absolute"
            is_package = node.module == package
            names = [f"{package}.{alias.name}" for alias in node.names] if is_package else [node.module or ""]
        else:
            continue
        yield from ((node.lineno, name) for name in names if node.lineno not in for_types or name.startswith(package))


def _against_levels(room: str, module: str, package: str) -> str | None:
    """Return why a room may not import a module of ours; None where it may."""
    if module != package and not module.startswith(f"{package}."):
        return None
    target = module.removeprefix(f"{package}.").partition(".")[0]
    if target == room:
        return None
    if target not in LEVEL_OF:
        return f"{room} imports {target} from the public API, which stands above it"
    if LEVEL_OF[target] < LEVEL_OF[room]:
        return None
    return f"{room} (level {LEVEL_OF[room]}) imports {target} (level {LEVEL_OF[target]})"


def _against_libraries(room: str, module: str) -> str | None:
    """Return why a room may not load a library; None where it may."""
    library = module.partition(".")[0]
    owners = ROOMS_WITH.get(library, (room,))
    return None if room in owners else f"{library} belongs to {' and '.join(owners)}"


def test_the_house_keeps_its_rules():
    assert breaches(PACKAGE) == []


@pytest.mark.parametrize(
    ("file", "line", "breach"),
    [
        ("core/normalize.py", "from quotetrack.linking import compare", "core (level 1) imports linking (level 3)"),
        ("linking/compare.py", "import quotetrack.search.answer", "linking (level 3) imports search (level 3)"),
        ("linking/compare.py", "from quotetrack import pipeline", "linking (level 3) imports pipeline (level 4)"),
        ("store/links.py", "def late():\n    from quotetrack.cli import app", "store (level 2) imports cli (level 8)"),
        (
            "store/engine.py",
            "import quotetrack",
            "store imports quotetrack from the public API, which stands above it",
        ),
        (
            "search/answer.py",
            "from quotetrack import link_sightings",
            "search imports link_sightings from the public API, which stands above it",
        ),
        (
            "extract/quotes.py",
            "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from quotetrack.cli import app",
            "extract (level 3) imports cli (level 8)",
        ),
        ("pipeline/nightly.py", "import spacy", "spacy belongs to extract and models"),
        ("pipeline/nightly.py", "if True:\n    from sqlalchemy.orm import Session", "sqlalchemy belongs to store"),
        ("cli/ingest.py", "def read():\n    import trafilatura", "trafilatura belongs to ingest"),
        ("extract/utils.py", "", "a name that says nothing"),
        ("helpers.py", "", "stands in no room"),
        ("helpers/text.py", "", "stands in no room"),
    ],
)
def test_a_breach_is_found(tmp_path, file, line, breach):
    (found,) = breaches(_house(tmp_path, {file: line}))
    assert found.startswith(f"{file}:") and found.endswith(breach)


def test_what_is_allowed_is_let_through(tmp_path):
    sources = {
        "core/normalize.py": "import re\nfrom quotetrack.lang import lines",
        "store/links.py": "import sqlalchemy\nfrom quotetrack.core import domain",
        "pipeline/nightly.py": "from quotetrack import linking, store\nfrom quotetrack.core.domain import Span",
        "render/answers.py": "import typing\nif TYPE_CHECKING:\n    from spacy.language import Language",
        "cli/app.py": "def run():\n    from quotetrack.pipeline import nightly",
        "__init__.py": "from quotetrack import search",
    }
    assert breaches(_house(tmp_path, sources)) == []


def _house(folder: Path, sources: dict[str, str]) -> Path:
    package = folder / "quotetrack"
    for name, source in sources.items():
        (package / name).parent.mkdir(parents=True, exist_ok=True)
        (package / name).write_text(source, "utf-8")
    return package
