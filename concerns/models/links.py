"""How cases hang together: joined with another, split into parts, see also."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from concerns import words
from concerns.models.casework import Party
from concerns.models.concern import Concern
from engagement.doors.pictures.store import NAME_LENGTH
from engagement.places.models import Agency

REASON_LIMIT = 500
STANDS = Q(undone_at__isnull=True)


class Merge(models.Model):
    """One report was joined with another about the same thing, and follows it from then on.

    `into` is the report that staff chose; `survivor` is where that leads now, as it may have been
    joined further. `before` holds what joining changed, and `page_before` what was public, so
    that undoing brings both back as they were.
    """

    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    concern = models.ForeignKey(Concern, on_delete=models.CASCADE, related_name="merges")
    into = models.ForeignKey(Concern, on_delete=models.CASCADE, related_name="joined_directly")
    survivor = models.ForeignKey(Concern, on_delete=models.CASCADE, related_name="joined")
    reason = models.TextField(max_length=REASON_LIMIT, blank=True, default="")
    at = models.DateTimeField()
    by_user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    before = models.JSONField()
    page_before = models.JSONField(null=True)
    # Files of the public photos, kept for as long as the page may come back.
    kept_photos = ArrayField(models.CharField(max_length=NAME_LENGTH), default=list)
    dissented_on = models.DateField(null=True)
    undone_at = models.DateTimeField(null=True)
    undone_by_party = models.CharField(max_length=10, choices=Party, blank=True, default="")
    undone_by_user = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        ordering = ("concern", "id")
        constraints = [
            models.UniqueConstraint(
                fields=["concern"],
                condition=STANDS,
                name="a_report_is_joined_with_one_other_at_a_time",
            ),
            models.CheckConstraint(
                condition=~Q(concern=F("into")) & ~Q(concern=F("survivor")),
                name="a_report_is_not_joined_with_itself",
            ),
            models.CheckConstraint(
                condition=Q(STANDS, undone_by_party="", undone_by_user__isnull=True)
                | ~STANDS & ~Q(undone_by_party=""),
                name="an_undone_joining_says_by_whom",
            ),
        ]
        indexes = [
            models.Index(fields=["survivor", "id"], condition=STANDS, name="joined_with_a_case"),
            models.Index(fields=["into"], condition=STANDS, name="joined_directly_with_a_case"),
        ]

    def __str__(self) -> str:
        return f"{self.concern_id} into {self.into_id}"


class Part(models.Model):
    """One of several things that one report tells, worked on as a case of its own.

    Its brief is in the words of staff. It has no reporter, no code and no secret: who sent the
    report follows its parts on the report's own page.
    """

    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    concern = models.OneToOneField(Concern, on_delete=models.CASCADE, related_name="part")
    of = models.ForeignKey(Concern, on_delete=models.CASCADE, related_name="parts")
    at = models.DateTimeField()
    by_user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        ordering = ("of", "id")
        constraints = [
            models.CheckConstraint(
                condition=~Q(concern=F("of")), name="a_report_is_not_a_part_of_itself"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.concern_id} of {self.of_id}"


class SeeAlso(models.Model):
    """Two cases that staff want to read together; the earlier one is `low`, so each pair is one
    row."""

    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    low = models.ForeignKey(Concern, on_delete=models.CASCADE, related_name="links_up")
    high = models.ForeignKey(Concern, on_delete=models.CASCADE, related_name="links_down")
    reason = models.CharField(_("why"), max_length=200)
    on = models.DateField()
    by_user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        verbose_name = _("link between cases")
        verbose_name_plural = _("links between cases")
        constraints = [
            models.UniqueConstraint(fields=["low", "high"], name="two_cases_are_linked_once"),
            models.CheckConstraint(condition=Q(low__lt=F("high")), name="a_link_has_two_ends"),
            models.CheckConstraint(condition=~Q(reason=""), name="a_link_says_why"),
        ]

    def __str__(self) -> str:
        return f"{self.low_id} and {self.high_id}"


class WordForAll(models.Model):
    """Words of staff to everybody whose report is about this one thing: written for all of them,
    so that nobody reads what was meant for one."""

    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    concern = models.ForeignKey(Concern, on_delete=models.CASCADE, related_name="words_for_all")
    text = models.TextField(max_length=words.TEXT_LIMIT)
    at = models.DateTimeField()
    by_user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        verbose_name = _("word for everybody who reported it")
        verbose_name_plural = _("words for everybody who reported it")
        ordering = ("concern", "id")

    def __str__(self) -> str:
        return f"to all of {self.concern_id}"
