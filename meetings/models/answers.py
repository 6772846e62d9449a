"""Who comes, as little of them as is needed to count seats and to tell them of changes."""

import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from engagement.people.models import Contact
from engagement.places.models import Agency
from meetings.models.meetings import Meeting
from meetings.workflow import GOING_LABELS, Going

LARGEST_PARTY = 10
# Days after a meeting for which it is known who came; then address and needs are destroyed.
KEPT_DAYS = 30
# What says who came, or could; all of it is destroyed in the end.
KNOWN = (
    Q(contact__isnull=False)
    | Q(account_link__isnull=False)
    | Q(submission_digest__isnull=False)
    | ~Q(needs_sealed=b"")
)


class Rsvp(models.Model):
    """One answer. Whoever takes it back and comes after all gets the same row again, so that
    their mails stay in order.

    `binding` names it in the mailed link and ties the sealed needs to this row. `turns` counts
    how often it changed between coming and not coming; it is added to the meeting's revision, so
    that the calendar of this reader sees each change as newer. `known_revision` is the time and
    place that they answered to. `account_link` is a keyed hash, never a key to an account.
    All moments are full hours.
    """

    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    meeting = models.ForeignKey(Meeting, on_delete=models.PROTECT, related_name="+")
    binding = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    contact = models.OneToOneField(Contact, null=True, on_delete=models.SET_NULL, related_name="+")
    account_link = models.BinaryField(max_length=32, null=True)
    state = models.CharField(max_length=10, choices=GOING_LABELS, default=Going.GOING)
    turns = models.PositiveIntegerField(default=0)
    changes = models.PositiveIntegerField(default=0)
    known_revision = models.PositiveIntegerField(default=0)
    party_size = models.PositiveSmallIntegerField(default=1)
    needs_sealed = models.BinaryField(default=bytes)
    language = models.CharField(max_length=10, default="en")
    submission_digest = models.BinaryField(max_length=32, null=True)
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()

    class Meta:
        verbose_name = _("answer")
        verbose_name_plural = _("answers")
        constraints = [
            models.UniqueConstraint(
                fields=["submission_digest"], name="an_answer_is_stored_once_however_often_sent"
            ),
            models.CheckConstraint(
                condition=Q(party_size__gte=1, party_size__lte=LARGEST_PARTY),
                name="a_party_has_one_to_ten_people",
            ),
        ]
        indexes = [
            models.Index(fields=["meeting", "state"], name="answers_to_a_meeting"),
            models.Index(
                fields=["account_link"],
                condition=Q(account_link__isnull=False),
                name="answers_linked_to_an_account",
            ),
            models.Index(fields=["meeting", "id"], condition=KNOWN, name="answers_still_known"),
        ]

    def __str__(self) -> str:
        return f"answer {self.pk}"

    @property
    def is_going(self) -> bool:
        return self.state == Going.GOING

    @property
    def has_needs(self) -> bool:
        return bool(self.needs_sealed)
