"""Tables that are made together are the same as tables made one after another."""

from collections.abc import Iterable

import pytest
from django.db import connections, models
from django.db.migrations.operations import CreateModel
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ModelState, ProjectState, StateApps
from django.db.migrations.writer import OperationWriter

from engagement.migrating import CreateModels


def steps() -> list[CreateModel]:
    shelf = CreateModel(
        name="Shelf",
        fields=[("id", models.BigAutoField(primary_key=True)), ("name", models.TextField())],
        options={
            "constraints": [models.UniqueConstraint(fields=("name",), name="one_shelf_of_a_name")]
        },
    )
    book = CreateModel(
        name="Book",
        fields=[
            ("id", models.BigAutoField(primary_key=True)),
            ("shelf", models.ForeignKey(on_delete=models.CASCADE, to="library.shelf")),
        ],
    )
    return [shelf, book]


def applied(operations: Iterable[Operation]) -> tuple[ProjectState, list[str]]:
    state = ProjectState()
    assert state.apps  # rendered, as in a migration
    with connections["owner"].schema_editor(collect_sql=True) as editor:
        for operation in operations:
            before = state.clone()
            operation.state_forwards("library", state)
            operation.database_forwards("library", editor, before, state)
    return state, [str(line) for line in editor.collected_sql]


@pytest.mark.django_db(databases=["owner"])
def test_made_together_they_say_the_same_to_the_database() -> None:
    apart, said_apart = applied(steps())
    together, said_together = applied([CreateModels(steps())])
    assert together == apart
    assert said_together == said_apart
    assert any("one_shelf_of_a_name" in line for line in said_together)
    assert any("FOREIGN KEY" in line for line in said_together)


@pytest.mark.django_db(databases=["owner"])
def test_unmade_they_go_in_the_opposite_order() -> None:
    after, _ = applied([CreateModels(steps())])
    with connections["owner"].schema_editor(collect_sql=True) as editor:
        CreateModels(steps()).database_backwards("library", editor, after, ProjectState())
    dropped = [str(line) for line in editor.collected_sql if "DROP TABLE" in str(line)]
    assert ['"library_book"' in line for line in dropped] == [True, False]


def test_the_models_are_rendered_once(monkeypatch: pytest.MonkeyPatch) -> None:
    rounds: list[int] = []
    render = StateApps.render_multiple

    def counted(apps: StateApps, found: list[ModelState]) -> None:
        rounds.append(len(found))
        render(apps, found)

    state = ProjectState()
    assert state.apps
    monkeypatch.setattr(StateApps, "render_multiple", counted)
    CreateModels(steps()).state_forwards("library", state)
    assert state.apps.get_model("library.book")
    assert rounds == [2]


def test_a_migration_that_is_written_anew_keeps_them_together() -> None:
    text, imports = OperationWriter(CreateModels(steps()), indentation=0).serialize()
    assert text.startswith("engagement.migrating.CreateModels(")
    assert text.count("migrations.CreateModel(") == 2
    assert "import engagement.migrating" in imports
