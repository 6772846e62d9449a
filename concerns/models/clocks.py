"""When late work is told to a supervisor, and that it was."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from concerns.models.concern import Concern
from engagement.places.models import Agency

USUAL_DAYS = 3
MOST_DAYS = 60


class Stage(models.TextChoices):
    UNANSWERED = "unanswered", _("Not answered in time")
    UNRESOLVED = "unresolved", _("Not resolved in time")


class ClockSettings(models.Model):
    """Of an agency without a row the usual number of days counts."""

    agency = models.OneToOneField(Agency, on_delete=models.PROTECT, related_name="+")
    # Business days after a deadline; None: no supervisor is told.
    escalate_after = models.PositiveSmallIntegerField(
        _("business days after the deadline"), null=True, default=USUAL_DAYS
    )

    class Meta:
        verbose_name = _("clock settings")
        verbose_name_plural = _("clock settings")
        constraints = [
            models.CheckConstraint(
                condition=Q(escalate_after__isnull=True)
                | Q(escalate_after__gte=1, escalate_after__lte=MOST_DAYS),
                name="a_supervisor_is_told_one_to_sixty_days_after",
            )
        ]

    def __str__(self) -> str:
        return f"{self.agency_id}: {self.escalate_after}"


class Escalation(models.Model):
    """A supervisor was told, once for each stage, that a concern is late for long."""

    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    concern = models.ForeignKey(Concern, on_delete=models.CASCADE, related_name="escalations")
    stage = models.CharField(max_length=12, choices=Stage)
    on = models.DateField()
    # How many supervisors a mail was planned for; none tells the dashboard that nobody heard.
    told = models.PositiveSmallIntegerField(default=0)

    class Meta:
        verbose_name = _("escalation")
        verbose_name_plural = _("escalations")
        constraints = [
            models.UniqueConstraint(
                fields=["concern", "stage"], name="a_supervisor_is_told_once_of_each_stage"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.concern_id} {self.stage}"
