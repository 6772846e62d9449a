"""What was handed on to somebody outside: a document composed by staff, and what came back."""

from datetime import date

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from concerns import words
from concerns.models.concern import Concern
from concerns.models.wrong_doors import WrongDoor
from concerns.published.models import PublicPhoto
from engagement.doors.pictures.store import NAME_LENGTH
from engagement.groups.models import Organisation, TakesBy
from engagement.places.models import Agency

BRIEF_LIMIT = 2000
NUMBER_LIMIT = 64
STATUS_LIMIT = 200


class HandoffState(models.TextChoices):
    OFFERED = "offered", _("Offered")
    ACCEPTED = "accepted", _("Taken on")
    DONE = "done", _("Finished")
    GIVEN_BACK = "given_back", _("Given back")
    LAPSED = "lapsed", _("Not answered in time")
    WITHDRAWN = "withdrawn", _("Taken back by us")


# Somebody outside has it, and the clock may stand still for it.
UNDER_WAY = frozenset({HandoffState.OFFERED, HandoffState.ACCEPTED})
# A late answer is better than none.
ANSWERABLE = UNDER_WAY | {HandoffState.LAPSED}


class Precision(models.TextChoices):
    """How finely its reader learns the place; the exact point is none of these."""

    STREET = "street", _("Near this place on the street")
    BLOCK = "block", _("Somewhere in this block")
    AREA = "area", _("Somewhere in this area")
    NONE = "none", _("No place")


class Handoffs(models.QuerySet["Handoff"]):
    def under_way(self) -> "Handoffs":
        return self.filter(state__in=sorted(UNDER_WAY))

    def answerable(self) -> "Handoffs":
        return self.filter(state__in=sorted(ANSWERABLE))

    def lapsed(self) -> "Handoffs":
        """Those that nobody answered in time and that nobody looked after since."""
        return self.filter(state=HandoffState.LAPSED)

    def overdue(self, today: date) -> "Handoffs":
        return self.under_way().filter(due_on__lt=today)

    def shown_to_partners(self) -> "Handoffs":
        """Without what was taken back, and without what became private after it was sent."""
        hidden = WrongDoor.objects.hiding().values("concern_id")
        return self.exclude(state=HandoffState.WITHDRAWN).exclude(
            Q(concern__category__visibility="never")
            | Q(concern__danger__gt="")
            | Q(concern_id__in=hidden)
        )


class Handoff(models.Model):
    """All that its reader gets: nothing of it is copied from the report.

    `place_label`, `lon` and `lat` are those of an anchor. `number` and `status` are theirs, as
    they told them or as staff typed them in.
    """

    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    concern = models.ForeignKey(Concern, on_delete=models.CASCADE, related_name="handoffs")
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="handoffs"
    )
    reference = models.CharField(max_length=16, unique=True)
    way = models.CharField(max_length=10, choices=TakesBy)
    brief = models.TextField(max_length=BRIEF_LIMIT)
    asked = models.TextField(max_length=BRIEF_LIMIT)
    precision = models.CharField(max_length=10, choices=Precision)
    place_label = models.CharField(max_length=200, blank=True, default="")
    lon = models.FloatField(null=True)
    lat = models.FloatField(null=True)
    due_on = models.DateField()
    state = models.CharField(max_length=12, choices=HandoffState, default=HandoffState.OFFERED)
    number = models.CharField(max_length=NUMBER_LIMIT, blank=True, default="")
    status = models.CharField(max_length=STATUS_LIMIT, blank=True, default="")
    sent_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    reminded_on = models.DateField(null=True)
    # Counted up when a link is sent anew; a notice is never planned twice for one event.
    mailings = models.PositiveSmallIntegerField(default=1)
    by_user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )

    objects = Handoffs.as_manager()

    class Meta:
        ordering = ("concern", "id")
        constraints = [
            models.UniqueConstraint(
                fields=["agency", "id"], name="a_handoff_belongs_to_one_agency"
            ),
            models.CheckConstraint(
                condition=Q(
                    precision__in=[Precision.STREET, Precision.BLOCK],
                    lon__isnull=False,
                    lat__isnull=False,
                )
                | Q(
                    precision__in=[Precision.AREA, Precision.NONE],
                    lon__isnull=True,
                    lat__isnull=True,
                ),
                name="a_handoff_has_an_anchor_unless_it_shows_an_area_or_nothing",
            ),
            models.CheckConstraint(
                condition=Q(state__in=sorted(UNDER_WAY), ended_at__isnull=True)
                | (~Q(state__in=sorted(UNDER_WAY)) & Q(ended_at__isnull=False)),
                name="a_handoff_says_when_it_ended_exactly_when_it_has",
            ),
        ]
        indexes = [
            models.Index(
                fields=["due_on", "id"],
                condition=Q(state__in=["accepted", "offered"]),
                name="handoffs_under_way_by_day",
            ),
            models.Index(
                fields=["agency", "id"],
                condition=Q(state="lapsed"),
                name="handoffs_that_lapsed",
            ),
            models.Index(fields=["organisation", "-id"], name="handoffs_of_an_organisation"),
        ]

    def __str__(self) -> str:
        return self.reference

    @property
    def is_under_way(self) -> bool:
        return self.state in UNDER_WAY

    @property
    def can_be_answered(self) -> bool:
        return self.state in ANSWERABLE


class SharedPhoto(models.Model):
    """A public copy of a photo that the reader sees too; it goes when that copy goes."""

    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    handoff = models.ForeignKey(Handoff, on_delete=models.CASCADE, related_name="shared_photos")
    photo = models.ForeignKey(PublicPhoto, on_delete=models.CASCADE, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["handoff", "photo"], name="a_handoff_shares_a_photo_once"
            ),
        ]

    def __str__(self) -> str:
        return f"photo {self.photo_id} of {self.handoff_id}"


class Said(models.TextChoices):
    """What an entry of a hand-off tells."""

    ACCEPTED = "accepted", _("Accepted it")
    ANSWERED = "answered", _("Answered")
    DONE = "done", _("Said that it is done")
    GIVEN_BACK = "given_back", _("Gave it back")
    NUMBERED = "numbered", _("Told their number or status")


class SaidBy(models.TextChoices):
    """By which way an entry came."""

    ACCOUNT = "account", _("with their account")
    LINK = "link", _("with the link that they were sent")
    MAIL = "mail", _("by mail, unverified")
    SERVER = "server", _("from their server")
    STAFF = "staff", _("typed in by the police")


class HandoffEntry(models.Model):
    """One thing that came back, appended and never edited.

    Whoever answered by link or mail is not known, so nobody is named: a mail can be sent by
    anyone who saw its address.
    """

    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    handoff = models.ForeignKey(Handoff, on_delete=models.CASCADE, related_name="entries")
    said = models.CharField(max_length=12, choices=Said)
    way = models.CharField(max_length=8, choices=SaidBy)
    text = models.TextField(max_length=words.TEXT_LIMIT, blank=True, default="")
    at = models.DateTimeField()
    by_user = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    # A keyed hash of what a mail said, so that the same mail twice is one answer.
    digest = models.BinaryField(max_length=32, null=True)

    class Meta:
        ordering = ("handoff", "id")
        constraints = [
            models.UniqueConstraint(
                fields=["agency", "id"], name="a_handoff_entry_belongs_to_one_agency"
            ),
            models.UniqueConstraint(
                fields=["handoff", "digest"], name="the_same_mail_is_one_answer"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.said} {self.handoff_id}"

    @property
    def is_unverified(self) -> bool:
        return self.way == SaidBy.MAIL


class ReturnedPhoto(models.Model):
    """A photo that came back, made new from pixels alone. Only staff see it."""

    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    entry = models.ForeignKey(HandoffEntry, on_delete=models.CASCADE, related_name="photos")
    name = models.CharField(max_length=NAME_LENGTH, unique=True)
    width = models.PositiveSmallIntegerField()
    height = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ("entry", "id")

    def __str__(self) -> str:
        return f"photo {self.pk} of {self.entry_id}"


class LinkUse(models.TextChoices):
    PAGE = "page", _("Opens the page")
    REPLY = "reply", _("Takes an answer by mail")


class HandoffLink(models.Model):
    """A way in without an account, for this one hand-off; only its digest is kept."""

    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    handoff = models.ForeignKey(Handoff, on_delete=models.CASCADE, related_name="links")
    use = models.CharField(max_length=6, choices=LinkUse)
    digest = models.BinaryField(max_length=32, unique=True)
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["agency", "id"], name="a_handoff_link_belongs_to_one_agency"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.use} of {self.handoff_id}"
