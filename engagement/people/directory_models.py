"""An agency's own directory (Microsoft Entra, Google Workspace, any OpenID Connect issuer)."""

import uuid

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from engagement.places.models import Agency


def vouching() -> list[str]:
    """RFC 8176: several factors were shown."""
    return ["mfa"]


def plain_issuer(value: str) -> None:
    """An issuer is compared letter by letter, and never one for the staff of any company."""
    if "?" in value or "#" in value:
        raise ValidationError(_("An issuer has no ? and no #."))
    if any(part in ("common", "organizations", "consumers") for part in value.split("/")):
        raise ValidationError(
            _("This address lets in every company's staff. Use the one of your own tenant.")
        )


class DirectoryConnection(models.Model):
    """Lets staff of one agency sign in through its directory.

    The client secret is sealed for this row and is never shown again.
    """

    agency = models.ForeignKey(
        Agency,
        verbose_name=_("agency"),
        on_delete=models.PROTECT,
        related_name="+",
        help_text=_("Only staff of this agency use the directory."),
    )
    slug = models.SlugField(
        _("short address"),
        max_length=40,
        unique=True,
        help_text=_("Part of the address that you register at the directory; never changed."),
    )
    name = models.CharField(
        _("name"), max_length=80, help_text=_("What staff read on the sign-in button.")
    )
    issuer = models.CharField(
        _("issuer"),
        max_length=300,
        validators=[URLValidator(schemes=["https", "http"]), plain_issuer],
        help_text=_(
            "Letter by letter as the directory writes it. Microsoft Entra: "
            "https://login.microsoftonline.com/YOUR-TENANT-ID/v2.0. Google: "
            "https://accounts.google.com."
        ),
    )
    other_hosts = ArrayField(
        models.CharField(max_length=253),
        verbose_name=_("further hosts"),
        default=list,
        blank=True,
        help_text=_(
            "Hosts besides the issuer's that the portal may ask, separated by commas. Google: "
            "oauth2.googleapis.com, www.googleapis.com. Entra: none."
        ),
    )
    client_id = models.CharField(
        _("client id"), max_length=200, help_text=_("As the directory registered this portal.")
    )
    binding = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    client_secret = models.BinaryField(editable=False)
    vouching_values = ArrayField(
        models.CharField(max_length=80),
        verbose_name=_("words for a second factor"),
        default=vouching,
        blank=True,
        help_text=_(
            "Values of amr or acr by which the directory says that a second factor was shown. "
            "Without one of them the portal asks for its own. Empty: it always asks."
        ),
    )
    is_required = models.BooleanField(
        _("required"),
        default=False,
        help_text=_("A password no longer opens staff pages of this agency."),
    )
    is_active = models.BooleanField(
        _("in use"), default=True, help_text=_("Clear it to hide the button and refuse sign-ins.")
    )

    class Meta:
        verbose_name = _("directory")
        verbose_name_plural = _("directories")
        constraints = [
            models.UniqueConstraint(fields=["agency", "id"], name="directory_agency_and_id"),
        ]

    def __str__(self) -> str:
        return self.name


class DirectoryLink(models.Model):
    """This account is that person of the directory: made when both had shown themselves.

    The subject is kept as a keyed hash. An e-mail claim is never looked at: directories let
    their users write what they like there.
    """

    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    connection = models.ForeignKey(
        DirectoryConnection, on_delete=models.PROTECT, related_name="links"
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="directory_links"
    )
    subject_digest = models.BinaryField(max_length=32)
    binding = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    # Of the newest sign-in, sealed; only to ask whether the person may still sign in.
    refresh_token = models.BinaryField(default=b"")
    ask_at = models.DateTimeField(null=True)
    # The directory said that this person may not sign in any more; until they do again.
    refused_on = models.DateField(null=True)

    class Meta:
        verbose_name = _("person of a directory")
        verbose_name_plural = _("people of directories")
        constraints = [
            models.UniqueConstraint(
                fields=["connection", "subject_digest"], name="one_account_per_directory_person"
            ),
            models.UniqueConstraint(
                fields=["connection", "user"], name="one_directory_person_per_account"
            ),
        ]
        indexes = [
            models.Index(
                fields=["ask_at"],
                condition=models.Q(ask_at__isnull=False),
                name="directory_people_to_ask_about",
            )
        ]

    def __str__(self) -> str:
        return f"{self.connection_id} {self.user_id}"
