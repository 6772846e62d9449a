"""A meeting: one dated occurrence, what the public reads of it, and the way in that it does not."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from engagement.audit.subjects import Subject
from engagement.places.models import Agency, Area
from engagement.places.wording import TranslatedText
from meetings.querysets import MeetingQuerySet
from meetings.workflow import STATE_LABELS, State


class Kind(models.TextChoices):
    TOWN_HALL = "town_hall", _("Town hall")
    BEAT_MEETING = "beat_meeting", _("Beat meeting")
    OUTREACH = "outreach", _("Outreach event")


class Mode(models.TextChoices):
    IN_PERSON = "in_person", _("In person")
    ONLINE = "online", _("Online")
    HYBRID = "hybrid", _("In person and online")


class When(models.Model):
    """When and where, as a meeting has it now and as it once was announced.

    Wall time is what was announced and what stays; `starts_at` is the instant that follows from
    it by `meetings.clock`. Day and time are two columns, as the database would give one column a
    zone that it has not.
    """

    starts_on = models.DateField()
    starts_time = models.TimeField()
    timezone = models.CharField(max_length=60)
    minutes = models.PositiveSmallIntegerField()
    starts_at = models.DateTimeField()
    mode = models.CharField(max_length=10, choices=Mode, default=Mode.IN_PERSON)
    place_name = models.CharField(max_length=200, blank=True, default="")
    place_address = models.CharField(max_length=300, blank=True, default="")

    class Meta:
        abstract = True

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.timezone)

    @property
    def starts_wall(self) -> datetime:
        """Naive: what clocks at the place show."""
        return datetime.combine(self.starts_on, self.starts_time)

    @property
    def is_online(self) -> bool:
        return self.mode != Mode.IN_PERSON

    @property
    def is_in_person(self) -> bool:
        return self.mode != Mode.ONLINE


class Meeting(When):
    """The public role reads this table, drafts excepted: nothing private may be added to it.

    `revision` rises when time or place changes and when it is cancelled, and at nothing else:
    calendars take it as SEQUENCE (RFC 5545 3.8.7.4). `version` guards against two organisers
    overwriting each other; answers touch neither.
    """

    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    # For history and messages, which hold no words of a title.
    reference = models.CharField(max_length=16, unique=True)
    slug = models.SlugField(max_length=90, unique=True)
    uid = models.CharField(max_length=300, unique=True)
    version = models.PositiveIntegerField(default=1)
    revision = models.PositiveIntegerField(default=0)
    state = models.CharField(max_length=10, choices=STATE_LABELS, default=State.DRAFT)
    kind = models.CharField(max_length=20, choices=Kind)
    title = TranslatedText()
    summary = TranslatedText(blank=True, multiline=True)
    agenda_note = TranslatedText(blank=True, multiline=True)
    access_notes = TranslatedText(blank=True, multiline=True)
    languages = ArrayField(models.CharField(max_length=10), default=list, blank=True)
    ends_at = models.DateTimeField()
    capacity = models.PositiveIntegerField(null=True, blank=True)
    seats_taken = models.PositiveIntegerField(default=0)
    # How long before the start answers close; it follows when the meeting moves.
    closes_hours = models.PositiveSmallIntegerField(default=0)
    cancel_reason = TranslatedText(blank=True)
    announced_on = models.DateField(null=True)
    created_on = models.DateField()
    # The last change by staff. An answer never touches it: calendars publish it.
    changed_at = models.DateTimeField()

    objects = MeetingQuerySet.as_manager()

    class Meta:
        verbose_name = _("meeting")
        verbose_name_plural = _("meetings")
        constraints = [
            models.UniqueConstraint(
                fields=["agency", "id"], name="a_meeting_belongs_to_one_agency"
            ),
            models.CheckConstraint(
                condition=Q(capacity__isnull=True) | Q(seats_taken__lte=F("capacity")),
                name="no_seat_is_given_twice",
            ),
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at")), name="a_meeting_ends_after_it_starts"
            ),
            models.CheckConstraint(
                condition=Q(state=State.DRAFT, announced_on__isnull=True)
                | ~Q(state=State.DRAFT) & Q(announced_on__isnull=False),
                name="a_meeting_says_when_it_was_announced_exactly_when_it_was",
            ),
            models.CheckConstraint(
                condition=Q(mode=Mode.ONLINE) | ~Q(place_name=""),
                name="a_meeting_that_people_walk_to_has_a_place",
            ),
            models.CheckConstraint(
                condition=~Q(state=State.CANCELLED) | ~Q(cancel_reason={}),
                name="a_cancelled_meeting_says_why",
            ),
        ]
        indexes = [
            models.Index(
                fields=["agency", "starts_at", "id"],
                condition=~Q(state=State.DRAFT),
                name="public_meetings_in_order",
            ),
            models.Index(fields=["agency", "-starts_at", "-id"], name="meetings_newest_first"),
        ]

    def __str__(self) -> str:
        return self.slug

    @property
    def subject(self) -> Subject:
        """What history and messages call it."""
        return Subject("meeting", self.reference)

    @property
    def is_draft(self) -> bool:
        return self.state == State.DRAFT

    @property
    def is_announced(self) -> bool:
        return self.state == State.ANNOUNCED

    @property
    def is_cancelled(self) -> bool:
        return self.state == State.CANCELLED

    @property
    def has_moved(self) -> bool:
        """Whether time or place is another than first announced."""
        return self.revision > (1 if self.is_cancelled else 0)

    @property
    def closes_at(self) -> datetime:
        """Until when people may say that they come."""
        return self.starts_at - timedelta(hours=self.closes_hours)

    @property
    def is_full(self) -> bool:
        return self.capacity is not None and self.seats_taken >= self.capacity


class Schedule(When):
    """Time and place as announced under one revision; rows are only added."""

    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    meeting = models.ForeignKey(Meeting, on_delete=models.PROTECT, related_name="schedules")
    revision = models.PositiveIntegerField()

    class Meta:
        verbose_name = _("announced time and place")
        verbose_name_plural = _("announced times and places")
        constraints = [
            models.UniqueConstraint(
                fields=["meeting", "revision"], name="a_revision_has_one_time_and_place"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.meeting_id} revision {self.revision}"


class MeetingArea(models.Model):
    """An area that a meeting is for; none means the whole agency."""

    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    meeting = models.ForeignKey(Meeting, on_delete=models.CASCADE, related_name="areas")
    area = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["meeting", "area"], name="a_meeting_names_an_area_once"
            ),
        ]
        indexes = [models.Index(fields=["agency", "area", "meeting"], name="meetings_of_an_area")]

    def __str__(self) -> str:
        return f"{self.meeting_id} for {self.area_id}"


class Joining(models.Model):
    """The way into an online meeting, told to those who come and to nobody else."""

    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    meeting = models.OneToOneField(Meeting, on_delete=models.CASCADE, related_name="joining")
    url = models.URLField(max_length=500, blank=True)
    phone = models.CharField(max_length=60, blank=True)

    class Meta:
        verbose_name = _("way in")
        verbose_name_plural = _("ways in")

    def __str__(self) -> str:
        return f"way into {self.meeting_id}"
