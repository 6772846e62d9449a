"""Why a concern is late, in words that its reporter reads."""

from django.conf import settings
from django.db import models

from concerns import words
from concerns.models.concern import Concern
from engagement.places.models import Agency


class DelayReason(models.Model):
    """The newest one counts; the ones before stay as history."""

    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    concern = models.ForeignKey(Concern, on_delete=models.CASCADE, related_name="delay_reasons")
    text = models.TextField(max_length=words.TEXT_LIMIT)
    at = models.DateTimeField()
    by_user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        ordering = ("concern", "id")

    def __str__(self) -> str:
        return f"why {self.concern_id} is late"
