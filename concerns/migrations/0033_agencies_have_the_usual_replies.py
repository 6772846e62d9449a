"""Agencies that were here before get the usual texts that replies begin with."""

import json
from pathlib import Path
from typing import Any

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

USUAL = Path(__file__).resolve().parent.parent / "fixtures" / "reply_templates.json"


def store_templates(apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
    parts: dict[str, Any] = json.loads(USUAL.read_text(encoding="utf-8"))
    alias = editor.connection.alias
    agencies = apps.get_model("places", "Agency").objects.using(alias).order_by("id")
    templates = apps.get_model("concerns", "ReplyTemplate").objects.using(alias)
    for agency_id in agencies.values_list("pk", flat=True):
        for state, groups in parts["did"].items():
            for group, languages in groups.items():
                for language in languages:
                    templates.create(
                        agency_id=agency_id,
                        state=state,
                        group=group,
                        language=language,
                        name=parts["names"][state][language],
                        text=text(parts, state, group, language),
                    )


def text(parts: dict[str, Any], state: str, group: str, language: str) -> str:
    lines = [
        parts["heard"][group],
        parts["sorry"][group],
        parts["did"][state][group],
        parts["next"][state],
        parts["call"],
    ]
    return "\n".join([*(line[language] for line in lines), "{officer}"])


class Migration(migrations.Migration):
    dependencies = [("concerns", "0032_questions_lapse_by_their_day")]

    operations = [migrations.RunPython(store_templates, migrations.RunPython.noop)]
