"""Accounts, addresses and grants. No column here holds an address in plain."""

import uuid
from typing import Any, ClassVar

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from engagement.people.device_models import Device
from engagement.people.directory_models import DirectoryConnection, DirectoryLink
from engagement.people.roles import ROLE_CHOICES, Role
from engagement.people.session_models import EnrolmentPermit, Session
from engagement.people.staffing_models import (
    AgencyChief,
    Departure,
    Invitation,
    InvitationArea,
    PendingStep,
)
from engagement.people.trust import session_is_trusted
from engagement.places.models import Agency, Area

__all__ = [
    "AgencyChief",
    "AreaAssignment",
    "Contact",
    "ContactKind",
    "Departure",
    "Device",
    "DirectoryConnection",
    "DirectoryLink",
    "EnrolmentPermit",
    "Grant",
    "GrantArea",
    "IdentityRead",
    "Invitation",
    "InvitationArea",
    "PendingStep",
    "Session",
    "User",
]

KEY_LENGTH = 80


class ContactKind(models.TextChoices):
    EMAIL = "email", _("E-mail")
    TEXT = "text", _("Text message")
    PHONE = "phone", _("Phone")
    LETTER = "letter", _("Letter")


class Contact(models.Model):
    """One address for one use; a reporter's row is never shared with an account's.

    `binding` ties the ciphertext to this row. It is drawn here rather than taken from the
    primary key, so that an address can be sealed before the row exists.
    """

    agency = models.ForeignKey(
        Agency, verbose_name=_("agency"), null=True, blank=True, on_delete=models.PROTECT
    )
    kind = models.CharField(_("kind"), max_length=10, choices=ContactKind.choices)
    binding = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    ciphertext = models.BinaryField()
    lookup = models.BinaryField(max_length=32)
    # How to use it without harm, in the person's words; sealed like the address, gone with it.
    wishes = models.BinaryField(default=bytes, db_default=b"")
    language = models.CharField(_("language"), max_length=10, default="en")
    is_confirmed = models.BooleanField(_("confirmed"), default=False)
    created_on = models.DateField(_("created on"))

    class Meta:
        verbose_name = _("contact")
        verbose_name_plural = _("contacts")
        indexes = [models.Index(fields=["agency", "kind", "lookup"], name="contact_by_lookup")]
        constraints = [
            models.UniqueConstraint(fields=["agency", "id"], name="contact_agency_and_id"),
        ]

    def __str__(self) -> str:
        return gettext("contact %(number)s") % {"number": self.pk}


class UserManager(BaseUserManager["User"]):
    def create_user(self, sign_in_key: str, password: str | None = None, **fields: Any) -> "User":
        user = self.model(sign_in_key=sign_in_key, **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(
        self, sign_in_key: str, password: str | None = None, **fields: Any
    ) -> "User":
        return self.create_user(
            sign_in_key, password, **{**fields, "is_staff": True, "is_superuser": True}
        )


class User(AbstractBaseUser):
    """Someone who signs in. `sign_in_key` is a keyed hash of the address, shaped like one.

    Django's groups and per-model permissions are left out: rights come from grants alone.
    """

    # The moment of the last sign-in would say when a resident was here.
    last_login = None

    sign_in_key = models.CharField(_("sign-in key"), max_length=KEY_LENGTH, unique=True)
    name = models.CharField(
        _("name"),
        max_length=120,
        blank=True,
        help_text=_("Name and rank of a staff member, as colleagues read it. Empty for residents."),
    )
    language = models.CharField(_("language"), max_length=10, default="en")
    contact = models.OneToOneField(
        Contact,
        verbose_name=_("contact"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="account",
    )
    is_active = models.BooleanField(
        _("active"),
        default=True,
        help_text=_("Clear this box to lock the account. Do not delete: history names it."),
    )
    is_staff = models.BooleanField(
        _("may open this administration"),
        default=False,
        help_text=_("Only for the operator of the installation."),
    )
    is_superuser = models.BooleanField(
        _("operator of the installation"),
        default=False,
        help_text=_("Manages agencies, places and accounts here. Opens no concern."),
    )
    created_on = models.DateField(_("created on"))

    # Not stored: said anew for each request from what its session holds.
    has_fresh_factor = False
    # No factor of the account's own: the directory of one agency vouches, and for itself alone.
    is_vouched_for = False
    # The agency through whose directory this session was opened.
    directory_agency_id: int | None = None

    objects: ClassVar[UserManager] = UserManager()

    USERNAME_FIELD = "sign_in_key"
    EMAIL_FIELD = "sign_in_key"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["created_on"]

    class Meta:
        verbose_name = _("account")
        verbose_name_plural = _("accounts")
        constraints = [
            models.CheckConstraint(
                condition=Q(sign_in_key__endswith="@people.invalid"),
                name="sign_in_key_is_no_address",
                violation_error_message=_("An account never stores an address."),
            ),
        ]

    def __str__(self) -> str:
        return self.name or gettext("account %(number)s") % {"number": self.pk}

    def get_full_name(self) -> str:
        return str(self)

    def get_short_name(self) -> str:
        return str(self)

    def has_perm(self, perm: str, obj: object = None) -> bool:
        """Django's own question, asked by the administration; the portal asks rights.allowed()."""
        is_operator = self.is_active and self.is_superuser and not self.is_vouched_for
        return is_operator and session_is_trusted(self)

    def has_module_perms(self, app_label: str) -> bool:
        return self.has_perm(app_label)


class InForce(models.QuerySet[Any]):
    def in_force(self, today: Any) -> "InForce":
        return self.filter(Q(until_on__isnull=True) | Q(until_on__gte=today), from_on__lte=today)


class Grant(models.Model):
    """A role somebody holds: at one agency, in some of its areas or in all, for a time."""

    user = models.ForeignKey(
        User, verbose_name=_("account"), on_delete=models.CASCADE, related_name="grants"
    )
    role = models.CharField(_("role"), max_length=20, choices=ROLE_CHOICES)
    agency = models.ForeignKey(
        Agency,
        verbose_name=_("agency"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        help_text=_("Leave empty only for the operator of the installation."),
    )
    areas: "models.ManyToManyField[Area, GrantArea]" = models.ManyToManyField(
        Area,
        verbose_name=_("areas"),
        through="GrantArea",
        blank=True,
        help_text=_("None chosen means the whole agency."),
    )
    from_on = models.DateField(_("from"))
    until_on = models.DateField(_("until"), null=True, blank=True, help_text=_("The last day."))

    objects = InForce.as_manager()

    class Meta:
        verbose_name = _("grant")
        verbose_name_plural = _("grants")
        constraints = [
            models.UniqueConstraint(fields=["agency", "id"], name="grant_agency_and_id"),
            models.CheckConstraint(
                condition=Q(role=Role.OPERATOR.value, agency__isnull=True)
                | (~Q(role=Role.OPERATOR.value) & Q(agency__isnull=False)),
                name="only_the_operator_has_no_agency",
                violation_error_message=_(
                    "Choose an agency; only the operator of the installation has none."
                ),
            ),
            models.CheckConstraint(
                condition=Q(until_on__isnull=True) | Q(until_on__gte=F("from_on")),
                name="grant_ends_after_it_starts",
                violation_error_message=_("The last day must not be before the first day."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_role_display()} {self.from_on}"


class GrantArea(models.Model):
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    grant = models.ForeignKey(Grant, on_delete=models.CASCADE, related_name="grant_areas")
    area = models.ForeignKey(Area, on_delete=models.CASCADE, related_name="+")

    class Meta:
        verbose_name = _("area of a grant")
        verbose_name_plural = _("areas of grants")
        constraints = [
            models.UniqueConstraint(fields=["grant", "area"], name="area_granted_once"),
        ]

    def __str__(self) -> str:
        return f"{self.grant_id} {self.area_id}"


class AreaAssignment(models.Model):
    """Who is the officer of an area, and until when."""

    agency = models.ForeignKey(Agency, verbose_name=_("agency"), on_delete=models.PROTECT)
    user = models.ForeignKey(
        User,
        verbose_name=_("officer"),
        on_delete=models.CASCADE,
        related_name="area_assignments",
    )
    area = models.ForeignKey(
        Area,
        verbose_name=_("area"),
        on_delete=models.CASCADE,
        related_name="assignments",
    )
    is_lead = models.BooleanField(
        _("lead"),
        default=True,
        help_text=_("New concerns in the area go to the lead."),
    )
    from_on = models.DateField(_("from"))
    until_on = models.DateField(_("until"), null=True, blank=True, help_text=_("The last day."))

    objects = InForce.as_manager()

    class Meta:
        verbose_name = _("officer of an area")
        verbose_name_plural = _("officers of areas")
        constraints = [
            models.UniqueConstraint(
                fields=["area"],
                condition=Q(is_lead=True, until_on__isnull=True),
                name="one_lead_per_area_without_an_end",
                violation_error_message=_(
                    "This area already has a lead. End that assignment first."
                ),
            ),
            models.CheckConstraint(
                condition=Q(until_on__isnull=True) | Q(until_on__gte=F("from_on")),
                name="assignment_ends_after_it_starts",
                violation_error_message=_("The last day must not be before the first day."),
            ),
        ]

    def __str__(self) -> str:
        return str(self.from_on)


class IdentityRead(models.Model):
    """Who opened an address, for which matter and why; the typed reason is sealed."""

    agency = models.ForeignKey(Agency, null=True, on_delete=models.PROTECT, related_name="+")
    by_user = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    subject_type = models.CharField(max_length=40)
    subject_reference = models.CharField(max_length=40)
    binding = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    reason = models.BinaryField()
    read_at = models.DateTimeField()

    class Meta:
        verbose_name = _("reading of an identity")
        verbose_name_plural = _("readings of identities")
        indexes = [models.Index(fields=["agency", "-read_at"], name="identity_read_newest")]

    def __str__(self) -> str:
        return f"{self.subject_type} {self.subject_reference}"
