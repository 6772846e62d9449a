"""Who of the staff opened the page of a concern, by the day."""

import uuid

from django.conf import settings
from django.db import models

from concerns.models.concern import Concern
from engagement.people.roles import ROLE_CHOICES
from engagement.places.models import Agency


class Reading(models.Model):
    """One row however often somebody opened it that day.

    Its reporter reads role and day; who it was is for a supervisor alone.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    concern = models.ForeignKey(
        Concern, on_delete=models.CASCADE, related_name="readings", db_index=False
    )
    by_user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    role = models.CharField(max_length=20, choices=ROLE_CHOICES)
    on = models.DateField()

    class Meta:
        ordering = ("on", "role")
        constraints = [
            models.UniqueConstraint(
                fields=["concern", "on", "by_user", "role"],
                name="a_reading_is_written_once_a_day",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.role} {self.on}"
