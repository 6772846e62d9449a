"""Who was handed something sees that document and nothing else, whatever they try."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from concerns.actions import handoff_sweeps, triage
from concerns.models import Concern, ConcernPhoto, Handoff, HandoffEntry, HandoffLink, ReturnedPhoto
from concerns.models.handoffs import HandoffState, SaidBy
from concerns.published.models import PublicPhoto
from concerns.views.photos_shown import key_of
from concerns.workflow import State
from engagement.audit.actors import Actor
from engagement.audit.models import Entry
from engagement.groups.actions import add_member, remove_member
from engagement.groups.models import Organisation, TakesBy
from engagement.outbox.models import Message
from engagement.people.models import Grant
from engagement.people.roles import Role
from engagement.places.wording import Wording
from tests import pictures, worlds
from tests.concerns.handoffs import handing
from tests.concerns.handoffs.handing import Town, assert_blind, handed, keep, town

pytestmark = pytest.mark.django_db


@pytest.fixture
def cedar() -> Town:
    return town()


@pytest.fixture
def by_link() -> Town:
    return town(TakesBy.LINK)


def page_of(handoff: Handoff) -> str:
    return f"/partner/{handoff.reference}/"


def photo() -> SimpleUploadedFile:
    return SimpleUploadedFile("wall.jpg", pictures.phone_jpeg(), "image/jpeg")


def test_a_partner_finds_the_way_back_from_every_page(cedar: Town) -> None:
    way = b'href="/partner/"'
    for path in ("/", "/help/", "/my/"):
        assert way in cedar.partners.get(path).content, path
        assert way not in cedar.desk.get(path).content, path
    assert way not in Client().get("/").content


def published_photo(cedar: Town) -> ConcernPhoto:
    """The public, covered copy of the photo of the report."""
    now, by = timezone.now(), Actor.staff(cedar.officer.pk)
    cedar.concern = triage.accept(
        concern_id=cedar.concern.pk, seen_version=cedar.concern.version, by=by, now=now
    )
    found = ConcernPhoto.objects.get(concern=cedar.concern)
    found.public = PublicPhoto.objects.create(
        agency=cedar.agency,
        public_concern=cedar.concern.public,
        name=found.name[:-4] + "beef",
        width=640,
        height=480,
        shows=Wording({"en": "A wall"}),
    )
    found.save()
    return found


def bare(content: bytes, path: str) -> str:
    """A page without what differs for every visitor: its form tokens and its own address."""
    return re.sub(r'value="[^"]{40,}"', "", content.decode().replace(path, ""))


def open_link(path: str) -> Client:
    client = Client()
    answer = client.post(path)
    assert answer.status_code == 302, answer.content.decode()
    return client


@pytest.mark.privacy
def test_no_answer_to_a_partner_holds_anything_of_the_case(cedar: Town) -> None:
    shown = published_photo(cedar)
    handoff = handed(cedar, photos=[shown.pk])
    partner = cedar.partners
    answers = [
        partner.get("/partner/"),
        partner.get(page_of(handoff)),
        partner.post(page_of(handoff), {"verb": "accept"}, follow=True),
        partner.post(page_of(handoff), {"verb": "answer", "text": "On it."}, follow=True),
        partner.post(page_of(handoff), {"verb": "answer", "text": ""}, follow=True),
        partner.post(page_of(handoff), {"verb": "done", "text": "Painted."}, follow=True),
        partner.get(page_of(handoff)),
        partner.get("/account/security/"),
    ]
    for answer in answers:
        assert answer.status_code < 500
        assert_blind(answer.content, cedar)
        assert_blind(str(answer.headers).encode(), cedar)
    assert key_of(shown.name).encode() not in answers[1].content, "not the original photo"
    for letter in handing.mailed():
        assert_blind(letter.message().as_bytes(), cedar)
        assert_blind(letter.body.encode(), cedar)


@pytest.mark.privacy
@pytest.mark.parametrize("way", [TakesBy.LINK, TakesBy.MAIL])
def test_no_mail_and_no_page_of_a_link_holds_anything_of_the_case(way: str) -> None:
    cedar = town(way)
    handoff = handed(cedar)
    (letter,) = handing.mailed()
    assert_blind(letter.body.encode(), cedar)
    assert_blind(letter.message().as_bytes(), cedar)
    path = handing.link_in(letter)
    assert_blind(Client().get(path).content, cedar)
    client = open_link(path)
    shared = f"/partner/shared/{handoff.reference}/"
    assert_blind(client.get(shared).content, cedar)
    for verb in ("accept", "answer", "give_back"):
        answer = client.post(shared, {"verb": verb, "text": "Not ours."}, follow=True)
        assert_blind(answer.content, cedar)


def test_a_partner_accepts_answers_and_is_done(cedar: Town) -> None:
    handoff, partner = handed(cedar), cedar.partners
    assert b"Graffiti" in partner.get("/partner/").content
    partner.post(page_of(handoff), {"verb": "accept"})
    partner.post(page_of(handoff), {"verb": "answer", "text": "Tuesday.", "photos": [photo()]})
    handoff.refresh_from_db()
    assert handoff.state == HandoffState.ACCEPTED
    partner.post(page_of(handoff), {"verb": "done", "text": "Painted over."})
    handoff.refresh_from_db()
    cedar.concern.refresh_from_db()
    assert (handoff.state, cedar.concern.state) == (HandoffState.DONE, State.WORKING)
    said = list(HandoffEntry.objects.order_by("id").values_list("said", "way", "text"))
    assert said == [
        ("accepted", "account", ""),
        ("answered", "account", "Tuesday."),
        ("done", "account", "Painted over."),
    ]
    told = Message.objects.filter(kind="concerns.handoff_came_back")
    assert told.count() == 3
    assert {message.contact.account for message in told} == {cedar.officer}
    page = cedar.desk.get(
        f"/desk/concerns/{cedar.concern.staff_reference}/hand-offs/{handoff.reference}/"
    ).content.decode()
    assert "Painted over." in page
    back = ReturnedPhoto.objects.get()
    address = (
        f"/desk/concerns/{cedar.concern.staff_reference}/hand-offs/{handoff.reference}"
        f"/photos/{key_of(back.name)}/"
    )
    assert address in page
    jpeg = cedar.desk.get(address).content
    assert jpeg.startswith(b"\xff\xd8")
    assert pictures.CANARY.encode() not in jpeg, "made new from pixels alone"
    assert partner.post(page_of(handoff), {"verb": "answer", "text": "More."}).status_code == 409


def test_giving_back_needs_a_reason(cedar: Town) -> None:
    handoff, partner = handed(cedar), cedar.partners
    assert partner.post(page_of(handoff), {"verb": "give_back", "text": " "}).status_code == 422
    handoff.refresh_from_db()
    assert handoff.state == HandoffState.OFFERED
    partner.post(page_of(handoff), {"verb": "give_back", "text": "Not our wall."})
    handoff.refresh_from_db()
    assert handoff.state == HandoffState.GIVEN_BACK


def leaves_organisation(cedar: Town) -> None:
    key = {"organisation": cedar.organisation, "by": worlds.BY, "now": timezone.now()}
    remove_member(user_id=cedar.partner.pk, **key)


def loses_role(cedar: Town) -> None:
    Grant.objects.filter(user=cedar.partner).update(
        until_on=handing.today(cedar) - timedelta(days=1),
        from_on=handing.today(cedar) - timedelta(days=9),
    )


def organisation_retires(cedar: Town) -> None:
    Organisation.objects.filter(pk=cedar.organisation.pk).update(is_active=False)


def kind_becomes_private(cedar: Town) -> None:
    type(cedar.concern.category).objects.filter(pk=cedar.concern.category_id).update(
        visibility="never", publishes_without_text=False
    )


def is_found_dangerous(cedar: Town) -> None:
    Concern.objects.filter(pk=cedar.concern.pk).update(danger="crisis")


@pytest.mark.privacy
@pytest.mark.parametrize(
    "end",
    [
        leaves_organisation,
        loses_role,
        organisation_retires,
        kind_becomes_private,
        is_found_dangerous,
    ],
)
def test_access_is_asked_at_every_request(cedar: Town, end: Callable[[Town], None]) -> None:
    handoff, partner = handed(cedar), cedar.partners
    assert partner.get(page_of(handoff)).status_code == 200
    end(cedar)
    assert partner.get(page_of(handoff)).status_code == 404
    assert partner.post(page_of(handoff), {"verb": "accept"}).status_code == 404
    listed = partner.get("/partner/")
    assert listed.status_code == 404 or handoff.reference.encode() not in listed.content
    handoff.refresh_from_db()
    assert handoff.state == HandoffState.OFFERED
    assert not HandoffEntry.objects.exists()


@pytest.mark.privacy
def test_another_organisation_and_another_agency_get_what_does_not_exist_gets(cedar: Town) -> None:
    handoff, now = handed(cedar), timezone.now()
    other = handing.organisation(cedar.agency, "Other School", now=now)
    neighbor = worlds.officer(cedar.agency, "Neighbor", role=Role.PARTNER, district=None, now=now)
    add_member(organisation=other, user_id=neighbor.pk, by=worlds.BY, now=now)
    away = town(slug="eastfield", east=1.0)
    for stranger in (worlds.signed_in(neighbor), away.partners, cedar.desk, Client()):
        found, nothing = stranger.get(page_of(handoff)), stranger.get("/partner/7K3M9QXT2C/")
        assert found.status_code == nothing.status_code != 200
        assert found.content == nothing.content
        stranger.post(page_of(handoff), {"verb": "done", "text": "Ha."})
    handoff.refresh_from_db()
    assert handoff.state == HandoffState.OFFERED


@pytest.mark.privacy
def test_a_password_alone_opens_nothing_for_a_partner_in_service(
    cedar: Town, settings: object
) -> None:
    handoff = handed(cedar)
    settings.DEMO = False  # type: ignore[attr-defined]
    answer = cedar.partners.get(page_of(handoff))
    assert answer.status_code == 302
    assert answer["Location"].startswith("/account/confirm/")
    assert worlds.trusted(cedar.partner).get(page_of(handoff)).status_code == 200


def test_a_partner_has_no_desk(cedar: Town) -> None:
    partner = cedar.partners
    assert partner.get("/desk/").status_code == 404
    assert b"Staff desk" not in partner.get("/partner/").content


@pytest.mark.privacy
def test_guessing_photos_finds_only_what_was_chosen(cedar: Town) -> None:
    shown = published_photo(cedar)
    handoff = handed(cedar)
    assert shown.public is not None
    for name in (shown.name, shown.public.name):
        path = f"/partner/{handoff.reference}/photos/{key_of(name)}/"
        assert cedar.partners.get(path).status_code == 404
    assert not handoff.shared_photos.exists()


@pytest.mark.privacy
def test_a_photo_without_a_public_copy_cannot_go_along(cedar: Town) -> None:
    original = ConcernPhoto.objects.get(concern=cedar.concern)
    answer = cedar.desk.post(cedar.compose_url, handing.typed(cedar, photos=[original.pk]))
    assert answer.status_code == 422
    assert not Handoff.objects.exists()


@pytest.mark.privacy
def test_a_photo_taken_off_the_public_page_is_gone_for_partners_too(cedar: Town) -> None:
    shown = published_photo(cedar)
    handoff = handed(cedar, photos=[shown.pk])
    assert handoff.shared_photos.count() == 1
    PublicPhoto.objects.all().delete()
    assert handoff.shared_photos.count() == 0


@pytest.mark.privacy
def test_a_scanner_that_follows_the_link_changes_and_counts_nothing(by_link: Town) -> None:
    handoff = handed(by_link)
    path = handing.link_in(handing.mailed()[0])
    before = (Entry.objects.count(), list(HandoffLink.objects.values()), Message.objects.count())
    scanner = Client()
    for method in (scanner.get, scanner.head, scanner.get):
        assert method(path).status_code == 200
    assert "sessionid" not in str(scanner.cookies)
    assert scanner.get(f"/partner/shared/{handoff.reference}/").status_code == 404
    after = (Entry.objects.count(), list(HandoffLink.objects.values()), Message.objects.count())
    assert after == before
    handoff.refresh_from_db()
    assert handoff.state == HandoffState.OFFERED


def test_a_link_opens_one_hand_off_without_an_account(by_link: Town) -> None:
    first = handed(by_link)
    second = handed(by_link)
    letters = handing.mailed()
    client = open_link(handing.link_in(letters[0]))
    assert client.get(f"/partner/shared/{first.reference}/").status_code == 200
    assert client.get(f"/partner/shared/{second.reference}/").status_code == 404
    assert client.get(f"/partner/{first.reference}/").status_code == 302, "it is no account"
    data = {"verb": "done", "text": "Painted.", "photos": [photo()]}
    client.post(f"/partner/shared/{first.reference}/", data)
    first.refresh_from_db()
    assert first.state == HandoffState.DONE
    entry = HandoffEntry.objects.get()
    assert (entry.way, entry.by_user) == (SaidBy.LINK, None)
    assert entry.photos.count() == 1


@pytest.mark.privacy
@pytest.mark.parametrize("verb", ["revoke", "again", "withdraw"])
def test_a_forwarded_link_is_dead_once_staff_end_it(by_link: Town, verb: str) -> None:
    handoff = handed(by_link)
    path = handing.link_in(handing.mailed()[0])
    client = open_link(path)
    assert keep(by_link, handoff, verb).status_code == 302
    shared = f"/partner/shared/{handoff.reference}/"
    assert client.get(shared).status_code == 404
    assert client.post(shared, {"verb": "done", "text": "Ha."}).status_code == 404
    unknown = "/partner/link/no-such-token/"
    late, never = Client().get(path), Client().get(unknown)
    assert late.status_code == never.status_code == 404
    assert bare(late.content, path) == bare(never.content, unknown)
    assert Client().post(path).status_code == 404
    handoff.refresh_from_db()
    assert handoff.state != HandoffState.DONE


@pytest.mark.privacy
def test_tokens_are_random_hashed_and_expire(by_link: Town) -> None:
    handoff = handed(by_link)
    path = handing.link_in(handing.mailed()[0])
    token = path.rstrip("/").rpartition("/")[2]
    assert len(token) == 26, "130 bits"
    stored = HandoffLink.objects.get()
    assert token.encode() not in bytes(stored.digest)
    assert len(bytes(stored.digest)) == 32
    client = open_link(path)
    with time_machine.travel(stored.expires_at + timedelta(seconds=1), tick=False):
        assert Client().get(path).status_code == 404
        assert client.get(f"/partner/shared/{handoff.reference}/").status_code == 404


def test_a_reminder_comes_once_and_what_nobody_answers_comes_back(by_link: Town) -> None:
    handoff = handed(by_link)
    handing.mailed()
    due = handoff.due_on - handing.today(by_link)
    soon = timezone.now() + due - timedelta(days=2)
    assert handoff_sweeps.remind_of_due(now=soon) == 1
    assert handoff_sweeps.remind_of_due(now=soon) == 0
    assert handoff_sweeps.lapse_overdue(now=soon) == 0
    late = timezone.now() + due + timedelta(days=1)
    assert handoff_sweeps.lapse_overdue(now=late) == 1
    assert handoff_sweeps.lapse_overdue(now=late) == 0
    handoff.refresh_from_db()
    by_link.concern.refresh_from_db()
    assert (handoff.state, by_link.concern.state) == (HandoffState.LAPSED, State.WORKING)
    assert list(Handoff.objects.lapsed()) == [handoff]
    told = Message.objects.filter(kind="concerns.handoff_came_back")
    assert [message.contact.account for message in told] == [by_link.officer]


def test_a_late_answer_is_better_than_none_and_more_time_lets_it_wait_again(by_link: Town) -> None:
    handoff = handed(by_link)
    client = open_link(handing.link_in(handing.mailed()[0]))
    late = timezone.now() + timedelta(days=12)
    handoff_sweeps.lapse_overdue(now=late)
    shared = f"/partner/shared/{handoff.reference}/"
    client.post(shared, {"verb": "answer", "text": "Sorry, next week."})
    assert HandoffEntry.objects.get().text == "Sorry, next week."
    day = handing.today(by_link) + timedelta(days=20)
    assert keep(by_link, handoff, "day", due_on=day.isoformat()).status_code == 302
    by_link.concern.refresh_from_db()
    handoff.refresh_from_db()
    assert (handoff.state, by_link.concern.state) == (HandoffState.OFFERED, State.WAITING)


def test_signing_in_leads_a_partner_to_their_work(cedar: Town) -> None:
    client = Client()
    email = "sam@orchard.example"
    partner = worlds.officer(
        cedar.agency, "Sam Two", role=Role.PARTNER, district=None, email=email, now=timezone.now()
    )
    assert partner.pk
    answer = client.post("/account/login/", {"login": email, "password": worlds.PASSWORD})
    assert answer.status_code == 302
    assert answer["Location"] in ("/partner/", "/account/security/")
