"""Agencies that were here before get the usual questions, and no public kind asks for behavior."""

import json
from pathlib import Path
from typing import Any

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

USUAL = Path(__file__).resolve().parent.parent / "fixtures" / "questions.json"


def store_questions(apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
    rows: list[dict[str, Any]] = json.loads(USUAL.read_text(encoding="utf-8"))
    kinds, alias = apps.get_model("concerns", "Category"), editor.connection.alias
    questions = apps.get_model("concerns", "Question").objects.using(alias)
    for category in kinds.objects.using(alias).order_by("id"):
        own = [(place, row) for place, row in enumerate(rows) if row["category"] == category.code]
        stored: dict[str, Any] = {}
        for place, row in own:
            stored[row["code"]] = store(questions, category, place, row, stored)


def store(
    questions: Any, category: Any, place: int, row: dict[str, Any], stored: dict[str, Any]
) -> Any:
    lists = row.get("choices", {})
    return questions.create(
        agency_id=category.agency_id,
        category=category,
        code=row["code"],
        kind=row["kind"],
        label=row["label"],
        help=row.get("help", {}),
        choices={code: "\n".join(lines) for code, lines in lists.items()},
        is_required=row.get("is_required", False),
        reminds_of_looks=row.get("reminds_of_looks", False),
        shown_when=stored.get(row.get("shown_when", "")),
        shown_for="\n".join(row.get("shown_for", [])),
        sort=place * 10,
    )


def take_plainly_what_is_public(apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
    """A kind that an agency shows stays as it is shown, but is no longer one about behavior."""
    kinds = apps.get_model("concerns", "Category").objects.using(editor.connection.alias)
    kinds.filter(mode="guided").exclude(visibility="never").update(mode="ticket")


class Migration(migrations.Migration):
    dependencies = [("concerns", "0006_questions_and_answers")]

    operations = [
        migrations.RunPython(store_questions, migrations.RunPython.noop),
        migrations.RunPython(take_plainly_what_is_public, migrations.RunPython.noop),
    ]
