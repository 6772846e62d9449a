"""Through someone I trust: the police see the organisation, the organisation sees a code."""

import pytest

from concerns.actions import triage
from concerns.models import Concern, Relay, Reporter
from concerns.wishes import Reach
from engagement.audit.actors import Actor
from engagement.keys.references import spaced
from engagement.outbox.letters import compose
from engagement.outbox.models import Message
from engagement.outbox.registry import kind_named
from engagement.people.identity import address_for_delivery, find_contacts
from engagement.people.models import User
from engagement.places.models import Agency
from tests.concerns.conftest import NOW, file_report
from tests.concerns.test_contact import relay_of

pytestmark = [pytest.mark.django_db, pytest.mark.privacy]


@pytest.fixture
def relayed(agency: Agency, officer: User) -> Concern:
    wish = Reach("relay", relay_id=relay_of(agency).pk)
    return file_report(agency, level="confidential", wish=wish).concern


def words_of(message: Message) -> str:
    address = address_for_delivery(message.contact_id)
    assert address is not None
    letter = compose(message, kind_named(message.kind), address, now=NOW)
    return f"{letter.headers['Subject']}\n{letter.text}\n{letter.html}"


def test_the_organisation_is_told_the_code_and_nothing_else(
    relayed: Concern, agency: Agency
) -> None:
    message = Message.objects.get(kind="concerns.relayed")
    words = words_of(message)
    assert spaced(relayed.tracking_code) in words
    for private in (
        relayed.text,
        relayed.place_text,
        relayed.staff_reference,
        str(relayed.category),
        "/track/link",
    ):
        assert private not in words


def test_an_answer_goes_to_the_organisation_without_a_link_that_opens_it(
    relayed: Concern, officer: User
) -> None:
    triage.reply(
        concern_id=relayed.pk,
        seen_version=relayed.version,
        text="We fixed the lamp.",
        by=Actor.staff(officer.pk),
        now=NOW,
    )
    message = Message.objects.get(kind="concerns.relay_waits")
    words = words_of(message)
    assert f"code {spaced(relayed.tracking_code)}" in words
    assert "We fixed the lamp" not in words
    assert not relayed.access_links.exists()


def test_nothing_of_the_person_is_stored(relayed: Concern, agency: Agency) -> None:
    reporter = Reporter.objects.get(concern=relayed)
    assert reporter.account_link is None
    held = list(find_contacts("office@grace.example", agency.pk))
    assert reporter.contact in held
    assert len(held) == 2, "the report has a row of its own, so that it can be erased alone"


def test_an_organisation_that_stopped_is_offered_no_more(relayed: Concern, agency: Agency) -> None:
    assert Relay.objects.offered_at(agency).count() == 1
    Relay.objects.update(is_active=False)
    assert not Relay.objects.offered_at(agency).exists()
