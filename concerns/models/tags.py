"""Tags: words by which staff find cases again. Only staff see them."""

from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from concerns.models.concern import Concern
from engagement.places.models import Agency

NAME_LIMIT = 40


class Tag(models.Model):
    agency = models.ForeignKey(
        Agency, verbose_name=_("agency"), on_delete=models.PROTECT, related_name="+"
    )
    name = models.CharField(
        _("name"),
        max_length=NAME_LIMIT,
        help_text=_("A matter, such as “night club”; never the name of a person."),
    )
    is_active = models.BooleanField(_("in use"), default=True)

    class Meta:
        verbose_name = _("tag")
        verbose_name_plural = _("tags")
        ordering = ("agency", "name")
        constraints = [
            models.UniqueConstraint("agency", Lower("name"), name="a_tag_name_is_used_once"),
            models.UniqueConstraint(fields=["agency", "id"], name="a_tag_belongs_to_one_agency"),
        ]

    def __str__(self) -> str:
        return self.name


class ConcernTag(models.Model):
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    concern = models.ForeignKey(Concern, on_delete=models.CASCADE, related_name="tags")
    tag = models.ForeignKey(Tag, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["concern", "tag"], name="a_case_has_a_tag_once"),
        ]
        indexes = [models.Index(fields=["agency", "tag", "-concern"], name="cases_of_a_tag")]

    def __str__(self) -> str:
        return f"{self.tag_id} on {self.concern_id}"
