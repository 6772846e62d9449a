"""What the floor is asked to do by name must be registered under that name."""

import ast
import re
from pathlib import Path

import pytest
from django.template.loader import get_template

from engagement.audit.registry import known_events
from engagement.outbox.registry import Kind, known_kinds
from engagement.people.registry import known_permissions
from tests.guards.source import calls, first_string, modules


def _constants() -> dict[str, str]:
    """Return module constants that hold one string, by their name."""
    return {
        target.id: node.value.value
        for tree in modules().values()
        for node in tree.body
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant)
        if isinstance(node.value.value, str)
        for target in node.targets
        if isinstance(target, ast.Name)
    }


def _named(function: str, argument: int = 0) -> list[tuple[Path, str]]:
    constants = _constants()
    found = []
    for path, call in calls(function):
        if len(call.args) <= argument:
            continue
        node = call.args[argument]
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            found.append((path, node.value))
        elif isinstance(node, ast.Name) and node.id in constants:
            found.append((path, constants[node.id]))
    return found


def test_every_recorded_event_is_registered() -> None:
    recorded = _named("record")
    assert recorded
    assert [f"{path}: {name}" for path, name in recorded if name not in known_events()] == []


def test_every_kind_that_a_notice_names_is_registered() -> None:
    known = {kind.name for kind in known_kinds()}
    named = {
        (path, node.value)
        for path, tree in modules().items()
        if path.name in ("notices.py", "account_mails.py")
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
        if re.fullmatch(r"[a-z]+\.[a-z_]+", node.value)
    }
    assert named
    assert sorted(f"{path}: {name}" for path, name in named if name not in known) == []


@pytest.mark.parametrize("kind", known_kinds(), ids=lambda kind: kind.name)
def test_every_kind_has_its_three_templates(kind: Kind) -> None:
    for ending in (".subject.txt", ".txt", ".html"):
        assert get_template(kind.template + ending)


def test_every_asked_permission_is_registered() -> None:
    asked = _named("staff_page") + _named("allowed", 1)
    assert asked
    known = {permission.name for permission in known_permissions()}
    assert [f"{path}: {name}" for path, name in asked if name not in known] == []


def test_literal_names_are_found_by_the_walk() -> None:
    literals = [first_string(call) for _, call in calls("staff_page")]
    assert literals
