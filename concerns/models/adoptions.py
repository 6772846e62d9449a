"""A report that somebody put into their account after sending it."""

import uuid

from django.db import models

from concerns.models.concern import Concern
from engagement.places.models import Agency


class Adoption(models.Model):
    """`account_link` is the same keyed hash that a report sent while signed in carries.

    Apart from Reporter, so that the row of an anonymous reporter stays empty whatever is done
    later. Holds no moment and no number in order: these would join a sign-in to a report.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    concern = models.ForeignKey(
        Concern, on_delete=models.CASCADE, related_name="adoptions", db_index=False
    )
    account_link = models.BinaryField(max_length=32)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["concern", "account_link"], name="an_account_adopts_a_report_once"
            ),
        ]
        indexes = [models.Index(fields=["account_link"], name="reports_adopted_by_an_account")]

    def __str__(self) -> str:
        return f"adoption of {self.concern_id}"
