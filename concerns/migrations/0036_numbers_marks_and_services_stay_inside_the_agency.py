"""What hangs on a concern hangs on one of its own agency; the database refuses others."""

from django.db import migrations

LINKS = [
    ("concerns_outsidenumber", "outside_number_of_its_agency", "concern_id", "concerns_concern"),
    ("concerns_outsidenumber", "call_of_a_number_of_its_agency", "call_id", "concerns_outsidecall"),
    ("concerns_callsuggestion", "call_suggestion_of_its_agency", "concern_id", "concerns_concern"),
    ("concerns_callsuggestion", "suggested_call_of_its_agency", "call_id", "concerns_outsidecall"),
    ("concerns_visit", "visit_of_its_agency", "concern_id", "concerns_concern"),
    ("concerns_wrongdoor", "wrong_door_of_its_agency", "concern_id", "concerns_concern"),
    ("concerns_wrongdoorpage", "page_of_its_agency", "wrong_door_id", "concerns_wrongdoor"),
    (
        "concerns_wrongdoorcall",
        "wrong_door_call_of_its_agency",
        "wrong_door_id",
        "concerns_wrongdoor",
    ),
    ("concerns_dutyshift", "number_of_a_shift_of_its_agency", "contact_id", "people_contact"),
    ("concerns_servicerequest", "service_of_its_agency", "concern_id", "concerns_concern"),
    ("concerns_emptyhome", "absence_of_its_agency", "concern_id", "concerns_concern"),
    ("concerns_securitysurvey", "survey_of_its_agency", "concern_id", "concerns_concern"),
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


class Migration(migrations.Migration):
    dependencies = [("concerns", "0035_numbers_visits_wrong_doors_and_services")]

    operations = [link(*row) for row in LINKS]
