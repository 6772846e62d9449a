"""What is handed on links only to rows of its own agency. Where a concern went may be another's."""

from django.db import migrations

LINKS = [
    ("concerns_handoff", "handoff_of_its_agency", "concern_id", "concerns_concern"),
    (
        "concerns_handoff",
        "handoff_to_an_organisation_of_its_agency",
        "organisation_id",
        "groups_organisation",
    ),
    ("concerns_handoffentry", "handoff_entry_of_its_agency", "handoff_id", "concerns_handoff"),
    ("concerns_handofflink", "handoff_link_of_its_agency", "handoff_id", "concerns_handoff"),
    ("concerns_sharedphoto", "shared_photo_of_its_agency", "handoff_id", "concerns_handoff"),
    ("concerns_sharedphoto", "public_copy_of_its_agency", "photo_id", "published_publicphoto"),
    ("concerns_returnedphoto", "returned_photo_of_its_agency", "entry_id", "concerns_handoffentry"),
    ("concerns_outsiderequest", "outside_request_of_its_agency", "handoff_id", "concerns_handoff"),
    (
        "concerns_outsideservice",
        "outside_service_of_its_agency",
        "organisation_id",
        "groups_organisation",
    ),
    ("concerns_referral", "referral_of_its_agency", "concern_id", "concerns_concern"),
    ("concerns_contactconsent", "contact_consent_of_its_agency", "concern_id", "concerns_concern"),
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
    dependencies = [
        ("concerns", "0028_work_is_handed_on"),
        ("groups", "0002_links_stay_inside_the_agency"),
    ]

    operations = [link(*row) for row in LINKS]
