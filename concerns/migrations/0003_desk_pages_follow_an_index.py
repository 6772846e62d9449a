"""Indexes in the order of the desk's pages, and what the planner cannot guess about them."""

from django.db import migrations, models

OPEN = models.Q(("state__in", ["accepted", "received", "waiting", "working"]))


class Migration(migrations.Migration):
    dependencies = [("concerns", "0002_links_stay_inside_the_agency")]

    operations = [
        migrations.RemoveIndex(model_name="concern", name="open_work_by_deadline"),
        migrations.AddIndex(
            model_name="concern",
            index=models.Index(
                fields=["agency", "acknowledge_by", "resolve_by", "id"],
                include=["state", "owner", "area", "category"],
                condition=OPEN,
                name="open_work_by_deadline",
            ),
        ),
        migrations.AddIndex(
            model_name="concern",
            index=models.Index(
                fields=["agency", "area", "-received_on", "-id"], name="concerns_of_an_area"
            ),
        ),
        # A category and an area belong to one agency. Taken for independent, their shares are
        # multiplied, and thousands of rows are sorted where an index has them in order.
        migrations.RunSQL(
            "CREATE STATISTICS concern_kinds_and_areas_of_an_agency (dependencies, mcv) "
            "ON agency_id, category_id, area_id FROM concerns_concern",
            "DROP STATISTICS concern_kinds_and_areas_of_an_agency",
        ),
    ]
