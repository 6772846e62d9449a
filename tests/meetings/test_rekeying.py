"""What is kept under a key can be kept under the next."""

from pathlib import Path

import pytest
from pytest_django import Settings

from engagement.keys import store
from engagement.keys.encryption import is_current
from engagement.keys.purposes import Purpose
from meetings import needs, queries, rekeying
from meetings.actions.answering import account_links
from meetings.models import Meeting, Rsvp
from tests.meetings.conftest import NOW, answered, meet_user, only_answer


@pytest.fixture
def own_keys(settings: Settings, tmp_path: Path) -> None:
    settings.PORTAL_KEYS = tmp_path


@pytest.mark.usefixtures("own_keys")
def test_needs_are_read_after_the_old_key_is_forgotten(meeting: Meeting) -> None:
    answered(meeting, None, needs="I use a wheelchair", key="first")
    answered(meeting, None, key="second")
    version = store.add_version(Purpose.CONTACT)
    last = Rsvp.objects.order_by("-pk").values_list("pk", flat=True)[0]
    assert rekeying.reseal_needs(0, 100) == last
    assert rekeying.reseal_needs(last, 100) == last
    store.retire_old_versions(Purpose.CONTACT)
    first, second = Rsvp.objects.order_by("pk")
    assert is_current(first.needs_sealed, purpose=Purpose.CONTACT)
    assert version > 1
    assert needs.needs_of(first) == "I use a wheelchair"
    assert not second.has_needs


@pytest.mark.usefixtures("own_keys")
def test_an_account_finds_its_answers_under_the_next_key(meeting: Meeting) -> None:
    user = meet_user()
    answered(meeting, None, account_user_id=user.pk)
    before = bytes(only_answer(meeting).account_link or b"")
    store.add_version(Purpose.FOLLOW)
    links = account_links(user.pk, agency_id=meeting.agency_id)
    assert queries.linked_to(links, now=NOW).count() == 1, "while both keys live"
    assert rekeying.relink(0, 100) == user.pk
    store.retire_old_versions(Purpose.FOLLOW)
    assert bytes(only_answer(meeting).account_link or b"") != before
    links = account_links(user.pk, agency_id=meeting.agency_id)
    assert queries.linked_to(links, now=NOW).count() == 1


@pytest.mark.usefixtures("own_keys")
def test_needs_cannot_be_read_in_the_place_of_another_answer(meeting: Meeting) -> None:
    answered(meeting, None, needs="I use a wheelchair", key="first")
    answered(meeting, None, needs="A ramp", key="second")
    first, second = Rsvp.objects.order_by("pk")
    second.needs_sealed = first.needs_sealed
    with pytest.raises(Exception, match="belong"):
        needs.needs_of(second)
