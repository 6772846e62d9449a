"""Kinds of concern: who handles it, what the public sees, the clock, where else to turn."""

from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from engagement.places.models import Agency
from engagement.places.wording import TranslatedText

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise


class Mode(models.TextChoices):
    BLOCK = "block", _("Never taken here: show where to turn")
    REFER = "refer", _("Someone else takes it: show who")
    GUIDED = "guided", _("Taken, with questions that ask for behavior first")
    TICKET = "ticket", _("Taken")


class Visibility(models.TextChoices):
    STREET = "street", _("A place on the street")
    BLOCK = "block", _("The block")
    AREA = "area", _("The area")
    COUNT = "count", _("Only counted")
    NEVER = "never", _("Never public, and private inside the agency")


class Group(models.TextChoices):
    REDIRECT = "redirect", _("Get help now")
    SAFETY = "safety", _("Safety")
    ENVIRONMENT = "environment", _("Streets and public places")
    TRAFFIC = "traffic", _("Traffic and parking")
    PROPERTY = "property", _("Buildings and lots")
    YOUTH = "youth", _("Schools and young people")
    SERVICES = "services", _("People who need help")
    ENGAGEMENT = "engagement", _("Ask the police for a service")
    ACCOUNTABILITY = "accountability", _("About an officer")


TAKEN_MODES = (Mode.GUIDED, Mode.TICKET)
MAPPED = (Visibility.STREET, Visibility.BLOCK, Visibility.AREA)


class CategoryQuerySet(models.QuerySet["Category"]):
    def of(self, agency: Agency) -> "CategoryQuerySet":
        return self.filter(agency=agency, is_active=True).order_by("sort", "code")

    def taken(self) -> "CategoryQuerySet":
        """Those that a report may be filed under."""
        return self.filter(mode__in=TAKEN_MODES)

    def sent_elsewhere(self) -> "CategoryQuerySet":
        """Those for the help-first screen: nothing about them is stored."""
        return self.exclude(mode__in=TAKEN_MODES)


class Category(models.Model):
    agency = models.ForeignKey(
        Agency, verbose_name=_("agency"), on_delete=models.PROTECT, related_name="+"
    )
    code = models.SlugField(_("code"), max_length=40)
    label = TranslatedText(_("name"))
    group = models.CharField(_("group"), max_length=20, choices=Group)
    mode = models.CharField(_("how it is taken"), max_length=10, choices=Mode)
    handler = TranslatedText(_("who handles it"))
    visibility = models.CharField(_("what the public sees"), max_length=10, choices=Visibility)
    publishes_without_text = models.BooleanField(
        _("appears in public when accepted"),
        default=False,
        help_text=_("With the sentence below, and never with the reporter's own words."),
    )
    public_sentence = TranslatedText(_("sentence for the public"), blank=True)
    redirect_text = TranslatedText(_("where else to turn"), blank=True)
    advice = TranslatedText(_("advice on the form"), blank=True)
    everyday_words = TranslatedText(
        _("everyday words"),
        blank=True,
        help_text=_("Words that people use for it; they help to find the category."),
    )
    ack_days = models.PositiveSmallIntegerField(
        _("business days to the first answer"), null=True, blank=True
    )
    target_days = models.PositiveSmallIntegerField(
        _("business days to resolve"), null=True, blank=True
    )
    sort = models.PositiveSmallIntegerField(_("order"), default=0)
    is_active = models.BooleanField(_("in use"), default=True)

    objects = CategoryQuerySet.as_manager()

    class Meta:
        verbose_name = _("category")
        verbose_name_plural = _("categories")
        ordering = ("agency", "sort", "code")
        constraints = [
            models.UniqueConstraint(
                fields=["agency", "code"], name="a_category_code_is_used_once_in_an_agency"
            ),
            models.UniqueConstraint(
                fields=["agency", "id"], name="a_category_belongs_to_one_agency"
            ),
            models.CheckConstraint(
                condition=Q(publishes_without_text=False)
                | Q(visibility__in=[Visibility.STREET, Visibility.BLOCK, Visibility.AREA]),
                name="only_a_category_with_a_public_place_appears_by_itself",
            ),
            models.CheckConstraint(
                condition=~Q(mode__in=[Mode.BLOCK, Mode.REFER])
                | Q(visibility=Visibility.NEVER, publishes_without_text=False),
                name="a_category_sent_elsewhere_is_never_public",
            ),
            # What people say about what others did is never shown, whatever they say.
            models.CheckConstraint(
                condition=~Q(mode=Mode.GUIDED)
                | Q(visibility=Visibility.NEVER, publishes_without_text=False),
                name="a_category_that_asks_for_behavior_is_always_private",
                violation_error_message=_(
                    "What asks for behavior stays private: choose “Never public”."
                ),
            ),
            # The officer of the area would receive it, who may be the one it is about.
            models.CheckConstraint(
                condition=~Q(group=Group.ACCOUNTABILITY) | Q(mode__in=[Mode.BLOCK, Mode.REFER]),
                name="what_is_about_an_officer_is_never_taken_by_officers",
                violation_error_message=_(
                    "What is about an officer goes to someone else: choose “Someone else takes it”."
                ),
            ),
        ]

    def __str__(self) -> str:
        return str(self.label)

    @property
    def is_taken(self) -> bool:
        """Whether a report may be filed under it."""
        return self.mode in TAKEN_MODES

    @property
    def is_private(self) -> bool:
        """Whether only assigned or permitted staff read its concerns."""
        return self.visibility == Visibility.NEVER

    @property
    def has_public_place(self) -> bool:
        """Whether a concern of this kind can be shown to the public at a place."""
        return self.visibility in MAPPED

    @property
    def group_label(self) -> "str | StrPromise":
        return Group(self.group).label
