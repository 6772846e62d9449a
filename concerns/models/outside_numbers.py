"""Numbers under which other systems of the police hold the same matter."""

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

from concerns.models.concern import Concern
from concerns.number_masks import NUMBER_LIMIT, BadMask, fits, masks_in, normalised_number
from engagement.places.models import Agency

MASK_REFUSALS = {
    "too_long": _("A line has at most 40 signs."),
    "too_many": _("Write at most five lines."),
    "parentheses": _("Close each parenthesis, none inside another, and use at most three pairs."),
    "no_sign": _("Each line needs #, @ or * where numbers differ."),
    "sign": _("Use plain letters, digits and signs only."),
}


class System(models.TextChoices):
    CAD = "cad", _("CAD (calls)")
    RMS = "rms", _("RMS (reports)")


class OutsideSystems(models.Model):
    """What an agency says of its dispatch and records systems; without a row any number goes."""

    agency = models.OneToOneField(
        Agency, verbose_name=_("agency"), on_delete=models.CASCADE, related_name="+"
    )
    cad_masks = models.TextField(_("how CAD numbers look"), max_length=240, blank=True)
    cad_example = models.CharField(_("example of a CAD number"), max_length=40, blank=True)
    rms_masks = models.TextField(_("how RMS numbers look"), max_length=240, blank=True)
    rms_example = models.CharField(_("example of an RMS number"), max_length=40, blank=True)
    copies_words = models.BooleanField(_("the reporter's words are copied"), default=False)

    class Meta:
        verbose_name = _("numbers of CAD and RMS")
        verbose_name_plural = _("numbers of CAD and RMS")

    def __str__(self) -> str:
        return str(self.agency)

    def clean(self) -> None:
        """Refuse masks that cannot be read, and examples that do not fit them."""
        for system in System.values:
            masks, example = getattr(self, f"{system}_masks"), getattr(self, f"{system}_example")
            try:
                known = masks_in(masks)
            except BadMask as error:
                raise ValidationError({f"{system}_masks": MASK_REFUSALS[error.reason]}) from None
            if known and not example:
                raise ValidationError({f"{system}_example": _("Give an example that fits.")})
            if example and not fits(normalised_number(example), known):
                raise ValidationError({f"{system}_example": _("The example does not look so.")})

    def masks_of(self, system: str) -> list[str]:
        return masks_in(getattr(self, f"{system}_masks"))

    def example_of(self, system: str) -> str:
        return str(getattr(self, f"{system}_example"))


class OutsideCall(models.Model):
    """One line of the nightly file of calls: what another system says, and nobody's name.

    `street` is the street of the block as it is compared, such as "utah".
    """

    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    system = models.CharField(max_length=3, choices=System)
    number = models.CharField(max_length=NUMBER_LIMIT)
    kind = models.CharField(max_length=80, blank=True)
    on = models.DateField()
    block = models.CharField(max_length=120, blank=True)
    street = models.CharField(max_length=60, blank=True)
    disposition = models.CharField(max_length=80, blank=True)
    read_on = models.DateField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["agency", "system", "number"], name="an_outside_call_is_kept_once"
            ),
            models.UniqueConstraint(
                fields=["agency", "id"], name="an_outside_call_belongs_to_one_agency"
            ),
        ]
        indexes = [models.Index(fields=["read_on"], name="outside_calls_by_age")]

    def __str__(self) -> str:
        return f"{self.system} {self.pk}"


class OutsideNumber(models.Model):
    """One number of one case. The same number may stand on several cases: one call, two reports."""

    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    concern = models.ForeignKey(Concern, on_delete=models.CASCADE, related_name="outside_numbers")
    system = models.CharField(max_length=3, choices=System)
    number = models.CharField(max_length=NUMBER_LIMIT)
    on = models.DateField()
    by_user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    call = models.ForeignKey(
        OutsideCall, null=True, on_delete=models.SET_NULL, related_name="numbers"
    )

    class Meta:
        ordering = ("concern", "id")
        constraints = [
            models.UniqueConstraint(
                fields=["concern", "system", "number"], name="a_case_has_an_outside_number_once"
            ),
        ]
        indexes = [
            models.Index(fields=["agency", "system", "number"], name="cases_of_an_outside_number"),
        ]

    def __str__(self) -> str:
        return f"{self.system} of {self.concern_id}"


class CallSuggestion(models.Model):
    """A call that may be about the case: same street, near day, fitting kind. A person decides."""

    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    concern = models.ForeignKey(Concern, on_delete=models.CASCADE, related_name="call_suggestions")
    call = models.ForeignKey(OutsideCall, on_delete=models.CASCADE, related_name="suggestions")
    is_refused = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["concern", "call"], name="a_call_is_suggested_for_a_case_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.call_id} for {self.concern_id}"


class CallMapping(models.Model):
    """How the nightly file of an agency is read: which column holds what."""

    class Encoding(models.TextChoices):
        UTF_8 = "utf-8-sig", "UTF-8"
        WINDOWS = "cp1252", "Windows-1252"

    class Delimiter(models.TextChoices):
        COMMA = ",", _("Comma")
        SEMICOLON = ";", _("Semicolon")
        TAB = "\t", _("Tab")

    agency = models.OneToOneField(
        Agency, verbose_name=_("agency"), on_delete=models.CASCADE, related_name="+"
    )
    system = models.CharField(
        _("the numbers are of"), max_length=3, choices=System, default=System.CAD
    )
    number_column = models.CharField(_("column of the number"), max_length=80)
    date_column = models.CharField(_("column of the day"), max_length=80)
    type_column = models.CharField(_("column of the kind"), max_length=80, blank=True)
    block_column = models.CharField(_("column of the block"), max_length=80, blank=True)
    disposition_column = models.CharField(_("column of the disposition"), max_length=80, blank=True)
    delimiter = models.CharField(
        _("between columns"), max_length=1, choices=Delimiter, default=Delimiter.COMMA
    )
    encoding = models.CharField(
        _("written in"), max_length=10, choices=Encoding, default=Encoding.UTF_8
    )
    kinds = models.TextField(_("kinds of call and of concern"), max_length=4000, blank=True)

    class Meta:
        verbose_name = _("reading of the calls file")
        verbose_name_plural = _("reading of the calls file")

    def __str__(self) -> str:
        return str(self.agency)

    def clean(self) -> None:
        for line in self.kinds.splitlines():
            if line.strip() and "=" not in line:
                raise ValidationError({"kinds": _("Write kind=category on each line.")})

    @property
    def pairs(self) -> list[tuple[str, str]]:
        """Patterns of kinds with the code of the category that they fit, in order."""
        rows = [line.rpartition("=") for line in self.kinds.splitlines() if "=" in line]
        return [(kind.strip().casefold(), code.strip()) for kind, _equals, code in rows]
