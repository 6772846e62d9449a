"""Agencies that were here before get what new ones get."""

from django.db import migrations

from concerns.published.prevention import usual_prevention


def give(apps, schema_editor):
    usual, alias = usual_prevention(), schema_editor.connection.alias
    Prevention = apps.get_model("published", "Prevention")
    for agency in apps.get_model("places", "Agency").objects.using(alias).order_by("pk"):
        Prevention.objects.using(alias).bulk_create(
            (
                Prevention(agency=agency, category_code=code, advice=advice)
                for code, advice in usual.items()
            ),
            ignore_conflicts=True,
        )


class Migration(migrations.Migration):
    dependencies = [("published", "0007_states_and_prevention_advice")]

    operations = [migrations.RunPython(give, migrations.RunPython.noop)]
