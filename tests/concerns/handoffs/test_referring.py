"""A concern goes to another agency for good: text and place, the address only with a yes."""

import pytest
from django.test import Client
from django.utils import timezone

from concerns.models import Concern, ContactConsent, Reporter
from concerns.models.concern import Level
from concerns.workflow import Outcome, State
from engagement.outbox.actions.delivery import sweep
from engagement.places.models import Agency
from tests import worlds
from tests.concerns.handoffs import handing
from tests.concerns.handoffs.handing import Town, town

pytestmark = pytest.mark.django_db


@pytest.fixture
def cedar() -> Town:
    return town()


@pytest.fixture
def eastfield(cedar: Town) -> Agency:
    return worlds.agency("eastfield", east=1.0, now=timezone.now())


def url(cedar: Town) -> str:
    return f"/desk/concerns/{cedar.concern.staff_reference}/refer/"


def said(cedar: Town, to: Agency | None, **changes: object) -> dict[str, object]:
    cedar.concern.refresh_from_db()
    kind = ""
    if to is not None:
        category = type(cedar.concern.category).objects.get(agency=to, code="graffiti")
        kind = f"{to.pk}:{category.pk}"
    return {
        "seen_version": cedar.concern.version,
        "to": kind or "outside",
        "words": "Eastfield Police look after that street. They have your report now.",
        "step": "send",
        **changes,
    }


def arrived() -> Concern:
    return Concern.objects.get(agency__slug="eastfield")


def follow(cedar: Town, **verb: object) -> str:
    """The page of the reporter, who comes by the mailed link."""
    sweep(now=timezone.now())
    letters = [letter for letter in handing.mail.outbox if handing.EMAIL in letter.to]
    path = next(
        line for line in reversed(letters[-1].body.split()) if "/track/" in line and "://" in line
    ).partition("://")[2]
    client = Client()
    content = client.post("/" + path.partition("/")[2]).content.decode()
    if verb:
        token = content.partition('name="pass" value="')[2].partition('"')[0]
        address = content.partition('action="/track/')[2].partition('"')[0]
        content = client.post(
            f"/track/{address}".replace("&amp;", "&"), {"pass": token, **verb}
        ).content.decode()
    return content


@pytest.mark.privacy
def test_text_and_place_go_there_and_nothing_of_who_sent_it(cedar: Town, eastfield: Agency) -> None:
    page = cedar.desk.post(url(cedar), said(cedar, eastfield, step="preview")).content.decode()
    assert handing.WORDS in page
    assert Concern.objects.filter(agency=eastfield).count() == 0
    assert cedar.desk.post(url(cedar), said(cedar, eastfield)).status_code == 302
    new = arrived()
    assert (new.text, new.place_text, new.lon) == (handing.WORDS, handing.PLACE, handing.LON)
    assert (new.level, new.reporter.contact, new.reporter.account_link) == (
        Level.ANONYMOUS,
        None,
        None,
    )
    assert new.photos.count() == 0
    assert new.replies.count() == 0
    cedar.concern.refresh_from_db()
    assert (cedar.concern.state, cedar.concern.outcome) == (State.CLOSED, Outcome.REFERRED)
    assert new.secret_digest != cedar.concern.secret_digest


def test_the_old_code_keeps_telling_where_it_went(cedar: Town, eastfield: Agency) -> None:
    cedar.desk.post(url(cedar), said(cedar, eastfield))
    page = follow(cedar)
    assert "Eastfield Police has it now." in page
    assert "Received" in page
    Concern.objects.filter(pk=arrived().pk).update(state=State.WORKING)
    sweep(now=timezone.now())
    assert "Eastfield Police look after that street." in page


@pytest.mark.privacy
def test_the_address_goes_along_only_after_a_yes(cedar: Town, eastfield: Agency) -> None:
    answer = cedar.desk.post(url(cedar), said(cedar, eastfield, with_contact="on"))
    assert answer.status_code == 422
    assert not Concern.objects.filter(agency=eastfield).exists()
    cedar.concern.refresh_from_db()
    assert cedar.concern.state == State.RECEIVED
    ask = {"seen_version": cedar.concern.version, "step": f"ask:{eastfield.pk}"}
    cedar.desk.post(url(cedar), ask)
    consent = ContactConsent.objects.get()
    assert consent.is_given is None
    follow(cedar, verb="consent", number=consent.pk, said="no")
    consent.refresh_from_db()
    assert consent.is_given is False
    answer = cedar.desk.post(url(cedar), said(cedar, eastfield, with_contact="on"))
    assert answer.status_code == 422
    ContactConsent.objects.update(is_given=True)
    assert cedar.desk.post(url(cedar), said(cedar, eastfield, with_contact="on")).status_code == 302
    new = arrived()
    mine, theirs = Reporter.objects.order_by("id")
    assert theirs.concern == new
    assert theirs.contact is not None
    assert mine.contact is not None
    assert theirs.contact.pk != mine.contact.pk
    assert theirs.contact.agency == eastfield
    assert bytes(theirs.contact.lookup) != bytes(mine.contact.lookup), "agencies cannot be joined"


@pytest.mark.privacy
def test_a_consent_for_another_concern_or_agency_counts_nothing(
    cedar: Town, eastfield: Agency
) -> None:
    third = worlds.agency("northport", east=2.0, now=timezone.now())
    ContactConsent.objects.create(
        agency=cedar.agency,
        concern=cedar.concern,
        to_agency=third,
        asked_on=handing.today(cedar),
        answered_on=handing.today(cedar),
        is_given=True,
    )
    answer = cedar.desk.post(url(cedar), said(cedar, eastfield, with_contact="on"))
    assert answer.status_code == 422
    assert not Concern.objects.filter(agency=eastfield).exists()


@pytest.mark.privacy
def test_somebody_outside_gets_a_letter_in_staffs_words(cedar: Town) -> None:
    own = {"name": "Railway", "letter": "Paint on the wall by the track, please."}
    borrowed = {**own, "letter": f"They say: {handing.WORDS}"}
    assert cedar.desk.post(url(cedar), said(cedar, None, **borrowed)).status_code == 422
    assert cedar.desk.post(url(cedar), said(cedar, None)).status_code == 422
    page = cedar.desk.post(url(cedar), said(cedar, None, step="preview", **own)).content.decode()
    assert "Paint on the wall by the track" in page
    assert handing.WORDS not in page
    assert cedar.desk.post(url(cedar), said(cedar, None, **own)).status_code == 302
    assert "Railway has it now." in follow(cedar)


def test_elsewhere_nobody_passes_it_on_and_a_stale_page_does_not(
    cedar: Town, eastfield: Agency
) -> None:
    abroad = worlds.signed_in(worlds.officer(eastfield, now=timezone.now()))
    assert abroad.post(url(cedar), said(cedar, eastfield)).status_code == 404
    stale = {**said(cedar, eastfield), "seen_version": cedar.concern.version - 1}
    assert cedar.desk.post(url(cedar), stale).status_code == 409
    assert not Concern.objects.filter(agency=eastfield).exists()
    cedar.concern.refresh_from_db()
    assert cedar.concern.is_open
