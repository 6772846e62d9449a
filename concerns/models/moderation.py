"""What may be taken off the site and why: published reasons, colleagues' flags, and decisions."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from concerns.models.concern import Concern
from engagement.places.models import Agency
from engagement.places.wording import TranslatedText

WHY_LIMIT = 400


class Ground(models.TextChoices):
    """All that a reason may rest on. None of them asks what somebody thinks of anything."""

    PERSON = "person", _("It tells who somebody is, or where they live")
    THREAT = "threat", _("It threatens or harasses somebody")
    DANGER = "danger", _("Showing it could endanger somebody or an investigation")
    FORBIDDEN = "forbidden", _("A law or a court forbids to show it")
    ADVERT = "advert", _("It advertises, or was sent in bulk")
    UNCLEAR = "unclear", _("Nobody can make out what it is about")
    ELSEWHERE = "elsewhere", _("It is no matter of this agency")
    NEEDED = "needed", _("The words are needed to work on the report")
    RECORD = "record", _("The law says that the record is kept")
    FITS = "fits", _("None of the reasons to take something down applies")


class Outcome(models.TextChoices):
    TAKEN_DOWN = "taken_down", _("Taken down, or not taken in")
    KEPT = "kept", _("Left as it is")


class What(models.TextChoices):
    SPAM = "spam", _("A report that looked like spam")
    REMOVAL = "removal", _("Words that their reporter wants removed")
    WORDS = "words", _("Words on a public page")
    PHOTOS = "photos", _("Photos on a public page")


class ModerationReason(models.Model):
    agency = models.ForeignKey(
        Agency, verbose_name=_("agency"), on_delete=models.PROTECT, related_name="+"
    )
    code = models.SlugField(_("code"), max_length=40)
    ground = models.CharField(
        _("what it rests on"),
        max_length=12,
        choices=Ground,
        help_text=_(
            "Never an opinion: whether somebody praises or blames the police, an officer or "
            "anybody's view is no reason, and there is no such choice."
        ),
    )
    outcome = models.CharField(_("what is done"), max_length=12, choices=Outcome)
    label = TranslatedText(_("reason"))
    explanation = TranslatedText(_("explanation"))
    sort = models.PositiveSmallIntegerField(_("order"), default=100)
    is_active = models.BooleanField(_("in use"), default=True)

    class Meta:
        verbose_name = _("reason of moderation")
        verbose_name_plural = _("reasons of moderation")
        ordering = ("agency", "sort", "id")
        constraints = [
            models.UniqueConstraint(fields=["agency", "code"], name="a_reason_has_one_code"),
            models.UniqueConstraint(fields=["agency", "id"], name="a_reason_of_one_agency"),
            models.CheckConstraint(
                condition=Q(ground__in=Ground.values),
                name="a_reason_rests_on_a_ground_and_never_on_a_view",
            ),
        ]

    def __str__(self) -> str:
        return str(self.label)


class ModerationDecision(models.Model):
    """What was decided, by whom and for which reason; rows are added and never changed."""

    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    concern = models.ForeignKey(Concern, on_delete=models.CASCADE, related_name="decisions")
    what = models.CharField(max_length=10, choices=What)
    reason = models.ForeignKey(ModerationReason, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    by_user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        indexes = [models.Index(fields=["agency", "-id"], name="decisions_newest_first")]

    def __str__(self) -> str:
        return f"{self.what} {self.concern_id}"


class Flag(models.Model):
    """A colleague asks that somebody looks again at what everyone can read."""

    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    concern = models.ForeignKey(Concern, on_delete=models.CASCADE, related_name="flags")
    what = models.CharField(max_length=10, choices=What)
    why = models.CharField(max_length=WHY_LIMIT)
    at = models.DateTimeField()
    by_user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    decision = models.OneToOneField(
        ModerationDecision, null=True, on_delete=models.CASCADE, related_name="flag"
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(what__in=["words", "photos"]), name="what_is_public_can_be_flagged"
            ),
            models.UniqueConstraint(
                fields=["concern", "what"],
                condition=Q(decision__isnull=True),
                name="one_open_flag_for_each_part",
            ),
        ]
        indexes = [
            models.Index(
                fields=["agency", "id"], condition=Q(decision__isnull=True), name="open_flags"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.what} {self.concern_id}"
