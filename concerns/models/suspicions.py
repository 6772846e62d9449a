"""Reports that look like spam, and hours in which an agency slows a flood down."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from concerns.models.concern import Concern
from engagement.places.models import Agency


class Finding(models.TextChoices):
    OPEN = "", _("Nobody looked yet")
    GENUINE = "genuine", _("Not spam")
    SPAM = "spam", _("Closed as spam")
    DISPUTED = "disputed", _("The reporter said that it is not spam")


class Suspicion(models.Model):
    """Why a report is suspected, and what a person made of it.

    While it is held the report stands in no other queue and nobody is mailed about it. One that
    speaks of danger is suspected but never held.
    """

    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    concern = models.OneToOneField(Concern, on_delete=models.CASCADE, related_name="suspicion")
    reasons = ArrayField(models.CharField(max_length=10))
    is_held = models.BooleanField()
    finding = models.CharField(max_length=10, choices=Finding, blank=True, default=Finding.OPEN)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(is_held=False) | Q(finding=Finding.OPEN),
                name="a_report_is_held_until_somebody_looked",
            ),
        ]
        indexes = [
            models.Index(
                fields=["agency", "concern"], condition=Q(is_held=True), name="reports_held"
            ),
            models.Index(
                fields=["agency", "-concern"],
                condition=Q(finding=Finding.OPEN),
                name="reports_suspected",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.concern_id} {self.finding or 'open'}"


class SlowDown(models.Model):
    """Hours in which everybody who sends to the agency is asked for more work."""

    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    begins_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    by_user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_at__gte=F("begins_at")), name="slowing_down_ends_after_it_begins"
            ),
        ]
        indexes = [models.Index(fields=["agency", "-ends_at"], name="slowing_down_now")]

    def __str__(self) -> str:
        return f"{self.agency_id} until {self.ends_at:%Y-%m-%d}"
