"""Questions to reporters while they wait for an answer: one reminder, then the work goes on."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from concerns.models.casework import Reply
from concerns.models.concern import Concern
from engagement.places.models import Agency

OPEN = Q(ended_on__isnull=True)


class AskingEnd(models.TextChoices):
    MOVED_ON = "moved_on", _("Answered, or the work went on")
    LAPSED = "lapsed", _("Nobody answered in time")


class Asking(models.Model):
    """At most one waits for a concern. Days, never times."""

    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    concern = models.ForeignKey(Concern, on_delete=models.CASCADE, related_name="askings")
    reply = models.OneToOneField(Reply, on_delete=models.CASCADE, related_name="+")
    remind_on = models.DateField()
    lapses_on = models.DateField()
    reminded_on = models.DateField(null=True)
    ended_on = models.DateField(null=True)
    end = models.CharField(max_length=10, choices=AskingEnd, blank=True, default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["concern"], condition=OPEN, name="one_question_waits_for_an_answer"
            ),
            models.CheckConstraint(
                condition=OPEN & Q(end="") | ~OPEN & ~Q(end=""),
                name="an_ended_question_says_how_it_ended",
            ),
        ]
        indexes = [
            models.Index(fields=["lapses_on", "id"], condition=OPEN, name="questions_that_lapse"),
            models.Index(
                fields=["remind_on", "id"],
                condition=OPEN & Q(reminded_on__isnull=True),
                name="questions_to_remind_of",
            ),
        ]

    def __str__(self) -> str:
        return f"question to {self.concern_id}"
