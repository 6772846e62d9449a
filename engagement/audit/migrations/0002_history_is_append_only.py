from django.db import migrations

APPEND_ONLY = ["audit_entry", "audit_link", "audit_anchor"]

REFUSE = """
CREATE FUNCTION audit_refuses_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'history is append-only: % on % is refused', TG_OP, TG_TABLE_NAME
        USING ERRCODE = 'integrity_constraint_violation';
END $$;
"""
FORGET = "DROP FUNCTION audit_refuses_change();"


def triggers(table: str, events: str) -> migrations.RunSQL:
    """Statement triggers also refuse a change that would meet no row."""
    return migrations.RunSQL(
        f"CREATE TRIGGER {table}_never_changes BEFORE {events} ON {table} "
        "FOR EACH STATEMENT EXECUTE FUNCTION audit_refuses_change()",
        f"DROP TRIGGER {table}_never_changes ON {table}",
    )


# Residents' entries hold the full hour only and cannot be given another time later.
HOUR = migrations.RunSQL(
    "ALTER TABLE audit_entry ADD CONSTRAINT residents_leave_the_full_hour_only CHECK "
    "(actor_kind IN ('staff', 'task') OR extract(epoch FROM at) % 3600 = 0)",
    "ALTER TABLE audit_entry DROP CONSTRAINT residents_leave_the_full_hour_only",
)


class Migration(migrations.Migration):
    dependencies = [("audit", "0001_initial")]

    operations = [
        migrations.RunSQL(REFUSE, FORGET),
        *(triggers(table, "UPDATE OR DELETE OR TRUNCATE") for table in APPEND_ONLY),
        # A payload may be destroyed whole, one entry at a time; it is never edited.
        triggers("audit_payload", "UPDATE OR TRUNCATE"),
        HOUR,
    ]
