"""No edge between modules that a reader of the imports would not see."""

import ast

from django.apps import apps

from tests.guards.source import modules

# Lowest first: a room may point at rooms before it in this list, never after.
FLOORS = [
    *(
        "keys",
        "audit",
        "places",
        "people",
        "doors",
        "outbox",
        "groups",
        "published",
        "subscriptions",
    ),
    *("concerns", "meetings", "portal"),
]


def test_no_import_hides_inside_a_function() -> None:
    hidden = [
        f"{path}:{inner.lineno}"
        for path, tree in modules().items()
        if path.name != "apps.py"
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        for inner in ast.walk(node)
        if isinstance(inner, ast.Import | ast.ImportFrom)
    ]
    assert hidden == []


def test_nobody_listens_to_model_signals() -> None:
    receivers = [
        f"{path}:{node.lineno}"
        for path, tree in modules().items()
        for node in ast.walk(tree)
        if (isinstance(node, ast.Name) and node.id == "receiver")
        or (isinstance(node, ast.ImportFrom) and node.module == "django.db.models.signals")
    ]
    assert receivers == []


def test_every_own_app_has_a_place_in_the_house() -> None:
    own = {
        config.label
        for config in apps.get_app_configs()
        if config.name.split(".")[0] in {"engagement", "concerns", "meetings", "portal"}
    }
    assert own == set(FLOORS)


def test_every_relation_points_down() -> None:
    upward = [
        f"{model._meta.label}.{field.name} -> {field.related_model._meta.label}"
        for model in apps.get_models()
        if model._meta.app_label in FLOORS
        for field in model._meta.get_fields()
        if field.is_relation and field.concrete and field.related_model not in (None, "self")
        if field.related_model._meta.app_label in FLOORS
        and FLOORS.index(field.related_model._meta.app_label) > FLOORS.index(model._meta.app_label)
    ]
    assert upward == []


def test_no_generic_relation_joins_people_to_what_they_did() -> None:
    generic = [
        f"{model._meta.label}.{field.name}"
        for model in apps.get_models()
        if model._meta.app_label in FLOORS
        for field in model._meta.private_fields
    ]
    assert generic == []
