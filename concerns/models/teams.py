"""Teams: officers who share work, such as a traffic unit."""

from django.conf import settings
from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from engagement.places.models import Agency

NAME_LIMIT = 60


class Team(models.Model):
    agency = models.ForeignKey(
        Agency, verbose_name=_("agency"), on_delete=models.PROTECT, related_name="+"
    )
    name = models.CharField(_("name"), max_length=NAME_LIMIT)
    is_active = models.BooleanField(_("in use"), default=True)

    class Meta:
        verbose_name = _("team")
        verbose_name_plural = _("teams")
        ordering = ("agency", "name")
        constraints = [
            models.UniqueConstraint("agency", Lower("name"), name="a_team_name_is_used_once"),
            models.UniqueConstraint(fields=["agency", "id"], name="a_team_belongs_to_one_agency"),
        ]

    def __str__(self) -> str:
        return self.name


class TeamMember(models.Model):
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="members")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    # Whether a mail says that the team got new work.
    hears_of_new = models.BooleanField(default=True, db_default=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["team", "user"], name="nobody_is_in_a_team_twice"),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} in {self.team_id}"
