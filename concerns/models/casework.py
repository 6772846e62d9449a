"""What happened to a concern, appended and never edited: moves, words, notes, links."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from concerns import words, workflow
from concerns.models.concern import Concern
from engagement.places.models import Agency


class Party(models.TextChoices):
    STAFF = "staff", _("The police")
    REPORTER = "reporter", _("The reporter")
    CLOCK = "clock", _("This site, by time")
    PARTNER = "partner", _("Who it was handed to")


class StatusChange(models.Model):
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    concern = models.ForeignKey(Concern, on_delete=models.CASCADE, related_name="status_changes")
    state = models.CharField(max_length=10, choices=workflow.STATE_LABELS)
    outcome = models.CharField(
        max_length=10, choices=workflow.OUTCOME_LABELS, blank=True, default=""
    )
    at = models.DateTimeField()
    by_party = models.CharField(max_length=10, choices=Party)
    by_user = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        ordering = ("concern", "id")
        constraints = [
            models.CheckConstraint(
                condition=Q(by_party=Party.STAFF) | Q(by_user__isnull=True),
                name="only_staff_are_named_in_a_status_change",
            ),
        ]
        # What happened in a week.
        indexes = [models.Index(fields=["agency", "at"], name="moves_of_a_week")]

    def __str__(self) -> str:
        return f"{self.concern_id} {self.state}"


class Direction(models.TextChoices):
    TO_REPORTER = "to_reporter", _("To the reporter")
    FROM_REPORTER = "from_reporter", _("From the reporter")


class Reply(models.Model):
    """Words between staff and the reporter. Only these two read them."""

    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    concern = models.ForeignKey(Concern, on_delete=models.CASCADE, related_name="replies")
    direction = models.CharField(max_length=15, choices=Direction)
    is_question = models.BooleanField(default=False)
    text = models.TextField(max_length=words.TEXT_LIMIT)
    at = models.DateTimeField()
    by_user = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        verbose_name_plural = "replies"
        ordering = ("concern", "id")
        constraints = [
            models.CheckConstraint(
                condition=Q(direction=Direction.TO_REPORTER)
                | Q(by_user__isnull=True, is_question=False),
                name="a_reporter_is_never_named_in_the_conversation",
            ),
            models.UniqueConstraint(
                fields=["concern", "id"], name="a_reply_belongs_to_one_concern"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.direction} {self.concern_id}"


class Note(models.Model):
    """Words for staff only."""

    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    concern = models.ForeignKey(Concern, on_delete=models.CASCADE, related_name="notes")
    text = models.TextField(max_length=words.TEXT_LIMIT)
    at = models.DateTimeField()
    by_user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        ordering = ("concern", "id")

    def __str__(self) -> str:
        return f"note on {self.concern_id}"


class AccessLink(models.Model):
    """A single-use way back to a concern, sent by mail; only its digest is kept."""

    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    concern = models.ForeignKey(Concern, on_delete=models.CASCADE, related_name="access_links")
    token_digest = models.BinaryField(max_length=32)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["token_digest"], name="a_link_opens_one_concern"),
        ]

    def __str__(self) -> str:
        return f"link to {self.concern_id}"
