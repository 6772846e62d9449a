"""A rule may propose to hand work on to an organisation of its agency."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import concerns.routing

LINKS = [
    ("concerns_routingrule", "rule_to_organisation_of_its_agency"),
    ("concerns_concernroute", "route_to_organisation_of_its_agency"),
]


def link(table: str, name: str) -> migrations.RunSQL:
    return migrations.RunSQL(
        sql=f"""
            ALTER TABLE {table} ADD CONSTRAINT {name}
            FOREIGN KEY (agency_id, organisation_id) REFERENCES groups_organisation (agency_id, id)
            DEFERRABLE INITIALLY DEFERRED
        """,
        reverse_sql=f"ALTER TABLE {table} DROP CONSTRAINT {name}",
    )


class Migration(migrations.Migration):
    dependencies = [
        ("concerns", "0035_moves_are_found_by_week"),
        ("concerns", "0037_work_goes_to_the_officer_of_each_area"),
        ("groups", "0002_links_stay_inside_the_agency"),
        ("places", "0005_house_numbers_raise_the_revision"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="routingrule",
            name="a_rule_names_exactly_whom_it_sends_to",
        ),
        migrations.AddField(
            model_name="concernroute",
            name="organisation",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="groups.organisation",
            ),
        ),
        migrations.AddField(
            model_name="routingrule",
            name="organisation",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="groups.organisation",
            ),
        ),
        migrations.AlterField(
            model_name="routingrule",
            name="target",
            field=models.CharField(
                choices=[
                    ("team", "A team"),
                    ("person", "A person"),
                    ("area", "The officer of the area"),
                    ("organisation", "The officer of the area, to hand it on to an organisation"),
                ],
                max_length=12,
            ),
        ),
        migrations.AddConstraint(
            model_name="routingrule",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("organisation__isnull", True),
                        ("person__isnull", True),
                        ("target", concerns.routing.Target["TEAM"]),
                        ("team__isnull", False),
                    ),
                    models.Q(
                        ("organisation__isnull", True),
                        ("person__isnull", False),
                        ("target", concerns.routing.Target["PERSON"]),
                        ("team__isnull", True),
                    ),
                    models.Q(
                        ("organisation__isnull", True),
                        ("person__isnull", True),
                        ("target", concerns.routing.Target["AREA"]),
                        ("team__isnull", True),
                    ),
                    models.Q(
                        ("organisation__isnull", False),
                        ("person__isnull", True),
                        ("target", concerns.routing.Target["ORGANISATION"]),
                        ("team__isnull", True),
                    ),
                    _connector="OR",
                ),
                name="a_rule_names_exactly_whom_it_sends_to",
            ),
        ),
        *(link(*row) for row in LINKS),
    ]
