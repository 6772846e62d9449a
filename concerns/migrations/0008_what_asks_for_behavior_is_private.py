"""What people say about what others did is never shown, whatever its kind is called."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("concerns", "0007_the_usual_questions_are_asked")]

    operations = [
        migrations.AddConstraint(
            model_name="category",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("mode", "guided"), _negated=True),
                    models.Q(("publishes_without_text", False), ("visibility", "never")),
                    _connector="OR",
                ),
                name="a_category_that_asks_for_behavior_is_always_private",
                violation_error_message="What asks for behavior stays private: choose “Never public”.",
            ),
        ),
    ]
