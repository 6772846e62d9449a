"""What a press did is said on the page that it leads to."""

import pytest
from django.utils import timezone

from concerns.actions import publishing, triage
from concerns.models import Concern, Tag
from engagement.audit.actors import Actor
from engagement.people.models import User
from engagement.places.models import Agency
from engagement.places.wording import Wording
from tests import worlds

pytestmark = pytest.mark.django_db


@pytest.fixture
def cedar() -> Agency:
    return worlds.agency(now=timezone.now())


@pytest.fixture
def officer(cedar: Agency) -> User:
    return worlds.officer(cedar, now=timezone.now())


@pytest.fixture
def concern(cedar: Agency, officer: User) -> Concern:
    made = worlds.reported(cedar, now=timezone.now()).concern
    by, now = Actor.staff(officer.pk), timezone.now()
    triage.accept(concern_id=made.pk, seen_version=1, by=by, now=now)
    words = Wording({"en": "Work on this begins soon."})
    publishing.publish(concern_id=made.pk, seen_version=2, summary=words, by=by, now=now)
    return made


def press(officer: User, concern: Concern, verb: str, **typed: str) -> str:
    version = Concern.objects.values_list("version", flat=True).get(pk=concern.pk)
    path = f"/desk/concerns/{concern.staff_reference}/{verb}/"
    typed = {"seen_version": str(version), **typed}
    return worlds.signed_in(officer).post(path, typed, follow=True).content.decode()


def test_what_became_of_a_tag_and_of_a_public_page_is_said(officer: User, concern: Concern) -> None:
    assert "Tagged." in press(officer, concern, "tags", tag="bridge")
    number = str(Tag.objects.get().pk)
    assert "The tag is off." in press(officer, concern, "tags", remove=number)
    assert "The public page is gone." in press(officer, concern, "unpublish")
