"""The first page of the desk follows indexes."""

from django.db import migrations, models


class Migration(migrations.Migration):
    # Two ways led on from the join of reports; here they meet again.
    dependencies = [
        ("concerns", "0033_agencies_have_the_usual_replies"),
        ("concerns", "0033_steps_on_many_stay_inside_the_agency"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="concern",
            index=models.Index(
                condition=models.Q(
                    (
                        "state__in",
                        [
                            "accepted",
                            "received",
                            "waiting",
                            "working",
                        ],
                    )
                ),
                fields=["owner", "due_by", "id"],
                name="open_work_of_one_by_due_day",
            ),
        ),
        migrations.AddIndex(
            model_name="concern",
            index=models.Index(
                condition=models.Q(
                    (
                        "state__in",
                        [
                            "accepted",
                            "received",
                            "waiting",
                            "working",
                        ],
                    ),
                    ("owner__isnull", True),
                ),
                fields=["agency", "area", "due_by", "id"],
                name="open_work_to_take",
            ),
        ),
    ]
