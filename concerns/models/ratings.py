"""What reporters say about how they were treated, so that no answer leads back to its report.

The mark says that a report was rated and holds nothing else. The answer waits, sealed with a key
outside the database, until ten of an agency wait; then they are counted together and deleted.
"""

import uuid

from django.db import models
from django.db.models import Q

from concerns.models.concern import Concern
from engagement.places.models import Agency

# Staff read figures of at least so many reporters.
FEWEST = 10


class RatingMark(models.Model):
    """Uses up the one rating that a report has."""

    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    concern = models.OneToOneField(
        Concern, primary_key=True, on_delete=models.CASCADE, related_name="rating_mark"
    )

    def __str__(self) -> str:
        return f"rated {self.concern_id}"


class WaitingRating(models.Model):
    """One sealed answer of nobody in particular, until enough wait beside it."""

    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    binding = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    sealed = models.BinaryField()

    def __str__(self) -> str:
        return f"rating {self.pk}"


class RatingRelease(models.Model):
    """Answers of at least ten reporters, counted together: {"respect": {"yes": 7, "no": 1}}."""

    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    released_on = models.DateField()
    reporters = models.PositiveSmallIntegerField()
    counts = models.JSONField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(reporters__gte=FEWEST), name="ratings_of_fewer_than_ten_stay_sealed"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.reporters} ratings {self.released_on}"
