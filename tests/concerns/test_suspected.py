"""What looks like spam is stored, answered alike, and waits for a person; nobody is refused."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from concerns.actions import following, spam, triage
from concerns.models import Concern, Reading, SlowDown, StatusChange, Suspicion
from concerns.views import public_suspicion
from engagement.audit.actors import Actor
from engagement.audit.models import Entry
from engagement.doors import challenge
from engagement.keys.moments import floor_to_hour
from engagement.outbox.models import Message
from engagement.people.models import User
from engagement.people.roles import Role
from engagement.places.models import Agency
from tests import worlds
from tests.challenges import with_work

pytestmark = pytest.mark.django_db
LIST = "/desk/concerns/suspected/"
OWNER_MAIL = "concerns.new_for_owner"
WORDS = iter(range(1_000_000))
ALPHABET = "abcdefghijklmnopqrst"


@pytest.fixture
def cedar() -> Agency:
    return worlds.agency(now=timezone.now())


@pytest.fixture
def officer(cedar: Agency) -> User:
    return worlds.officer(cedar, now=timezone.now())


@pytest.fixture
def boss(cedar: Agency) -> User:
    return worlds.officer(
        cedar, "Sergeant Oak", role=Role.SUPERVISOR, district=None, now=timezone.now()
    )


def own_words() -> str:
    """Words that no report had before."""
    number = str(next(WORDS)).translate(str.maketrans("0123456789", ALPHABET[:10]))
    return " ".join(f"{letter}{number}" for letter in ALPHABET)


def filled(agency: Agency, **changes: str) -> dict[str, str]:
    typed = {
        "agency": agency.slug,
        "category": "graffiti",
        "lon": f"{worlds.LON + worlds.STEP / 2:.6f}",
        "lat": f"{worlds.LAT + worlds.STEP / 2:.6f}",
        "text": own_words(),
        "level": "anonymous",
    }
    return typed | changes


def key(client: Client, agency: Agency) -> str:
    page = client.get("/report/new/", {"agency": agency.slug}).content.decode()
    return page.split('name="key" value="')[1].split('"')[0]


def sent(client: Client, agency: Agency, *, as_who: str = "waited", **changes: str) -> Any:
    """Send a report as a person with or without a script, or as a program, sends it."""
    typed = filled(agency, **{"key": key(client, agency), **changes})
    since = {"waited": 60, "hasty": 0}.get(as_who, 0)
    token = challenge.new_challenge(
        form="report",
        host="testserver",
        agency=agency.slug,
        since=timezone.now().timestamp() - since,
        bits=4,
    )
    address = f"/report/done/?proof={token}"
    return client.post(with_work(address) if as_who == "proven" else address, typed)


def held(agency: Agency, **changes: Any) -> Concern:
    """A report that is held back."""
    made = worlds.reported(agency, now=timezone.now(), suspicion=("hasty",), **changes)
    return made.concern


def mails(kind: str = OWNER_MAIL) -> int:
    return Message.objects.filter(kind=kind).count()


def plain(content: bytes) -> str:
    """A receipt without what is anybody's own: key, token, code, secret, words."""
    page = content.decode()
    for pattern in (r'value="[^"]*"', r"proof=[\w.-]+", r"\b[0-9A-Z]{4}(-[0-9A-Z]{2,4})+\b"):
        page = re.sub(pattern, "", page)
    return page


@pytest.mark.parametrize("as_who", ["proven", "waited"])
def test_what_a_person_sends_is_in_the_queue_at_once(
    client: Client, cedar: Agency, officer: User, as_who: str
) -> None:
    answer = sent(client, cedar, as_who=as_who)

    reference = Concern.objects.get().staff_reference
    assert answer.status_code == 200
    assert not Suspicion.objects.exists()
    assert mails() == 1
    assert reference in worlds.signed_in(officer).get("/desk/concerns/").content.decode()


@pytest.mark.privacy
@pytest.mark.parametrize(
    ("why", "how"), [("hasty", {"as_who": "hasty"}), ("trap", {"homepage": "http://spam.example"})]
)
def test_what_looks_like_spam_gets_the_same_receipt_and_waits_apart(
    client: Client, cedar: Agency, officer: User, why: str, how: dict[str, str]
) -> None:
    words = own_words()
    usual = sent(client, cedar, text=words)
    Concern.objects.update(owner=None)
    Message.objects.all().delete()
    suspected = sent(client, cedar, text=words, **how)

    assert suspected.status_code == usual.status_code == 200
    assert plain(suspected.content) == plain(usual.content)
    concern = Concern.objects.latest("id")
    assert concern.suspicion.reasons == [why]
    assert concern.suspicion.is_held
    assert mails() == 0
    desk = worlds.signed_in(officer)
    assert concern.staff_reference not in desk.get("/desk/concerns/").content.decode()
    assert concern.staff_reference not in desk.get("/desk/").content.decode()
    assert concern.staff_reference in desk.get(LIST).content.decode()


@pytest.mark.privacy
def test_the_same_words_again_and_again_wait_apart_but_are_all_stored(
    client: Client, cedar: Agency
) -> None:
    words = own_words()
    for _each in range(8):
        assert sent(client, cedar, as_who="proven", text=words).status_code == 200

    assert Concern.objects.count() == 8
    assert Suspicion.objects.filter(reasons=["alike"]).count() == 3


@pytest.mark.privacy
def test_many_reports_from_a_library_are_stored_and_those_with_work_done_are_not_suspected(
    client: Client, cedar: Agency
) -> None:
    for _person in range(public_suspicion.MOST_FROM_ONE + 4):
        assert sent(client, cedar, as_who="proven").status_code == 200
    assert not Suspicion.objects.exists()

    for _person in range(public_suspicion.MOST_FROM_ONE + 1):
        assert sent(client, cedar, as_who="waited").status_code == 200
    assert Suspicion.objects.get().reasons == ["many"]


@pytest.mark.privacy
def test_a_flood_without_work_holds_no_report_back_that_came_with_it(
    client: Client, cedar: Agency, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else whoever sends some hundred cheap ones would hide every honest report for an hour."""
    monkeypatch.setattr(public_suspicion, "MOST_PROVEN_FROM_ONE", 2)
    monkeypatch.setattr(public_suspicion, "MOST_PROVEN_IN_AN_HOUR", 2)
    for _each in range(4):
        assert sent(client, cedar, as_who="waited").status_code == 200
    assert sent(client, cedar, as_who="proven").status_code == 200

    assert not Suspicion.objects.filter(concern=Concern.objects.latest("id")).exists()


@pytest.mark.privacy
def test_a_visitor_without_a_pseudonym_is_not_counted_with_all_others_without_one(
    client: Client, cedar: Agency, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As behind Tor or a proxy that nobody configured: everybody would be one."""
    monkeypatch.setattr("engagement.doors.middleware.pseudonym", lambda meta: "")
    for _person in range(public_suspicion.MOST_FROM_ONE + 4):
        assert sent(client, cedar).status_code == 200

    assert Concern.objects.count() == public_suspicion.MOST_FROM_ONE + 4
    assert not Suspicion.objects.exists()


@pytest.mark.privacy
def test_in_a_flood_everything_is_stored_and_a_neighbor_stands_in_the_queue(
    client: Client, cedar: Agency, officer: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(public_suspicion, "MOST_IN_AN_HOUR", 5)
    monkeypatch.setattr(public_suspicion, "MOST_FROM_ONE", 1000)
    answers = [sent(client, cedar, as_who="waited") for _each in range(12)]
    neighbor = sent(Client(), cedar, as_who="proven")

    assert {answer.status_code for answer in [*answers, neighbor]} == {200}
    assert Concern.objects.count() == 13
    assert Suspicion.objects.filter(reasons=["flood"], is_held=True).count() == 7
    assert not Suspicion.objects.filter(concern=Concern.objects.latest("id")).exists()


@pytest.mark.privacy
def test_while_the_cache_is_away_everybody_passes(
    client: Client, cedar: Agency, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("engagement.doors.cache.PatientCache.muted_until", float("inf"))
    assert cache.get("anything") is None
    for _each in range(12):
        assert sent(client, cedar, text="the very same words each time, twelve times").status_code
    assert not Suspicion.objects.exists()


def test_words_of_danger_are_never_held_back(cedar: Agency, officer: User) -> None:
    concern = held(cedar, text="He has a gun and he says he will kill her")
    assert concern.danger
    assert not concern.suspicion.is_held
    assert mails() == 1
    desk = worlds.signed_in(officer)
    assert concern.staff_reference in desk.get("/desk/concerns/").content.decode()
    assert "Speak of danger" in desk.get(LIST).content.decode()


@pytest.mark.privacy
@pytest.mark.parametrize(
    ("changes", "waits"),
    [
        ({}, True),
        ({"text": "He has a gun and he says he will kill her"}, False),
        ({"level": "confidential", "email": "ana@home.example"}, False),
    ],
    ids=["anonymous", "danger", "confidential"],
)
def test_the_officer_is_mailed_of_an_anonymous_report_with_the_full_hour(
    cedar: Agency, officer: User, changes: dict[str, str], waits: bool
) -> None:
    """The date of a mail that left at once would tell the minute of the report."""
    now = timezone.now()
    worlds.reported(cedar, now=now, **changes)
    message = Message.objects.get(kind=OWNER_MAIL)

    assert (message.due_at > now) is waits
    if waits:
        assert message.due_at == floor_to_hour(now) + timedelta(hours=1)


@pytest.mark.privacy
def test_however_much_an_anonymous_reporter_writes_one_mail_an_hour_says_so(
    cedar: Agency, officer: User
) -> None:
    concern = worlds.reported(cedar, now=timezone.now()).concern
    for number in range(20):
        said: dict[str, Any] = {
            "concern_id": concern.pk,
            "by": Actor.reporter(),
            "now": timezone.now(),
        }
        following.answer(**said, text=f"Message {number}")
    assert 1 <= mails("concerns.reporter_wrote") <= 2


def test_the_list_says_why_in_words(cedar: Agency, officer: User) -> None:
    held(cedar)
    page = worlds.signed_in(officer).get(LIST).content.decode()
    assert "It was sent faster than a person reads the page." in page


def test_several_are_released_at_once_with_the_clock_of_the_day_they_came(
    cedar: Agency, officer: User
) -> None:
    first, second, third = (held(cedar, text=own_words()) for _each in range(3))
    days = (first.received_on, first.acknowledge_by, first.resolve_by)
    desk = worlds.signed_in(officer)
    sent = {"verb": "release", "reference": [first.staff_reference, second.staff_reference]}
    page = desk.post(f"{LIST}judge/", sent, follow=True).content.decode()

    assert "2 reports are in the queue now" in page
    first.refresh_from_db()
    assert (first.received_on, first.acknowledge_by, first.resolve_by) == days
    queue = desk.get("/desk/concerns/").content.decode()
    assert first.staff_reference in queue
    assert third.staff_reference not in queue
    assert mails() == 2
    assert Entry.objects.filter(event="CONCERN_RELEASED").count() == 2


def test_a_reporter_with_an_address_hears_of_it_once_it_is_released(
    cedar: Agency, officer: User
) -> None:
    """Else anybody could have somebody's mailbox flooded through the form."""
    concern = held(cedar, level="confidential", email="ana@home.example")
    assert mails("concerns.received") == 0

    spam.release(concern_id=concern.pk, by=Actor.staff(officer.pk), now=timezone.now())
    assert mails("concerns.received") == 1


def test_closed_as_spam_it_stays_stored_and_its_reporter_brings_it_back(
    client: Client, cedar: Agency, officer: User
) -> None:
    receipt = worlds.reported(cedar, now=timezone.now(), suspicion=("trap",))
    desk = worlds.signed_in(officer)
    reference = receipt.concern.staff_reference
    desk.post(f"{LIST}judge/", {"verb": "spam", "reference": [reference]})

    concern = Concern.objects.get()
    assert (concern.state, concern.outcome) == ("closed", "spam")
    typed = {"code": receipt.tracking_code, "secret": receipt.secret}
    page = client.post("/track/", typed)
    assert "It looked like spam" in page.content.decode()
    answer = {"pass": page.context["pass"], "verb": "answer", "text": "I am no robot."}
    client.post("/track/", answer)

    concern.refresh_from_db()
    assert (concern.state, concern.outcome) == ("received", "")
    assert concern.suspicion.finding == "disputed"
    assert reference in desk.get("/desk/concerns/").content.decode()
    assert reference not in desk.get(LIST).content.decode()
    states = StatusChange.objects.filter(concern=concern).order_by("id")
    assert [change.state for change in states] == ["received", "closed", "received"]
    assert mails("concerns.reporter_wrote") == 1


def test_two_who_decide_at_once_decide_once(cedar: Agency, officer: User, boss: User) -> None:
    concern = held(cedar)
    spam.close_as_spam(concern_id=concern.pk, by=Actor.staff(boss.pk), now=timezone.now())
    entries = Entry.objects.count()

    with pytest.raises(spam.CannotJudge):
        spam.release(concern_id=concern.pk, by=Actor.staff(officer.pk), now=timezone.now())
    assert Entry.objects.count() == entries
    assert mails() == 0


def test_what_was_never_suspected_cannot_be_closed_as_spam(cedar: Agency, officer: User) -> None:
    concern = worlds.reported(cedar, now=timezone.now()).concern
    with pytest.raises(spam.CannotJudge):
        spam.close_as_spam(concern_id=concern.pk, by=Actor.staff(officer.pk), now=timezone.now())
    concern.refresh_from_db()
    assert concern.state == "received"


def test_who_takes_a_held_report_up_has_found_that_it_is_none(cedar: Agency, officer: User) -> None:
    concern = held(cedar)
    by = Actor.staff(officer.pk)
    triage.accept(concern_id=concern.pk, seen_version=1, by=by, now=timezone.now())

    suspicion = Suspicion.objects.get()
    assert (suspicion.is_held, suspicion.finding) == (False, "genuine")
    desk = worlds.signed_in(officer)
    assert concern.staff_reference in desk.get("/desk/concerns/").content.decode()


def test_nobody_is_mailed_about_a_held_report_whatever_happens_to_it(
    cedar: Agency, officer: User, boss: User
) -> None:
    concern = held(cedar)
    said: dict[str, Any] = {"concern_id": concern.pk, "by": Actor.reporter(), "now": timezone.now()}
    following.answer(**said, text="Please look at it.")
    triage.assign(
        concern_id=concern.pk,
        seen_version=2,
        officer_id=boss.pk,
        by=Actor.staff(officer.pk),
        now=timezone.now(),
    )

    assert mails() == mails("concerns.reporter_wrote") == 0


def test_officers_elsewhere_see_and_decide_nothing(cedar: Agency, officer: User) -> None:
    elm = worlds.agency("elm", east=1, now=timezone.now())
    stranger = worlds.officer(elm, "Officer Elm", now=timezone.now())
    concern = held(cedar)
    desk = worlds.signed_in(stranger)

    assert concern.staff_reference not in desk.get(LIST).content.decode()
    desk.post(f"{LIST}judge/", {"verb": "spam", "reference": [concern.staff_reference]})
    concern.refresh_from_db()
    assert concern.state == "received"


@pytest.mark.challenge
def test_a_slowed_agency_holds_what_comes_without_work_until_it_ends(
    client: Client, cedar: Agency, boss: User
) -> None:
    desk = worlds.signed_in(boss)
    page = desk.post(f"{LIST}slow-down/", {"hours": "4"}, follow=True).content.decode()
    assert "Reports are being slowed down" in page
    assert "Reports are being slowed down" in desk.get("/desk/").content.decode()
    assert sent(client, cedar, as_who="waited").status_code == 200
    assert sent(client, cedar, as_who="proven").status_code == 200
    assert Suspicion.objects.get().reasons == ["unproven"]

    SlowDown.objects.update(
        begins_at=timezone.now() - timedelta(hours=5), ends_at=timezone.now() - timedelta(hours=1)
    )
    assert sent(client, cedar, as_who="waited").status_code == 200
    assert Suspicion.objects.count() == 1
    assert "being slowed down" not in desk.get("/desk/").content.decode()


def test_slowing_down_is_for_supervisors_ends_early_and_is_on_record(
    cedar: Agency, officer: User, boss: User
) -> None:
    assert worlds.signed_in(officer).post(f"{LIST}slow-down/", {"hours": "4"}).status_code == 404
    assert not SlowDown.objects.exists()
    desk = worlds.signed_in(boss)
    desk.post(f"{LIST}slow-down/", {"hours": "4"})
    desk.post(f"{LIST}slow-down/", {"hours": "1000"})
    desk.post(f"{LIST}slow-down/", {"end": "1"})

    assert SlowDown.objects.count() == 1
    assert not SlowDown.objects.filter(ends_at__gt=timezone.now()).exists()
    events = Entry.objects.filter(event__startswith="FLOOD").order_by("id")
    assert [entry.event for entry in events] == ["FLOOD_SLOWED", "FLOOD_SLOWING_ENDED"]


def test_the_page_of_a_suspected_report_says_so_until_somebody_decides(
    cedar: Agency, officer: User
) -> None:
    concern = held(cedar)
    desk = worlds.signed_in(officer)
    path = f"/desk/concerns/{concern.staff_reference}/"
    assert "This report looks like spam" in desk.get(path).content.decode()

    spam.release(concern_id=concern.pk, by=Actor.staff(officer.pk), now=timezone.now())
    assert "looks like spam" not in desk.get(path).content.decode()


@pytest.mark.privacy
def test_who_opens_the_list_has_read_each_report_and_its_reporter_can_see_that(
    cedar: Agency, boss: User
) -> None:
    for _ in range(2):
        held(cedar)
    desk = worlds.signed_in(boss)
    assert desk.get(LIST).status_code == desk.get(LIST).status_code == 200
    read = Reading.objects.filter(concern__in=Suspicion.objects.values("concern"))
    assert list(read.values_list("by_user", "role")) == 2 * [(boss.pk, Role.SUPERVISOR)]
