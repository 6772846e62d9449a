"""Texts that staff begin a reply with: for a state, a kind of concern and a language."""

from django.db import models
from django.db.models import Case, Q, Value, When
from django.utils.translation import gettext_lazy as _

from concerns import words, workflow
from concerns.models.categories import Category, Group
from engagement.places.models import Agency

NAME_LIMIT = 60


class ReplyTemplates(models.QuerySet["ReplyTemplate"]):
    def in_use(self) -> "ReplyTemplates":
        return self.filter(is_active=True)

    def most_specific_first(self) -> "ReplyTemplates":
        """Those of one category, then those of a group of them, then those for every kind."""
        reach = Case(
            When(category__isnull=False, then=Value(0)),
            When(group__gt="", then=Value(1)),
            default=Value(2),
        )
        return self.order_by(reach, "name", "id")


class ReplyTemplate(models.Model):
    """`state` is the one that the concern has, or gets by what is sent. Words in braces are filled
    in: {reference}, {day}, {officer}, {phone}; a line whose word has no value is left out."""

    agency = models.ForeignKey(
        Agency, verbose_name=_("agency"), on_delete=models.CASCADE, related_name="+"
    )
    state = models.CharField(_("state"), max_length=10, choices=workflow.STATE_LABELS)
    category = models.ForeignKey(
        Category,
        verbose_name=_("category"),
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="+",
    )
    group = models.CharField(
        _("group of categories"), max_length=20, choices=Group, blank=True, default=""
    )
    language = models.CharField(_("language"), max_length=10)
    name = models.CharField(_("name"), max_length=NAME_LIMIT)
    text = models.TextField(_("text"), max_length=words.TEXT_LIMIT)
    is_active = models.BooleanField(_("in use"), default=True)

    objects = ReplyTemplates.as_manager()

    class Meta:
        verbose_name = _("reply template")
        verbose_name_plural = _("reply templates")
        ordering = ("agency", "id")
        constraints = [
            models.UniqueConstraint(
                fields=["agency", "state", "category", "group", "language", "name"],
                nulls_distinct=False,
                name="a_reply_template_is_found_by_its_name",
            ),
            models.CheckConstraint(
                condition=Q(category__isnull=True) | Q(group=""),
                name="a_reply_template_is_for_a_category_or_for_a_group",
            ),
        ]
        indexes = [
            models.Index(fields=["agency", "language", "state"], name="reply_templates_in_use"),
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.language})"
