"""Partner organisations and who works for them. What they are given stands elsewhere."""

import uuid

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from engagement.people.models import Contact
from engagement.places.models import Agency

NAME_LIMIT = 120


class OrganisationKind(models.TextChoices):
    ASSOCIATION = "association", _("Neighborhood association")
    SCHOOL = "school", _("School")
    DEPARTMENT = "department", _("City department")
    CLINIC = "clinic", _("Clinic")
    CITY_311 = "city_311", _("The city's 311")
    AGENCY = "agency", _("Other agency")
    OTHER = "other", _("Other")


class TakesBy(models.TextChoices):
    """How it takes work; people with an account of it find their work there in any case."""

    ACCOUNT = "account", _("In their own account here")
    LINK = "link", _("By a link in a mail, without an account")
    MAIL = "mail", _("By a mail that they answer")
    OPEN311 = "open311", _("By Open311, from server to server")
    FORM = "form", _("By a form on their own site")


class Organisations(models.QuerySet["Organisation"]):
    def of(self, agency: Agency) -> "Organisations":
        return self.filter(agency=agency)

    def in_use(self) -> "Organisations":
        return self.filter(is_active=True)


class Organisation(models.Model):
    """A body that takes work from one agency.

    `contact` gets its mails. An Open311 server is asked at `endpoint_url`, which ends before
    "services.json"; its key is sealed for this row and never shown again.
    """

    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=NAME_LIMIT)
    kind = models.CharField(max_length=20, choices=OrganisationKind, default=OrganisationKind.OTHER)
    takes_by = models.CharField(max_length=10, choices=TakesBy, default=TakesBy.LINK)
    contact = models.OneToOneField(
        Contact, null=True, on_delete=models.SET_NULL, related_name="+", editable=False
    )
    languages = ArrayField(models.CharField(max_length=10), default=list, blank=True)
    form_url = models.URLField(max_length=300, blank=True, default="")
    endpoint_url = models.URLField(max_length=300, blank=True, default="")
    jurisdiction = models.CharField(max_length=80, blank=True, default="")
    binding = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    endpoint_key = models.BinaryField(default=bytes, editable=False)
    is_active = models.BooleanField(default=True)

    objects = Organisations.as_manager()

    class Meta:
        verbose_name = _("organisation")
        verbose_name_plural = _("organisations")
        ordering = ("agency", "name", "id")
        constraints = [
            models.UniqueConstraint(
                fields=["agency", "id"], name="an_organisation_belongs_to_one_agency"
            ),
            models.UniqueConstraint("agency", Lower("name"), name="an_organisation_is_listed_once"),
            models.CheckConstraint(condition=~Q(name=""), name="an_organisation_has_a_name"),
        ]

    def __str__(self) -> str:
        return self.name


class OrganisationMember(models.Model):
    """Somebody who works on what the organisation was given, while they hold the role partner."""

    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="members")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="memberships"
    )
    since_on = models.DateField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "user"], name="nobody_is_in_an_organisation_twice"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} in {self.organisation_id}"
