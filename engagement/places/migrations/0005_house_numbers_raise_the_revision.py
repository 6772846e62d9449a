from django.db import migrations

TRIGGER = """
CREATE TRIGGER {table}_{event}_raises_the_revision AFTER {event} ON {table}
REFERENCING {side} TABLE AS changed
FOR EACH STATEMENT EXECUTE FUNCTION places_raise_street_revision()
"""
EVENTS = {"insert": "NEW", "update": "NEW", "delete": "OLD"}


class Migration(migrations.Migration):
    """Streets that only the addresses know, and the blocks, are remembered like the streets."""

    dependencies = [("places", "0004_house_numbers_and_the_blocks_they_fill")]

    operations = [
        migrations.RunSQL(
            TRIGGER.format(table=table, event=event, side=side),
            f"DROP TRIGGER {table}_{event}_raises_the_revision ON {table}",
        )
        for table in ("places_address", "places_block")
        for event, side in EVENTS.items()
    ]
