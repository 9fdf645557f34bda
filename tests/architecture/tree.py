"""The code as text and syntax trees, for the tests of what the import linter can't see."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
ROOMS = ("clinic", "accounts", "plans")
# From the ground up: a slice may know those before it, and itself.
FLOORS = {"people": 0, "post": 1, "library": 2, "programs": 3, "journal": 4, "followup": 5, "desk": 6, "today": 6}


@dataclass(frozen=True)
class Module:
    path: Path

    @property
    def name(self) -> str:
        return self.path.relative_to(ROOT).as_posix()

    @property
    def text(self) -> str:
        return self.path.read_text()

    @property
    def slice(self) -> str | None:
        """`journal` for plans/journal/models.py; None for the site's own modules."""
        parts = self.path.relative_to(ROOT).parts
        return parts[1] if parts[0] in {"accounts", "plans"} and len(parts) > 2 else None

    @property
    def layer(self) -> str | None:
        """`views` for plans/journal/views/logging.py."""
        parts = self.path.relative_to(ROOT).with_suffix("").parts
        return parts[2] if self.slice and len(parts) > 2 else None

    @property
    def tree(self) -> ast.Module:
        return parsed(self.path)


@cache
def parsed(path: Path) -> ast.Module:
    return ast.parse(path.read_text(), filename=str(path))


def modules() -> list[Module]:
    """Every module of ours but the migrations."""
    found = (path for room in ROOMS for path in sorted((ROOT / room).rglob("*.py")))
    return [Module(path) for path in found if "migrations" not in path.parts]


def templates() -> list[Path]:
    return sorted((ROOT / "templates").rglob("*.*"))


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def may_know(knower: str, known: str) -> bool:
    """desk and today stand side by side and do not know each other."""
    return knower == known or FLOORS[known] < FLOORS[knower]


def functions(tree: ast.Module) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    return (node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef))


def lines_of(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """From `def` to the end, without the docstring: explaining is never too long."""
    assert function.end_lineno is not None
    length = function.end_lineno - function.lineno + 1
    first = function.body[0]
    if isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant) and isinstance(first.value.value, str):
        assert first.end_lineno is not None
        length -= first.end_lineno - first.lineno + 1
    return length


def called(node: ast.Call) -> str:
    """The last word of what is called: `apply_async` for a.b.apply_async(...)."""
    if isinstance(node.func, ast.Attribute):
        return node.func.attr
    return node.func.id if isinstance(node.func, ast.Name) else ""


def calls(tree: ast.Module) -> Iterator[ast.Call]:
    return (node for node in ast.walk(tree) if isinstance(node, ast.Call))
