"""That an officer was there. It counts as work, and the reporter is told the day."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from concerns.models.concern import Concern
from engagement.places.models import Agency

LINE_LIMIT = 200


class Visit(models.Model):
    """`was_at` is kept to the hour, as all times of a report are; CAD holds the minute.

    A second tap within the hour is the same visit. One that was pressed by mistake stays, marked.
    """

    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    concern = models.ForeignKey(Concern, on_delete=models.CASCADE, related_name="visits")
    by_user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    on = models.DateField()
    was_at = models.DateTimeField()
    # For staff only.
    line = models.CharField(max_length=LINE_LIMIT, blank=True)
    is_taken_back = models.BooleanField(default=False)

    class Meta:
        ordering = ("concern", "id")
        constraints = [
            models.UniqueConstraint(
                fields=["concern", "by_user", "was_at"],
                condition=Q(is_taken_back=False),
                name="an_officer_is_somewhere_once_an_hour",
            ),
        ]

    def __str__(self) -> str:
        return f"visit to {self.concern_id}"
