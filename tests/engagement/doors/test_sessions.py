from datetime import timedelta

import pytest
import time_machine

from engagement.doors.tasks import forget_sessions
from engagement.people.models import Session
from tests import worlds

pytestmark = pytest.mark.django_db


def test_sessions_that_are_over_are_deleted_and_others_stay() -> None:
    resident = worlds.resident()
    with time_machine.travel(worlds.NOW, tick=False):
        worlds.signed_in(resident)
    with time_machine.travel(worlds.NOW + timedelta(days=15), tick=False):
        worlds.signed_in(resident)
        newest = Session.objects.latest("expire_date").pk
        forget_sessions()
    assert list(Session.objects.values_list("pk", flat=True)) == [newest]
