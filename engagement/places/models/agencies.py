"""Police departments, and what each tells its residents about days and numbers."""

import zoneinfo
from datetime import date, datetime

from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

from engagement.places.wording import TranslatedText


def all_languages() -> list[str]:
    return ["en", "es"]


def known_zone(name: str) -> None:
    try:
        zoneinfo.ZoneInfo(name)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError) as unknown:
        raise ValidationError(
            _("There is no time zone “%(name)s”. Write it like America/Chicago."),
            params={"name": name},
        ) from unknown


class Agency(models.Model):
    """A police department. Its revisions rise, by trigger, whenever its areas or streets change."""

    slug = models.SlugField(_("short address"), max_length=40, unique=True)
    name = models.CharField(_("name"), max_length=120)
    short_name = models.CharField(_("short name"), max_length=40, blank=True)
    timezone = models.CharField(
        _("time zone"), max_length=60, default="America/Chicago", validators=[known_zone]
    )
    hosts = ArrayField(
        models.CharField(max_length=253),
        verbose_name=_("host names"),
        default=list,
        blank=True,
        help_text=_("Host names whose pages belong to this agency."),
    )
    is_default = models.BooleanField(_("shown when nothing else says which agency"), default=False)
    responsible_layer = models.SlugField(
        _("layer that decides who is responsible"), max_length=40, default="district"
    )
    public_layer = models.SlugField(
        _("layer that residents know by name"), max_length=40, default="neighborhood"
    )
    emergency_number = models.CharField(_("emergency number"), max_length=20, default="911")
    non_emergency_phone = models.CharField(_("non-emergency phone"), max_length=40, blank=True)
    looks_at_reports = TranslatedText(
        verbose_name=_("when a person next looks at reports"), blank=True
    )
    languages = ArrayField(
        models.CharField(max_length=10), verbose_name=_("languages"), default=all_languages
    )
    publishes_officer_names = models.BooleanField(_("publishes officers' names"), default=False)
    boundary_revision = models.PositiveBigIntegerField(
        _("revision of the areas"), default=0, editable=False
    )
    street_revision = models.PositiveBigIntegerField(
        _("revision of the streets"), default=0, editable=False
    )
    mail_sender_name = models.CharField(_("sender of mails"), max_length=80, blank=True)
    is_small = models.BooleanField(
        _("small agency"),
        default=False,
        help_text=_("One person may hold every role here."),
    )

    class Meta:
        verbose_name = _("agency")
        verbose_name_plural = _("agencies")
        ordering = ["name", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["is_default"],
                condition=models.Q(is_default=True),
                name="one_agency_is_the_default",
            )
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def zone(self) -> zoneinfo.ZoneInfo:
        return zoneinfo.ZoneInfo(self.timezone)

    def day_of(self, moment: datetime) -> date:
        """Give the calendar day at the agency for an aware moment."""
        return moment.astimezone(self.zone).date()


class Holiday(models.Model):
    """A day on which the agency's clocks for answers stand still."""

    agency = models.ForeignKey(
        Agency, on_delete=models.CASCADE, related_name="holidays", verbose_name=_("agency")
    )
    on = models.DateField(_("day"))
    name = models.CharField(_("name"), max_length=80)

    class Meta:
        verbose_name = _("holiday")
        verbose_name_plural = _("holidays")
        ordering = ["agency", "on"]
        constraints = [
            models.UniqueConstraint(fields=["agency", "on"], name="one_holiday_on_a_day")
        ]

    def __str__(self) -> str:
        return f"{self.on} {self.name}"


class Hotline(models.Model):
    """A number that helps sooner or better than a report. Without agency it is shown for all."""

    agency = models.ForeignKey(
        Agency,
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="hotlines",
        verbose_name=_("agency"),
    )
    code = models.SlugField(_("code"), max_length=40)
    label = TranslatedText(verbose_name=_("name"))
    number = models.CharField(
        _("number"), max_length=60, help_text=_("As people read it: 988, (314) 231-1212.")
    )
    number_href = models.CharField(
        _("link"),
        max_length=200,
        blank=True,
        help_text=_("What a phone opens: tel:988, sms:741741 or https://..."),
    )
    hours = TranslatedText(verbose_name=_("hours"), blank=True)
    when = TranslatedText(verbose_name=_("what it is for, in plain words"), multiline=True)
    sort = models.PositiveSmallIntegerField(_("position"), default=100)
    last_checked_on = models.DateField(_("last checked on"), null=True, blank=True)
    is_on_help_screen = models.BooleanField(_("shown before the report form"), default=True)

    class Meta:
        verbose_name = _("hotline")
        verbose_name_plural = _("hotlines")
        ordering = ["sort", "code", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["agency", "code"],
                name="one_hotline_of_a_code",
                nulls_distinct=False,
            )
        ]

    def __str__(self) -> str:
        return f"{self.label} {self.number}"
