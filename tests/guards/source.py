"""Our own source files, read as syntax trees for the guards."""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ("portal", "engagement", "concerns", "meetings")


@cache
def modules() -> dict[Path, ast.Module]:
    """Return every module of ours (migrations left out) by its path under the root."""
    found = {}
    for package in PACKAGES:
        for path in sorted((ROOT / package).rglob("*.py")):
            if "migrations" not in path.parts:
                found[path.relative_to(ROOT)] = ast.parse(path.read_text(), filename=str(path))
    return found


def calls(name: str) -> Iterator[tuple[Path, ast.Call]]:
    """Yield each call of a function or method called `name`, with its module."""
    for path, tree in modules().items():
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and _called(node) == name:
                yield path, node


def _called(node: ast.Call) -> str:
    if isinstance(node.func, ast.Attribute):
        return node.func.attr
    return node.func.id if isinstance(node.func, ast.Name) else ""


def first_string(node: ast.Call) -> str | None:
    """Return the call's first positional argument where it is a literal string."""
    if node.args and isinstance(node.args[0], ast.Constant) and isinstance(node.args[0].value, str):
        return node.args[0].value
    return None
