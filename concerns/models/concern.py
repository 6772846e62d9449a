"""A concern: what a resident reported. Who reported it is kept apart, in Reporter."""

from datetime import date

from django.conf import settings
from django.contrib.postgres.indexes import GinIndex, GistIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models import Case, Func, Q, Value, When
from django.db.models.functions import Coalesce, Greatest, Least
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from concerns import words, workflow
from concerns.models.categories import Category
from concerns.models.nearness import days_wanted, point_of
from concerns.models.phrases import line_label
from concerns.models.teams import Team
from concerns.published.models import PublicConcern
from concerns.querysets import ConcernQuerySet
from concerns.workflow import Outcome, State, WaitingOn
from engagement.places.models import Agency, Area

OPEN = Q(state__in=sorted(workflow.OPEN_STATES))
DONE = Q(state__in=sorted(workflow.DONE_STATES))
# Stands where nothing is due, so that an order by deadline has no gaps.
NEVER = date(9999, 12, 31)


class Level(models.TextChoices):
    ANONYMOUS = "anonymous", _("Anonymous")
    CONFIDENTIAL = "confidential", _("Confidential")
    SIGNED_IN = "signed_in", _("Signed in")


class Channel(models.TextChoices):
    WEB = "web", _("This site")
    PHONE = "phone", _("Phone")
    IN_PERSON = "in_person", _("In person")
    LETTER = "letter", _("Letter")
    EMAIL = "email", _("E-mail")
    IMPORT = "import", _("Taken over from another system")


class PlaceSource(models.TextChoices):
    MAP = "map", _("Chosen on the map")
    SEARCH = "search", _("Found by search")
    LIST = "list", _("Chosen from the list")
    WORDS = "words", _("In words only")
    IMPORT = "import", _("Taken over from another system")


class Priority(models.TextChoices):
    LOW = "low", pgettext_lazy("priority", "Low")
    NORMAL = "normal", pgettext_lazy("priority", "Normal")
    HIGH = "high", pgettext_lazy("priority", "High")
    URGENT = "urgent", pgettext_lazy("priority", "Urgent")


class Concern(models.Model):
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    # Three unrelated references, so that knowing one says nothing about the others:
    # the staff's, the reporter's, and (minted at publication) the public one.
    staff_reference = models.CharField(max_length=16, unique=True)
    tracking_code = models.CharField(max_length=16, unique=True)
    external_id = models.CharField(max_length=64, null=True, blank=True)  # noqa: DJ001
    category = models.ForeignKey(Category, on_delete=models.PROTECT, related_name="+")
    text = models.TextField(max_length=words.TEXT_LIMIT)
    language = models.CharField(max_length=10, default="en")
    lon = models.FloatField(null=True)
    lat = models.FloatField(null=True)
    place_text = models.CharField(max_length=words.PLACE_LIMIT, blank=True)
    place_source = models.CharField(max_length=10, choices=PlaceSource, default=PlaceSource.WORDS)
    is_home = models.BooleanField(default=False)
    area = models.ForeignKey(Area, null=True, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=10, choices=workflow.STATE_LABELS, default=State.RECEIVED)
    outcome = models.CharField(
        max_length=10, choices=workflow.OUTCOME_LABELS, blank=True, default=""
    )
    waiting_on = models.CharField(
        max_length=10, choices=workflow.WAITING_LABELS, blank=True, default=""
    )
    waiting_since = models.DateField(null=True)
    # Business days that the clock has stood still so far.
    waited_days = models.PositiveSmallIntegerField(default=0)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    # The team that shares it; the owner, if any, is the one of them who has it.
    team = models.ForeignKey(Team, null=True, on_delete=models.PROTECT, related_name="+")
    # Since when words of the reporter wait for an answer of staff.
    unanswered_since = models.DateField(null=True)
    # The last day on which new boundaries laid it into another responsible area.
    changed_hands_on = models.DateField(null=True)
    priority = models.CharField(max_length=10, choices=Priority, default=Priority.NORMAL)
    # The line that its words call for, such as "crisis"; empty for nearly all.
    danger = models.CharField(max_length=12, default="", db_default="", editable=False)
    level = models.CharField(max_length=12, choices=Level)
    channel = models.CharField(max_length=10, choices=Channel, default=Channel.WEB)
    received_at = models.DateTimeField()
    received_on = models.DateField()
    acknowledge_by = models.DateField(null=True)
    resolve_by = models.DateField(null=True)
    # The last day of three times its target; after that it is very late.
    very_late_after = models.DateField(null=True)
    resolved_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    version = models.PositiveIntegerField(default=1)
    public = models.OneToOneField(
        PublicConcern, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    submission_digest = models.BinaryField(max_length=32, null=True)
    secret_digest = models.BinaryField(max_length=32, null=True)
    reopened_count = models.PositiveSmallIntegerField(default=0)
    # What follows is kept by the database itself, so no action can forget it. First, what orders
    # the queue: the next day that asks for something of staff, how urgent, and the newest message.
    due_by = models.GeneratedField(
        expression=Case(
            When(state="received", then=Coalesce(Least("acknowledge_by", "resolve_by"), NEVER)),
            When(state__in=["accepted", "working"], then=Coalesce("resolve_by", NEVER)),
            default=NEVER,
        ),
        output_field=models.DateField(),
        db_persist=True,
    )
    urgency = models.GeneratedField(
        expression=Case(
            When(priority="urgent", then=3),
            When(priority="high", then=2),
            When(priority="normal", then=1),
            default=0,
        ),
        output_field=models.SmallIntegerField(),
        db_persist=True,
    )
    last_message = models.BigIntegerField(default=0, db_default=0, editable=False)
    # Words of the notes, and of all that staff search: report, place, reference and notes.
    note_words = SearchVectorField(default="", db_default=Value(""), editable=False)
    search = models.GeneratedField(
        expression=Func(
            "text",
            "place_text",
            "staff_reference",
            "language",
            "note_words",
            function="concern_words",
        ),
        output_field=SearchVectorField(),
        db_persist=True,
    )

    objects = ConcernQuerySet.as_manager()

    # No column: the state before a move of this very object, until its entry of history tells it.
    moved_from = ""

    class Meta:
        verbose_name = _("concern")
        verbose_name_plural = _("concerns")
        constraints = [
            models.UniqueConstraint(
                fields=["agency", "id"], name="a_concern_belongs_to_one_agency"
            ),
            models.UniqueConstraint(
                fields=["agency", "external_id"], name="an_outside_request_is_taken_over_once"
            ),
            models.UniqueConstraint(
                fields=["submission_digest"], name="a_form_is_stored_once_however_often_it_is_sent"
            ),
            models.CheckConstraint(
                condition=Q(lon__isnull=True, lat__isnull=True)
                | Q(lon__gte=-180, lon__lte=180, lat__gte=-90, lat__lte=90),
                name="a_place_has_both_coordinates_on_earth_or_none",
            ),
            models.CheckConstraint(
                condition=Q(
                    state__in=sorted(workflow.DONE_STATES),
                    outcome__in=[str(outcome) for outcome in Outcome],
                )
                | Q(OPEN, outcome=""),
                name="a_concern_has_an_outcome_exactly_when_it_is_done",
            ),
            models.CheckConstraint(
                condition=Q(OPEN, resolved_at__isnull=True)
                | ~Q(state=State.RESOLVED) & ~OPEN
                | Q(state=State.RESOLVED, resolved_at__isnull=False),
                name="a_resolved_concern_says_when_and_an_open_one_does_not",
            ),
            models.CheckConstraint(
                condition=Q(state=State.CLOSED, closed_at__isnull=False)
                | ~Q(state=State.CLOSED) & Q(closed_at__isnull=True),
                name="a_concern_says_when_it_was_closed_exactly_when_it_is",
            ),
            models.CheckConstraint(
                condition=Q(
                    state=State.WAITING,
                    waiting_on__in=[str(party) for party in WaitingOn],
                    waiting_since__isnull=False,
                )
                | ~Q(state=State.WAITING) & Q(waiting_on="", waiting_since__isnull=True),
                name="a_concern_says_on_whom_it_waits_exactly_when_it_waits",
            ),
        ]
        indexes = [
            # Open work: these stay small however long the history grows.
            models.Index(
                fields=["agency", "-received_on", "-id"], condition=OPEN, name="open_work_newest"
            ),
            models.Index(
                fields=["agency", "area", "-received_on", "-id"],
                condition=OPEN,
                name="open_work_of_an_area",
            ),
            models.Index(
                fields=["owner", "-received_on", "-id"],
                condition=OPEN,
                name="open_work_of_an_officer",
            ),
            models.Index(
                fields=["team", "-received_on", "-id"],
                condition=OPEN & Q(team__isnull=False),
                name="open_work_of_a_team",
            ),
            models.Index(
                fields=["agency", "unanswered_since", "id"],
                condition=OPEN & Q(unanswered_since__isnull=False),
                name="open_work_with_a_message",
            ),
            # By deadline, and with all that the desk counts, so that no report is read for it.
            models.Index(
                fields=["agency", "acknowledge_by", "resolve_by", "id"],
                include=["state", "owner", "area", "category"],
                condition=OPEN,
                name="open_work_by_deadline",
            ),
            models.Index(
                fields=["agency", "very_late_after", "id"],
                condition=OPEN & Q(very_late_after__isnull=False),
                name="open_work_very_late",
            ),
            # What the desk's first page begins with: an officer's own, and what nobody has taken.
            models.Index(
                fields=["owner", "due_by", "id"], condition=OPEN, name="open_work_of_one_by_due_day"
            ),
            models.Index(
                fields=["agency", "area", "due_by", "id"],
                condition=OPEN & Q(owner__isnull=True),
                name="open_work_to_take",
            ),
            # The orders of the queue; keyset pages and neighbours walk these.
            models.Index(
                fields=["agency", "due_by", "id"], condition=OPEN, name="open_work_by_due_day"
            ),
            models.Index(
                fields=["agency", "-urgency", "-received_on", "-id"],
                condition=OPEN,
                name="open_work_most_urgent",
            ),
            models.Index(
                fields=["agency", "-last_message", "-id"],
                condition=OPEN,
                name="open_work_last_message",
            ),
            models.Index(fields=["agency", "id"], condition=OPEN, name="open_work_in_order"),
            models.Index(
                fields=["agency", "-received_on", "-id"],
                condition=OPEN & Q(changed_hands_on__isnull=False),
                name="open_work_that_changed_hands",
            ),
            models.Index(
                fields=["resolved_at"],
                condition=Q(state=State.RESOLVED),
                name="resolved_waiting_for_dissent",
            ),
            models.Index(
                fields=["waiting_since", "id"],
                condition=Q(waiting_on=WaitingOn.REPORTER),
                name="questions_that_lapse",
            ),
            models.Index(
                fields=["received_at"],
                condition=Q(submission_digest__isnull=False),
                name="forms_still_remembered",
            ),
            models.Index(
                fields=["agency", "-received_on", "-id"],
                condition=Q(state=State.RECEIVED, danger__gt=""),
                name="unread_danger_newest",
            ),
            # What of somebody's work was done since a moment.
            models.Index(
                "owner",
                Greatest("resolved_at", "closed_at"),
                condition=DONE & Q(owner__isnull=False),
                name="done_work_of_an_officer",
            ),
            # History, newest first.
            models.Index(fields=["agency", "-received_on", "-id"], name="concerns_newest_first"),
            models.Index(
                fields=["agency", "area", "-received_on", "-id"], name="concerns_of_an_area"
            ),
            models.Index(
                fields=["agency", "category", "-received_on", "-id"], name="concerns_of_a_category"
            ),
            models.Index(
                fields=["owner", "-received_on", "-id"],
                condition=Q(owner__isnull=False),
                name="concerns_of_an_officer",
            ),
            models.Index(
                fields=["agency", "language", "-received_on", "-id"], name="concerns_in_a_language"
            ),
            GinIndex(fields=["agency", "search"], name="concern_words_of_an_agency"),
            # Place and day in one look: what is near and open, or came in not long ago.
            GistIndex(
                point_of("lon", "lat"),
                days_wanted(),
                name="concerns_near_and_recent",
                condition=Q(lon__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.staff_reference

    @property
    def is_open(self) -> bool:
        return workflow.is_open(self.state)

    @property
    def danger_label(self) -> str:
        """The mark in words, or "" for nearly all."""
        return str(line_label(self.danger))

    @property
    def is_anonymous(self) -> bool:
        return self.level == Level.ANONYMOUS


class ConcernArea(models.Model):
    """One area that held the concern's point when it was stored or moved, in any layer."""

    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    concern = models.ForeignKey(Concern, on_delete=models.CASCADE, related_name="areas")
    area = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["concern", "area"], name="a_concern_lies_in_an_area_once"
            ),
        ]
        indexes = [models.Index(fields=["agency", "area", "-concern"], name="concerns_in_an_area")]

    def __str__(self) -> str:
        return f"{self.concern_id} in {self.area_id}"
