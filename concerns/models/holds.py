"""A legal hold: nothing of a report may be destroyed while a court or a request may need it."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from concerns.models.concern import Concern
from engagement.places.models import Agency

REASON_LIMIT = 400


class LegalHolds(models.QuerySet["LegalHold"]):
    def open(self) -> "LegalHolds":
        return self.filter(lifted_on__isnull=True)


class LegalHold(models.Model):
    """`erasure_asked_on` is the day on which the reporter wanted to be forgotten meanwhile; that is
    done when the hold ends.

    The link to the concern is protected: a row that is, or was, held is deleted by no purge that
    does not first decide about its holds.
    """

    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    concern = models.ForeignKey(Concern, on_delete=models.PROTECT, related_name="holds")
    reason = models.CharField(max_length=REASON_LIMIT)
    placed_on = models.DateField()
    placed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    erasure_asked_on = models.DateField(null=True)
    lifted_on = models.DateField(null=True)
    lifted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    lifted_because = models.CharField(max_length=REASON_LIMIT, blank=True)

    objects = LegalHolds.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["concern"],
                condition=Q(lifted_on__isnull=True),
                name="one_open_hold_for_each_report",
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="a_hold_says_why"),
            models.CheckConstraint(
                condition=Q(lifted_on__isnull=True, lifted_by__isnull=True, lifted_because="")
                | Q(lifted_on__isnull=False, lifted_by__isnull=False) & ~Q(lifted_because=""),
                name="a_hold_is_lifted_by_somebody_for_a_reason",
            ),
        ]
        indexes = [
            models.Index(
                fields=["agency", "-id"], condition=Q(lifted_on__isnull=True), name="open_holds"
            ),
        ]

    def __str__(self) -> str:
        return f"hold on {self.concern_id}"
