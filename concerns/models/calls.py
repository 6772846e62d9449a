"""Calls and letters that a person of the agency owes to a reporter, and each try."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from concerns.models.concern import Concern
from engagement.places.models import Agency

OPEN = Q(done_on__isnull=True)


class CallWay(models.TextChoices):
    PHONE = "phone", _("Call")
    LETTER = "letter", _("Letter")


class Why(models.TextChoices):
    """What waits for the reporter; the later one is the more pressing."""

    REPLY = "reply", _("A reply waits")
    RESOLVED = "resolved", _("The result waits")
    QUESTION = "question", _("A question waits")


class CallResult(models.TextChoices):
    REACHED = "reached", _("Reached")
    LEFT_WORD = "left_word", _("Left word, as they allow")
    NO_ANSWER = "no_answer", _("No answer")
    WRONG_NUMBER = "wrong_number", _("Wrong number")
    POSTED = "posted", _("Posted")


class CallTasks(models.QuerySet["CallTask"]):
    def open(self) -> "CallTasks":
        return self.filter(OPEN)


class CallTask(models.Model):
    """At most one is open for a concern: several answers are told in one call."""

    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    concern = models.ForeignKey(Concern, on_delete=models.CASCADE, related_name="call_tasks")
    way = models.CharField(max_length=10, choices=CallWay)
    why = models.CharField(max_length=10, choices=Why)
    due_on = models.DateField()
    tries = models.PositiveSmallIntegerField(default=0)
    done_on = models.DateField(null=True)
    result = models.CharField(max_length=15, choices=CallResult, blank=True, default="")

    objects = CallTasks.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["agency", "id"], name="a_call_task_belongs_to_one_agency"
            ),
            models.UniqueConstraint(
                fields=["concern"], condition=OPEN, name="one_open_call_for_a_concern"
            ),
            models.CheckConstraint(
                condition=OPEN | ~Q(result=""), name="a_finished_call_says_how_it_went"
            ),
        ]
        indexes = [
            models.Index(
                fields=["agency", "due_on", "id"], condition=OPEN, name="open_calls_by_day"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.way} {self.concern_id}"


class CallTry(models.Model):
    """One try, appended and never edited."""

    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    task = models.ForeignKey(CallTask, on_delete=models.CASCADE, related_name="call_tries")
    on = models.DateField()
    result = models.CharField(max_length=15, choices=CallResult)
    by_user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        verbose_name_plural = "call tries"
        ordering = ("task", "id")

    def __str__(self) -> str:
        return f"{self.result} {self.task_id}"
