"""Rules, routes and escalations link only to rows of one agency; open work learns when it is very
late."""

from django.db import migrations

LINKS = [
    ("concerns_routingrule", "rule_to_team_of_its_agency", "team_id", "concerns_team"),
    ("concerns_routingrule", "rule_gives_tag_of_its_agency", "tag_id", "concerns_tag"),
    ("concerns_rulecategory", "kind_of_rule_of_its_agency", "rule_id", "concerns_routingrule"),
    ("concerns_rulecategory", "rule_kind_of_its_agency", "category_id", "concerns_category"),
    ("concerns_rulearea", "area_of_rule_of_its_agency", "rule_id", "concerns_routingrule"),
    ("concerns_rulearea", "rule_area_of_its_agency", "area_id", "places_area"),
    ("concerns_concernroute", "route_of_its_agency", "concern_id", "concerns_concern"),
    ("concerns_concernroute", "route_by_rule_of_its_agency", "rule_id", "concerns_routingrule"),
    ("concerns_concernroute", "route_to_team_of_its_agency", "team_id", "concerns_team"),
    ("concerns_escalation", "escalation_of_its_agency", "concern_id", "concerns_concern"),
]

# In days of the calendar, which for three times the target is near enough; what comes in from now
# on is counted in business days.
VERY_LATE = """
    UPDATE concerns_concern
    SET very_late_after = received_on + 3 * (resolve_by - received_on)
    WHERE state IN ('received', 'accepted', 'working', 'waiting') AND resolve_by >= received_on
"""


def link(table: str, name: str, column: str, target: str) -> migrations.RunSQL:
    return migrations.RunSQL(
        sql=f"""
            ALTER TABLE {table} ADD CONSTRAINT {name}
            FOREIGN KEY (agency_id, {column}) REFERENCES {target} (agency_id, id)
            DEFERRABLE INITIALLY DEFERRED
        """,
        reverse_sql=f"ALTER TABLE {table} DROP CONSTRAINT {name}",
    )


class Migration(migrations.Migration):
    dependencies = [("concerns", "0022_work_is_routed_by_rules_and_told_when_late")]

    operations = [
        *(link(*row) for row in LINKS),
        migrations.RunSQL(sql=VERY_LATE, reverse_sql=migrations.RunSQL.noop),
    ]
