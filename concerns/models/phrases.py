"""Phrases by which a report is found to speak of danger, as an agency keeps them."""

from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from concerns.danger import LINES
from engagement.places.models import Agency

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise


class Line(models.TextChoices):
    """Where help comes from; stored with a concern whose words call for it."""

    DANGER = "danger", _("Danger now")
    CRISIS = "crisis", _("A crisis: suicide, overdose")
    CHILD = "child", _("A child is harmed")
    ADULT = "adult", _("An older or disabled adult is harmed")
    SCHOOL = "school", _("A threat at a school")
    DOMESTIC = "domestic", _("Violence at home")
    SEXUAL = "sexual", _("Sexual violence")
    CRIME_TIP = "crime_tip", _("A tip about a crime")


class Language(models.TextChoices):
    EN = "en", _("English")
    ES = "es", _("Spanish")


class DangerPhrases(models.Model):
    """One list: of a line, in a language, one phrase in each row of the text.

    Where an agency has no list, the usual one holds; an empty one switches the line off in that
    language.
    """

    agency = models.ForeignKey(
        Agency, verbose_name=_("agency"), on_delete=models.CASCADE, related_name="+"
    )
    line = models.CharField(_("what it calls for"), max_length=12, choices=Line)
    language = models.CharField(_("language"), max_length=10, choices=Language)
    phrases = models.TextField(_("phrases"), blank=True, max_length=40_000)

    class Meta:
        verbose_name = _("list of danger phrases")
        verbose_name_plural = _("lists of danger phrases")
        ordering = ("agency", "id")
        constraints = [
            models.UniqueConstraint(
                fields=["agency", "line", "language"], name="one_list_of_phrases_for_a_line"
            ),
            models.CheckConstraint(
                condition=Q(line__in=LINES), name="danger_phrases_belong_to_a_known_line"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_line_display()} ({self.get_language_display()})"


def line_label(line: str) -> "str | StrPromise":
    """Return the words of a concern's mark, or "" where it has none."""
    return Line(line).label if line else ""
