"""Rules that say who gets a new concern, and by which of them each one came where it is."""

from typing import TYPE_CHECKING

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from concerns.models.categories import Category
from concerns.models.concern import Channel, Concern, Priority
from concerns.models.tags import Tag
from concerns.models.teams import Team
from concerns.routing import Target, Trouble
from engagement.groups.models import Organisation
from engagement.places.models import Agency, Area

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

NAME_LIMIT = 80
HOURS = 24

TARGET_WORDS: "dict[Target, StrOrPromise]" = {
    Target.TEAM: _("A team"),
    Target.PERSON: _("A person"),
    Target.AREA: _("The officer of the area"),
    Target.ORGANISATION: _("The officer of the area, to hand it on to an organisation"),
}

TROUBLE_WORDS: "dict[Trouble, StrOrPromise]" = {
    Trouble.PERSON_GONE: _("The person does not work here any more, or may not read concerns."),
    Trouble.TEAM_RETIRED: _("The team is not in use any more."),
    Trouble.TEAM_EMPTY: _("Nobody is in the team who may read concerns."),
    Trouble.AREA_UNLED: _("The area has no clear officer."),
    Trouble.ORGANISATION_GONE: _("The organisation is not in use any more."),
    Trouble.CATEGORY_RETIRED: _("A category of this rule is not in use any more."),
    Trouble.AREA_RETIRED: _("An area of this rule is not on the map any more."),
}


class Cause(models.TextChoices):
    """Why it was worked out who gets a concern."""

    RECEIVED = "received", _("It came in.")
    CATEGORY = "category", _("Its category was corrected.")
    PLACE = "place", _("Its place was corrected.")
    IMPORTED = "imported", _("It was taken over from another system.")
    PART = "part", _("It is a part of another report.")


def _names(
    target: Target, *, team: bool = False, person: bool = False, organisation: bool = False
) -> Q:
    return Q(
        target=target,
        team__isnull=not team,
        person__isnull=not person,
        organisation__isnull=not organisation,
    )


class RoutingRule(models.Model):
    """One rule. Hours are full hours of the agency's day: a finer one would tell, of an anonymous
    report, on which side of the minute it came."""

    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(_("name"), max_length=NAME_LIMIT)
    position = models.PositiveIntegerField()
    is_active = models.BooleanField(_("in use"), default=True)
    version = models.PositiveIntegerField(default=1)
    from_hour = models.PositiveSmallIntegerField(null=True)
    until_hour = models.PositiveSmallIntegerField(null=True)
    weekdays = ArrayField(models.PositiveSmallIntegerField(), default=list)
    channels = ArrayField(models.CharField(max_length=10, choices=Channel), default=list)
    priorities = ArrayField(models.CharField(max_length=10, choices=Priority), default=list)
    # Pairs of a question's code and an answer in English words.
    answers = models.JSONField(default=list)
    target = models.CharField(
        max_length=12, choices=[(each.value, words) for each, words in TARGET_WORDS.items()]
    )
    team = models.ForeignKey(Team, null=True, on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    organisation = models.ForeignKey(
        Organisation, null=True, on_delete=models.PROTECT, related_name="+"
    )
    gives_priority = models.CharField(max_length=10, choices=Priority, blank=True, default="")
    tag = models.ForeignKey(Tag, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("routing rule")
        verbose_name_plural = _("routing rules")
        ordering = ("agency", "position", "id")
        constraints = [
            models.UniqueConstraint(fields=["agency", "id"], name="a_rule_belongs_to_one_agency"),
            models.CheckConstraint(
                condition=_names(Target.TEAM, team=True)
                | _names(Target.PERSON, person=True)
                | _names(Target.AREA)
                | _names(Target.ORGANISATION, organisation=True),
                name="a_rule_names_exactly_whom_it_sends_to",
            ),
            models.CheckConstraint(
                condition=Q(from_hour__isnull=True, until_hour__isnull=True)
                | Q(from_hour__lt=HOURS, until_hour__lt=HOURS) & ~Q(from_hour=F("until_hour")),
                name="a_rule_has_both_hours_of_a_day_or_none",
            ),
        ]
        indexes = [models.Index(fields=["agency", "position", "id"], name="rules_in_order")]

    def __str__(self) -> str:
        return self.name


class RuleCategory(models.Model):
    """A kind of concern that a rule is about. One that a rule names is never deleted: the rule
    would then be about every kind."""

    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    rule = models.ForeignKey(RoutingRule, on_delete=models.CASCADE, related_name="categories")
    category = models.ForeignKey(Category, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["rule", "category"], name="a_rule_names_a_kind_once"),
        ]

    def __str__(self) -> str:
        return f"{self.rule_id} for {self.category_id}"


class RuleArea(models.Model):
    """An area, of any layer, that a rule is about."""

    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    rule = models.ForeignKey(RoutingRule, on_delete=models.CASCADE, related_name="areas")
    area = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["rule", "area"], name="a_rule_names_an_area_once"),
        ]

    def __str__(self) -> str:
        return f"{self.rule_id} in {self.area_id}"


class ConcernRoute(models.Model):
    """By which rule a concern came where it went, as the rule stood then.

    `skipped` holds pairs of a rule's name and the code of why it could not be followed.
    """

    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    concern = models.ForeignKey(Concern, on_delete=models.CASCADE, related_name="routes")
    on = models.DateField()
    cause = models.CharField(max_length=10, choices=Cause)
    rule = models.ForeignKey(RoutingRule, null=True, on_delete=models.PROTECT, related_name="+")
    rule_name = models.CharField(max_length=NAME_LIMIT, blank=True)
    rule_version = models.PositiveIntegerField(null=True)
    team = models.ForeignKey(Team, null=True, on_delete=models.PROTECT, related_name="+")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    # Whose work it would be: they are away, and `user` stands in.
    absent = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    # Where a rule proposes to hand it on; nothing went there by itself.
    organisation = models.ForeignKey(
        Organisation, null=True, on_delete=models.PROTECT, related_name="+"
    )
    skipped = models.JSONField(default=list)

    class Meta:
        verbose_name = _("route of a concern")
        verbose_name_plural = _("routes of concerns")
        indexes = [models.Index(fields=["agency", "rule", "-id"], name="concerns_sent_by_a_rule")]

    def __str__(self) -> str:
        return f"{self.concern_id} by {self.rule_id}"
