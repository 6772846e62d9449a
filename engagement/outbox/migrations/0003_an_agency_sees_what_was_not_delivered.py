"""Dead letters are found by agency."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("outbox", "0002_texts_are_sent_and_stopped"),
        ("people", "0007_phones_letters_and_wishes"),
        ("places", "0005_house_numbers_raise_the_revision"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="message",
            index=models.Index(
                condition=models.Q(("state__in", ("failed", "expired", "unknown"))),
                fields=["agency", "subject_type", "-finished_at"],
                name="dead_letters_of_an_agency",
            ),
        ),
    ]
