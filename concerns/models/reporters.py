"""The person behind a concern, as little of them as the chosen level allows."""

from django.db import models
from django.db.models import Q

from concerns.models.concern import Concern
from engagement.people.models import Contact
from engagement.places.models import Agency


class Reporter(models.Model):
    """An anonymous reporter has neither contact nor account link.

    `account_link` is a keyed hash of the account, never a key to it: whoever holds only
    the database cannot walk from a user to a concern, or back.
    """

    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    concern = models.OneToOneField(Concern, on_delete=models.CASCADE, related_name="reporter")
    contact = models.OneToOneField(Contact, null=True, on_delete=models.SET_NULL, related_name="+")
    account_link = models.BinaryField(max_length=32, null=True)

    class Meta:
        indexes = [
            models.Index(
                fields=["account_link"],
                condition=Q(account_link__isnull=False),
                name="reports_linked_to_an_account",
            ),
        ]

    def __str__(self) -> str:
        return f"reporter of {self.concern_id}"
