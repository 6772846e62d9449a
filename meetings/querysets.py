"""Which meetings somebody may see."""

from datetime import datetime
from typing import TYPE_CHECKING

from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import Q

from engagement.people.rights import agencies_with
from engagement.places.models import Agency, Area
from meetings.workflow import State

if TYPE_CHECKING:
    from meetings.models import Meeting  # noqa: F401

READ = "meeting.read"


class MeetingQuerySet(models.QuerySet["Meeting"]):
    def visible_to(self, user: AbstractBaseUser | AnonymousUser) -> "MeetingQuerySet":
        """All of the agencies where `user` may read meetings, drafts among them."""
        return self.filter(agency_id__in=agencies_with(user, READ))

    def of(self, agency: Agency) -> "MeetingQuerySet":
        return self.filter(agency=agency)

    def public(self) -> "MeetingQuerySet":
        """Announced once; a cancelled one stays readable, as people still plan to come."""
        return self.exclude(state=State.DRAFT)

    def concerning(self, area: Area) -> "MeetingQuerySet":
        """Those for `area`, and those for the whole agency."""
        return self.filter(Q(areas__area=area) | Q(areas__isnull=True))

    def ahead(self, now: datetime) -> "MeetingQuerySet":
        """Not over yet."""
        return self.filter(ends_at__gt=now)

    def over(self, now: datetime) -> "MeetingQuerySet":
        return self.filter(ends_at__lte=now)
