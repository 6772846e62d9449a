"""What people ask the police to do for them, and what must be forgotten afterwards."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from concerns.models.concern import Concern
from engagement.places.models import Agency


class Service(models.TextChoices):
    PATROL = "patrol", _("Extra patrol")
    VACATION = "vacation", _("Vacation check")
    SURVEY = "survey", _("Security survey")
    SPEAKER = "speaker", _("Speaker")
    ROLL_CALL = "roll_call", _("Roll call at home")
    COFFEE = "coffee", _("Coffee with a Cop")


class ServiceRequest(models.Model):
    """The service of one concern. When somebody is away never stands here."""

    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    concern = models.OneToOneField(Concern, on_delete=models.CASCADE, related_name="service")
    kind = models.CharField(max_length=10, choices=Service)
    from_on = models.DateField(null=True)
    until_on = models.DateField(null=True)
    # When a survey is to be looked at again.
    recheck_on = models.DateField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~Q(kind=Service.VACATION)
                | Q(from_on__isnull=True, until_on__isnull=True),
                name="the_days_of_an_absence_are_kept_apart",
            ),
            models.CheckConstraint(
                condition=Q(until_on__isnull=True)
                | Q(from_on__isnull=True)
                | Q(until_on__gte=models.F("from_on")),
                name="a_service_ends_after_it_begins",
            ),
        ]
        indexes = [models.Index(fields=["agency", "kind"], name="services_of_an_agency")]

    def __str__(self) -> str:
        return f"{self.kind} {self.concern_id}"


class EmptyHome(models.Model):
    """When a home stands empty, and what its people say about it; sealed, and deleted soon after.

    A thief of the database without its keys learns neither days nor words.
    """

    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    concern = models.OneToOneField(Concern, on_delete=models.CASCADE, related_name="empty_home")
    binding = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    sealed = models.BinaryField()

    def __str__(self) -> str:
        return f"absence {self.pk}"


class SecuritySurvey(models.Model):
    """What an officer found about locks and lights: a burglar's guide, so it is sealed."""

    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    concern = models.OneToOneField(Concern, on_delete=models.CASCADE, related_name="survey")
    binding = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    sealed = models.BinaryField()
    done_on = models.DateField()
    by_user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )

    def __str__(self) -> str:
        return f"survey {self.pk}"
