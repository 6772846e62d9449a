from django.db import migrations, models

VERBS = [
    ("assign", "Give to an officer"),
    ("area", "Give to the officer of each area"),
    ("team", "Give to a team"),
    ("accept", "Accept"),
    ("start", "Start work"),
    ("resolve", "Resolve"),
    ("close", "Close"),
    ("reopen", "Open again"),
    ("priority", "Set the priority"),
    ("tag", "Put a tag on"),
    ("untag", "Take a tag off"),
    ("category", "Correct the category"),
    ("reply", "Reply with a text"),
]


class Migration(migrations.Migration):
    dependencies = [("concerns", "0036_numbers_marks_and_services_stay_inside_the_agency")]

    operations = [
        migrations.AlterField(
            model_name="bulkrun",
            name="verb",
            field=models.CharField(choices=VERBS, max_length=10),
        ),
    ]
