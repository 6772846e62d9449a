"""Why staff changed something, in their words, beside the entry of history that tells it."""

from django.db import models

from concerns.models.concern import Concern
from engagement.places.models import Agency

REASON_LIMIT = 300


class ChangeReason(models.Model):
    """`entry_id` is the entry of the audit log, which itself holds no free text. For staff only."""

    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    concern = models.ForeignKey(Concern, on_delete=models.CASCADE, related_name="+")
    entry_id = models.BigIntegerField(unique=True)
    text = models.CharField(max_length=REASON_LIMIT)

    def __str__(self) -> str:
        return f"why {self.entry_id}"
