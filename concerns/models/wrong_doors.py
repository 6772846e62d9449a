"""What came here and belongs to somebody who acts at once: who was told of it, by whom, when.

Staff alone ever see any of this. The reporter does not: whoever reads over a victim's shoulder
must not learn that somebody was called.
"""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from concerns.models.concern import Concern
from engagement.people.models import Contact
from engagement.places.models import Agency

REASON_LIMIT = 500
OPEN = Q(ending="")


class Wrong(models.TextChoices):
    DANGER = "danger", _("Danger now")
    ABUSE = "abuse", _("Child or adult abuse")
    CRIME = "crime", _("Crime to report")


class Ending(models.TextChoices):
    HANDLED = "handled", _("Handed to who acts on it")
    MISTAKE = "mistake", _("Marked by mistake")


class WrongDoorQuerySet(models.QuerySet["WrongDoor"]):
    def open(self) -> "WrongDoorQuerySet":
        return self.filter(OPEN)

    def waiting(self) -> "WrongDoorQuerySet":
        """Those that no supervisor has taken over yet."""
        return self.open().filter(accepted_at__isnull=True)

    def hiding(self) -> "WrongDoorQuerySet":
        """Those while which nothing may reach the public or a partner.

        Danger and abuse hide for good, unless it was a mistake; a crime until it is handled.
        """
        lasting = Q(kind__in=[Wrong.DANGER, Wrong.ABUSE], ending=Ending.HANDLED)
        return self.filter(OPEN | lasting)


class WrongDoor(models.Model):
    """One mark. Times are to the minute: who had to tell, must be able to prove when."""

    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    concern = models.ForeignKey(Concern, on_delete=models.CASCADE, related_name="wrong_doors")
    kind = models.CharField(max_length=10, choices=Wrong)
    marked_at = models.DateTimeField()
    marked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    accepted_at = models.DateTimeField(null=True)
    accepted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    ended_at = models.DateTimeField(null=True)
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    ending = models.CharField(max_length=10, choices=Ending, blank=True, default="")
    reason = models.CharField(max_length=REASON_LIMIT, blank=True)
    # Why a crime has no report number; with it the case can be closed.
    no_number_reason = models.CharField(max_length=REASON_LIMIT, blank=True)

    objects = WrongDoorQuerySet.as_manager()

    class Meta:
        ordering = ("concern", "id")
        constraints = [
            models.UniqueConstraint(fields=["agency", "id"], name="a_mark_belongs_to_one_agency"),
            models.UniqueConstraint(
                fields=["concern", "kind"], condition=OPEN, name="a_case_has_an_open_mark_once"
            ),
            models.CheckConstraint(
                condition=Q(OPEN, ended_at__isnull=True) | ~OPEN & Q(ended_at__isnull=False),
                name="a_mark_says_when_it_ended_exactly_when_it_did",
            ),
            models.CheckConstraint(
                condition=~Q(ending=Ending.MISTAKE) | ~Q(reason=""),
                name="a_mark_is_called_off_with_a_reason",
            ),
        ]
        indexes = [
            models.Index(fields=["agency", "marked_at"], condition=OPEN, name="open_marks"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.concern_id}"


class WrongDoorPage(models.Model):
    """That a supervisor was paged; appended, never edited. `round` counts from 1."""

    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    wrong_door = models.ForeignKey(WrongDoor, on_delete=models.CASCADE, related_name="pages")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    round = models.PositiveSmallIntegerField()
    is_on_duty = models.BooleanField()
    at = models.DateTimeField()

    class Meta:
        ordering = ("wrong_door", "id")
        constraints = [
            models.UniqueConstraint(
                fields=["wrong_door", "round", "user"], name="nobody_is_paged_twice_in_a_round"
            ),
        ]

    def __str__(self) -> str:
        return f"page {self.round} of {self.wrong_door_id}"


class WrongDoorCall(models.Model):
    """Who called whom and when; appended, never edited."""

    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    wrong_door = models.ForeignKey(WrongDoor, on_delete=models.CASCADE, related_name="calls")
    by_user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    at = models.DateTimeField()
    whom = models.CharField(max_length=120)
    number = models.CharField(max_length=60, blank=True)
    line = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ("wrong_door", "id")

    def __str__(self) -> str:
        return f"call for {self.wrong_door_id}"


class DutyShift(models.Model):
    """Which supervisor is on duty when; `contact` is a number that gets a text as well."""

    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    from_at = models.DateTimeField()
    until_at = models.DateTimeField()
    contact = models.ForeignKey(Contact, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ("agency", "from_at", "id")
        constraints = [
            models.CheckConstraint(
                condition=Q(until_at__gt=F("from_at")), name="a_shift_ends_after_it_begins"
            ),
        ]
        indexes = [models.Index(fields=["agency", "until_at"], name="shifts_by_their_end")]

    def __str__(self) -> str:
        return f"shift {self.pk}"
