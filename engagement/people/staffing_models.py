"""How people come to an agency and leave it: invitations, departures, steps that need two."""

import uuid
from datetime import date, datetime

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from engagement.people.roles import ROLE_CHOICES, Role
from engagement.places.models import Agency, Area


class InvitationState(models.TextChoices):
    OPEN = "open", _("Open")
    ACCEPTED = "accepted", _("Accepted")
    REVOKED = "revoked", _("Withdrawn")


class Invitations(models.QuerySet["Invitation"]):
    def open(self, now: datetime) -> "Invitations":
        return self.filter(state=InvitationState.OPEN, expires_at__gt=now)


class Invitation(models.Model):
    """Somebody is asked to work here. The address is a contact of its own, erased at the end.

    `binding` makes the link's token, which is stored only as a digest.
    """

    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    contact = models.ForeignKey("people.Contact", on_delete=models.PROTECT, related_name="+")
    name = models.CharField(_("name"), max_length=120)
    roles = ArrayField(models.CharField(max_length=20, choices=ROLE_CHOICES))
    areas: "models.ManyToManyField[Area, InvitationArea]" = models.ManyToManyField(
        Area, through="InvitationArea", blank=True
    )
    from_on = models.DateField(_("from"))
    until_on = models.DateField(_("until"), null=True, blank=True)
    invited_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    binding = models.UUIDField(default=uuid.uuid4, editable=False)
    token_digest = models.BinaryField(max_length=32, unique=True)
    state = models.CharField(
        max_length=10, choices=InvitationState.choices, default=InvitationState.OPEN
    )
    created_on = models.DateField()
    expires_at = models.DateTimeField()
    accepted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )

    objects = Invitations.as_manager()

    class Meta:
        verbose_name = _("invitation")
        verbose_name_plural = _("invitations")
        constraints = [
            models.UniqueConstraint(fields=["agency", "id"], name="invitation_agency_and_id"),
            models.CheckConstraint(
                condition=~Q(roles__contains=[Role.OPERATOR.value]) & Q(roles__len__gte=1),
                name="an_invitation_names_roles_of_an_agency",
            ),
            models.CheckConstraint(
                condition=Q(state="accepted", accepted_by__isnull=False)
                | ~Q(state="accepted") & Q(accepted_by__isnull=True),
                name="an_accepted_invitation_says_by_whom",
            ),
        ]
        indexes = [
            models.Index(
                fields=["agency", "-created_on", "-id"],
                condition=Q(state="open"),
                name="open_invitations",
            )
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.created_on}"


class InvitationArea(models.Model):
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    invitation = models.ForeignKey(Invitation, on_delete=models.CASCADE, related_name="+")
    area = models.ForeignKey(Area, on_delete=models.CASCADE, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["invitation", "area"], name="area_invited_to_once"),
        ]

    def __str__(self) -> str:
        return f"{self.invitation_id} {self.area_id}"


class Departure(models.Model):
    """Somebody lost roles at an agency; what they worked on is handed over until nothing is left.

    The row is the job: a sweep goes on with it if the page that began it broke off.
    """

    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="departures"
    )
    # Nobody named: the lead of each area gets it, or the list of what lies with nobody.
    hand_to = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    by_user = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    left_on = models.DateField()
    is_done = models.BooleanField(default=False)

    class Meta:
        verbose_name = _("departure")
        verbose_name_plural = _("departures")
        indexes = [
            models.Index(fields=["id"], condition=Q(is_done=False), name="departures_under_way")
        ]

    def __str__(self) -> str:
        return f"{self.user_id} {self.left_on}"


class AgencyChief(models.Model):
    """Where the chief of an agency is told of steps that one person took alone."""

    agency = models.OneToOneField(
        Agency,
        verbose_name=_("agency"),
        on_delete=models.PROTECT,
        related_name="+",
    )
    contact = models.ForeignKey("people.Contact", on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("chief's address")
        verbose_name_plural = _("chiefs' addresses")

    def __str__(self) -> str:
        return str(self.agency_id)


class StepState(models.TextChoices):
    ASKED = "asked", _("Waiting")
    DONE = "done", _("Done")
    REFUSED = "refused", _("Refused")


class PendingStep(models.Model):
    """A step that one person asks for and another confirms.

    In a small agency the same person may confirm it, a day later; the chief is told at once.
    `value` is a detail of the verb in code words, such as a role; never free text.
    """

    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    verb = models.CharField(max_length=40)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    value = models.CharField(max_length=40, blank=True)
    from_on: "models.DateField[date | None, date | None]" = models.DateField(null=True)
    until_on: "models.DateField[date | None, date | None]" = models.DateField(null=True)
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    asked_at = models.DateTimeField()
    confirmable_at = models.DateTimeField()
    state = models.CharField(max_length=10, choices=StepState.choices, default=StepState.ASKED)
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        verbose_name = _("step that needs two people")
        verbose_name_plural = _("steps that need two people")
        constraints = [
            models.UniqueConstraint(
                fields=["agency", "verb", "person", "value"],
                condition=Q(state="asked"),
                name="a_step_is_asked_for_once",
            )
        ]

    def __str__(self) -> str:
        return f"{self.verb} {self.asked_at:%Y-%m-%d}"
