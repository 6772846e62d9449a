"""The invented city: whoever looks around finds something in every room of the desk."""

import pytest
from django.utils import timezone

from concerns.models import (
    Absence,
    ConcernTag,
    EmptyHome,
    Handoff,
    RoutingRule,
    SecuritySurvey,
    ServiceRequest,
    TeamMember,
    Visit,
    WrongDoor,
)
from engagement.groups.models import Organisation
from engagement.outbox.actions.delivery import sweep
from engagement.outbox.models import Message
from engagement.outbox.states import State
from portal.demonstration.seed import seed
from tests.journeys.towns import forget_maps


@pytest.mark.django_db
def test_each_room_of_the_desk_shows_something() -> None:
    forget_maps()
    seed(timezone.now())

    states = set(Handoff.objects.values_list("state", flat=True))
    assert states == {"accepted", "lapsed", "offered"}
    assert all(handed.place_label for handed in Handoff.objects.all())
    assert all("(invented)" in row.name for row in Organisation.objects.all())
    for rows in (Absence, ConcernTag, EmptyHome, RoutingRule, SecuritySurvey, TeamMember, Visit):
        assert rows.objects.exists(), rows
    assert ServiceRequest.objects.count() == 3
    assert WrongDoor.objects.exclude(accepted_by=None).exists()
    forget_maps()


@pytest.mark.django_db
def test_no_mail_of_the_days_before_is_shown_as_undelivered() -> None:
    forget_maps()
    now = timezone.now()
    seed(now)
    assert Message.objects.filter(state=State.PLANNED, due_at__lt=now).exists()

    while sweep(now=timezone.now()):
        pass

    assert Message.objects.filter(state=State.SENT).exists()
    assert not Message.objects.dead().exists()
    forget_maps()
