"""One step on many cases: who asked for it, which cases, and what came of each."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from concerns.models.concern import Concern
from concerns.models.teams import Team
from engagement.places.models import Agency

# For so long after the last row a step can be taken back.
UNDO_LASTS = timedelta(hours=1)


class Verb(models.TextChoices):
    """What is done to each case; the words stand on the button of the queue."""

    ASSIGN = "assign", _("Give to an officer")
    AREA = "area", _("Give to the officer of each area")
    TEAM = "team", _("Give to a team")
    ACCEPT = "accept", pgettext_lazy("verb", "Accept")
    START = "start", _("Start work")
    RESOLVE = "resolve", pgettext_lazy("verb", "Resolve")
    CLOSE = "close", pgettext_lazy("verb", "Close")
    REOPEN = "reopen", _("Open again")
    PRIORITY = "priority", _("Set the priority")
    TAG = "tag", _("Put a tag on")
    UNTAG = "untag", _("Take a tag off")
    CATEGORY = "category", _("Correct the category")
    REPLY = "reply", _("Reply with a text")


class Status(models.TextChoices):
    PREPARED = "prepared", _("Waits for your yes")
    RUNNING = "running", _("Under way")
    STOPPED = "stopped", _("Stopped")
    DONE = "done", _("Finished")
    UNDOING = "undoing", _("Being taken back")
    UNDONE = "undone", _("Taken back")


class Result(models.TextChoices):
    WAITING = "", _("Not yet")
    DONE = "done", _("Was done")
    REFUSED = "refused", _("Refused")
    CHANGED = "changed", _("Changed meanwhile")


class BulkRun(models.Model):
    """`details` holds ids and codes, such as {"officer": 7}, and the words that somebody wrote for
    all reporters of this one step. Rows are fixed before the question is
    asked, so a yes is a yes to exactly these cases."""

    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    by_user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    verb = models.CharField(max_length=10, choices=Verb)
    details = models.JSONField(default=dict)
    is_chosen = models.BooleanField(default=False)
    status = models.CharField(max_length=10, choices=Status, default=Status.PREPARED)
    total = models.PositiveIntegerField()
    prepared_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    # How the person had signed in who said yes: rights through an agency's directory are narrower.
    is_vouched_for = models.BooleanField(default=False)
    directory_agency_id = models.BigIntegerField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["agency", "id"], name="a_step_on_many_belongs_to_one_agency"
            ),
            models.CheckConstraint(
                condition=Q(status=Status.PREPARED) | Q(started_at__isnull=False, is_chosen=True),
                name="a_step_on_many_begins_with_a_yes",
            ),
        ]
        indexes = [
            models.Index(
                fields=["id"],
                condition=Q(status__in=[Status.RUNNING, Status.UNDOING]),
                name="steps_on_many_under_way",
            ),
            models.Index(fields=["by_user", "-id"], name="steps_on_many_of_somebody"),
        ]

    def __str__(self) -> str:
        return f"{self.verb} {self.pk}"

    @property
    def is_under_way(self) -> bool:
        return self.status in (Status.RUNNING, Status.UNDOING)

    def undo_ends_at(self) -> datetime | None:
        """The moment until which it can be taken back; None while it is not done."""
        if self.finished_at is None or self.status not in (Status.DONE, Status.STOPPED):
            return None
        return self.finished_at + UNDO_LASTS


class BulkRow(models.Model):
    """One case of a step. `before` keeps the columns that an undo puts back; `reason` is a code
    that the page turns into a sentence. `given_to`, or the team, is who has the case by this row
    and hears of it once, together with all others, when the step is over."""

    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    run = models.ForeignKey(BulkRun, on_delete=models.CASCADE, related_name="rows")
    concern = models.ForeignKey(Concern, on_delete=models.CASCADE, related_name="bulk_rows")
    seen_version = models.PositiveIntegerField()
    result = models.CharField(max_length=10, choices=Result, blank=True, default=Result.WAITING)
    reason = models.CharField(max_length=20, blank=True, default="")
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    before = models.JSONField(null=True)
    version_after = models.PositiveIntegerField(null=True)
    undone = models.CharField(max_length=10, choices=Result, blank=True, default=Result.WAITING)
    undo_reason = models.CharField(max_length=20, blank=True, default="")
    given_to = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
        db_index=False,  # it is only asked for within one step
    )
    given_to_team = models.ForeignKey(
        Team, null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["run", "concern"], name="a_step_takes_a_case_once"),
            models.CheckConstraint(
                condition=Q(result=Result.DONE, version_after__isnull=False)
                | ~Q(result=Result.DONE) & Q(version_after__isnull=True, undone=Result.WAITING),
                name="what_a_step_did_can_be_compared_later",
            ),
        ]
        indexes = [
            models.Index(
                fields=["run", "id"], condition=Q(result=Result.WAITING), name="rows_to_be_done"
            ),
            models.Index(
                fields=["run", "id"],
                condition=Q(result=Result.DONE, undone=Result.WAITING),
                name="rows_to_be_taken_back",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.run_id} {self.concern_id}"
