"""Agencies get the usual reasons; decisions and flags link only to rows of their agency."""

import json
from pathlib import Path

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

USUAL = Path(__file__).resolve().parent.parent / "fixtures" / "moderation_reasons.json"
LINKS = [
    ("concerns_moderationdecision", "decision_of_its_agency", "concern_id", "concerns_concern"),
    (
        "concerns_moderationdecision",
        "reason_of_its_agency",
        "reason_id",
        "concerns_moderationreason",
    ),
    ("concerns_flag", "flag_of_its_agency", "concern_id", "concerns_concern"),
]


def link(table: str, name: str, column: str, target: str) -> migrations.RunSQL:
    return migrations.RunSQL(
        sql=f"""
            ALTER TABLE {table} ADD CONSTRAINT {name}
            FOREIGN KEY (agency_id, {column}) REFERENCES {target} (agency_id, id)
            DEFERRABLE INITIALLY DEFERRED
        """,
        reverse_sql=f"ALTER TABLE {table} DROP CONSTRAINT {name}",
    )


def store_reasons(apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
    alias = editor.connection.alias
    agencies = apps.get_model("places", "Agency").objects.using(alias).order_by("id")
    reasons = apps.get_model("concerns", "ModerationReason").objects.using(alias)
    usual = json.loads(USUAL.read_text(encoding="utf-8"))
    for agency_id in agencies.values_list("pk", flat=True):
        for place, one in enumerate(usual, start=1):
            reasons.create(agency_id=agency_id, sort=10 * place, **one)


class Migration(migrations.Migration):
    dependencies = [("concerns", "0039_what_is_taken_down_has_a_published_reason")]

    operations = [
        *(link(*row) for row in LINKS),
        migrations.RunPython(store_reasons, migrations.RunPython.noop),
    ]
