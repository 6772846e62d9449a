"""What a reporter answered. Read by staff and by its reporter, by nobody else."""

from typing import TYPE_CHECKING

from django.db import models
from django.utils.translation import gettext_lazy as _

from concerns.models.concern import Concern
from concerns.models.questions import Kind
from engagement.places.models import Agency
from engagement.places.wording import TranslatedText

if TYPE_CHECKING:
    from engagement.places.wording import Wording


class Answer(models.Model):
    """One answer, in words as asked and chosen then: questions may be written anew later.

    `chosen` holds the words of listed answers by language; `typed` what the person wrote.
    """

    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    concern = models.ForeignKey(Concern, on_delete=models.CASCADE, related_name="answers")
    code = models.CharField(max_length=40)
    kind = models.CharField(max_length=10, choices=Kind)
    label = TranslatedText()
    chosen = TranslatedText(blank=True)
    typed = models.TextField(blank=True)

    class Meta:
        ordering = ("concern", "id")
        constraints = [
            models.UniqueConstraint(
                fields=["concern", "code"], name="a_question_is_answered_once_in_a_concern"
            ),
        ]

    def __str__(self) -> str:
        # Never the words themselves: these lines reach logs and tracebacks.
        return f"{self.concern_id} {self.code}"

    @property
    def words(self) -> "str | Wording":
        """The answer as a page shows it."""
        return self.chosen or self.typed


class GuidedDay(models.Model):
    """How often reports of behavior were sent on one day, and the reminder was shown.

    Plain numbers of a day: nothing leads from here to a concern.
    """

    agency = models.ForeignKey(
        Agency, verbose_name=_("agency"), on_delete=models.PROTECT, related_name="+"
    )
    on = models.DateField(_("day"))
    reports = models.PositiveIntegerField(_("reports that ask for behavior"), default=0)
    reminders = models.PositiveIntegerField(_("times reminded of behavior"), default=0)
    sent_anyway = models.PositiveIntegerField(_("sent with looks alone"), default=0)

    class Meta:
        verbose_name = _("day of reports about behavior")
        verbose_name_plural = _("days of reports about behavior")
        ordering = ("agency", "-on")
        constraints = [
            models.UniqueConstraint(
                fields=["agency", "on"], name="guided_reports_are_counted_once_a_day"
            ),
        ]

    def __str__(self) -> str:
        return str(self.on)
