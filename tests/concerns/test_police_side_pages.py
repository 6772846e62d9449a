"""Pages of visits, numbers, marks, duty and services: who may press what, and what they show."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from concerns.models import (
    Concern,
    DutyShift,
    OutsideNumber,
    OutsideSystems,
    ServiceRequest,
    Visit,
    WrongDoor,
    WrongDoorCall,
)
from engagement.people.roles import Role
from engagement.places.models import Agency, Hotline
from tests import worlds

pytestmark = pytest.mark.django_db


@pytest.fixture
def cedar() -> Agency:
    return worlds.agency(now=timezone.now())


@pytest.fixture
def desk(cedar: Agency) -> Client:
    return worlds.signed_in(worlds.officer(cedar, now=timezone.now()))


@pytest.fixture
def sergeant(cedar: Agency) -> Client:
    boss = worlds.officer(
        cedar, "Sergeant Reed", role=Role.SUPERVISOR, district=None, now=timezone.now()
    )
    return worlds.signed_in(boss)


@pytest.fixture
def reader(cedar: Agency) -> Client:
    return worlds.signed_in(
        worlds.officer(cedar, "Reader", role=Role.READER, district=None, now=timezone.now())
    )


@pytest.fixture
def elsewhere() -> Client:
    eastfield = worlds.agency("eastfield", east=1.0, now=timezone.now())
    return worlds.signed_in(worlds.officer(eastfield, role=Role.SUPERVISOR, now=timezone.now()))


@pytest.fixture
def concern(cedar: Agency, desk: Client) -> Concern:
    return worlds.reported(cedar, now=timezone.now()).concern


def url(concern: Concern, verb: str = "") -> str:
    return f"/desk/concerns/{concern.staff_reference}/{verb}"


def words(client: Client, path: str) -> str:
    page = client.get(path)
    assert page.status_code == 200
    return page.content.decode()


VERBS = [
    ("visit/", {}),
    ("numbers/", {"system": "cad", "number": "26-1"}),
    ("wrong-door/mark/", {"kind": "abuse"}),
    ("wrong-door/no-number/", {"reason": "x"}),
    ("service/", {"kind": "patrol"}),
]


def everything() -> tuple[object, ...]:
    return (
        list(Concern.objects.order_by("id").values_list("state", "version")),
        Visit.objects.count(),
        OutsideNumber.objects.count(),
        WrongDoor.objects.count(),
        WrongDoorCall.objects.count(),
        ServiceRequest.objects.count(),
        DutyShift.objects.count(),
    )


@pytest.mark.parametrize(("verb", "typed"), VERBS)
def test_another_agency_changes_nothing_and_reads_nothing(
    concern: Concern, elsewhere: Client, verb: str, typed: dict[str, str]
) -> None:
    before = everything()
    foreign = elsewhere.post(url(concern, verb), typed)
    missing = elsewhere.post(
        url(concern, verb).replace(concern.staff_reference, "ZZZZZZZZZZ"), typed
    )
    assert foreign.status_code == missing.status_code == 404
    assert foreign.content == missing.content
    assert elsewhere.get(url(concern, "wrong-door/")).status_code == 404
    assert everything() == before


@pytest.mark.parametrize(("verb", "typed"), [row for row in VERBS if "mark" not in row[0]])
def test_who_only_reads_changes_nothing(
    concern: Concern, reader: Client, verb: str, typed: dict[str, str]
) -> None:
    before = everything()
    assert reader.post(url(concern, verb), typed).status_code == 404
    assert everything() == before


def test_a_visit_is_one_tap_and_stands_on_the_page(desk: Client, concern: Concern) -> None:
    assert "I was there" in words(desk, url(concern))
    assert desk.post(url(concern, "visit/")).status_code == 302
    concern.refresh_from_db()
    assert concern.state == "working"
    page = words(desk, url(concern))
    assert "Officer Vale" in page
    assert "Take back" in page
    assert desk.post(url(concern, f"visit/{Visit.objects.get().pk}/back/")).status_code == 302
    assert Visit.objects.get().is_taken_back


def test_a_visit_of_yesterday_keeps_its_line_for_staff(desk: Client, concern: Concern) -> None:
    day = concern.agency.day_of(timezone.now()) - timedelta(days=1)
    typed = {"day": day.isoformat(), "hour": "14:30", "line": "Spoke to a neighbor"}
    desk.post(url(concern, "visit/"), typed)
    visit = Visit.objects.get()
    assert visit.on == day
    assert "Spoke to a neighbor" in words(desk, url(concern))


def test_a_bad_day_is_refused_in_words(desk: Client, concern: Concern) -> None:
    answer = desk.post(url(concern, "visit/"), {"day": "soon"}, follow=True)
    assert "Choose a day and a time" in answer.content.decode()
    assert not Visit.objects.exists()


def test_a_number_is_added_told_of_other_cases_and_removed(
    cedar: Agency, desk: Client, concern: Concern
) -> None:
    other = worlds.reported(cedar, now=timezone.now()).concern
    typed = {"system": "cad", "number": "26-1"}
    desk.post(url(other, "numbers/"), typed)
    told = desk.post(url(concern, "numbers/"), typed, follow=True).content.decode()
    assert other.staff_reference in told
    number = OutsideNumber.objects.get(concern=concern)
    assert "26-1" in words(desk, url(concern))
    desk.post(url(concern, f"numbers/{number.pk}/remove/"))
    assert not OutsideNumber.objects.filter(concern=concern).exists()


def test_a_number_of_another_shape_is_refused_with_the_agencys_example(
    cedar: Agency, desk: Client, concern: Concern
) -> None:
    OutsideSystems.objects.create(agency=cedar, rms_masks="##-####", rms_example="26-0001")
    typed = {"system": "rms", "number": "banana"}
    told = desk.post(url(concern, "numbers/"), typed, follow=True).content.decode()
    assert "26-0001" in told
    assert not OutsideNumber.objects.exists()


def copied(page: str) -> str:
    return page.split('id="copy-text"')[1].split(">", 1)[1].split("</pre>")[0]


@pytest.mark.privacy
def test_what_is_copied_for_cad_names_no_reporter(cedar: Agency, desk: Client) -> None:
    concern = worlds.reported(
        cedar, now=timezone.now(), level="confidential", email="ana@example.org", is_home=True
    ).concern
    text = copied(words(desk, url(concern)))
    assert concern.staff_reference in text
    for secret in (
        concern.tracking_code,
        "ana@example.org",
        "Red paint",
        "underpass",
        f"{concern.lat:.5f}",
    ):
        assert secret not in text
    OutsideSystems.objects.create(agency=cedar, copies_words=True)
    assert "Red paint" in copied(words(desk, url(concern)))


def test_any_reader_marks_in_one_tap_and_sees_whom_to_call(
    cedar: Agency, concern: Concern, reader: Client, sergeant: Client
) -> None:
    Hotline.objects.create(
        agency=cedar,
        code="child_abuse",
        label={"en": "Child abuse hotline"},
        number="1-800-392-3738",
        number_href="tel:18003923738",
        when={"en": "A child"},
        last_checked_on="2026-10-01",
    )
    answer = reader.post(url(concern, "wrong-door/mark/"), {"kind": "abuse"}, follow=True)
    page = answer.content.decode()
    assert 'href="tel:18003923738"' in page
    assert "Oct 1, 2026" in page
    mark = WrongDoor.objects.get()
    reader.post(url(concern, f"wrong-door/{mark.pk}/called/"), {"code": "child_abuse"})
    call = WrongDoorCall.objects.get()
    assert (call.whom, call.number, call.by_user.name) == (
        "Child abuse hotline",
        "1-800-392-3738",
        "Reader",
    )
    assert reader.post(url(concern, f"wrong-door/{mark.pk}/take/")).status_code == 404
    assert "I have it" in words(sergeant, "/desk/wrong-doors/")
    sergeant.post(url(concern, f"wrong-door/{mark.pk}/take/"))
    mark.refresh_from_db()
    assert mark.accepted_by is not None
    assert "Sergeant Reed has it" in words(sergeant, "/desk/wrong-doors/")


def test_a_mark_is_ended_only_with_a_reason_or_a_call(desk: Client, concern: Concern) -> None:
    desk.post(url(concern, "wrong-door/mark/"), {"kind": "danger"})
    mark = WrongDoor.objects.get()
    path = url(concern, f"wrong-door/{mark.pk}/end/")
    assert desk.post(path, {"ending": "mistake"}).status_code == 422
    assert desk.post(path, {"ending": "handled"}).status_code == 422
    assert desk.post(path, {"ending": "mistake", "reason": "Misread"}).status_code == 302
    mark.refresh_from_db()
    assert mark.ending == "mistake"


def test_a_crime_cannot_be_resolved_without_a_number_and_says_so(
    desk: Client, concern: Concern
) -> None:
    desk.post(url(concern, "visit/"))
    desk.post(url(concern, "wrong-door/mark/"), {"kind": "crime"})
    concern.refresh_from_db()
    typed = {"seen_version": str(concern.version), "outcome": "fixed", "words": "Done."}
    typed["step"] = "send"
    refused = desk.post(url(concern, "resolve/"), typed)
    assert refused.status_code == 409
    assert "RMS number" in refused.content.decode()
    desk.post(url(concern, "wrong-door/no-number/"), {"reason": "The owner gave leave"})
    assert desk.post(url(concern, "resolve/"), typed).status_code == 302


def test_supervisors_keep_the_duty_list(cedar: Agency, sergeant: Client, desk: Client) -> None:
    assert desk.get("/desk/duty/").status_code == 404
    page = words(sergeant, "/desk/duty/")
    assert "Nobody is on duty now" in page
    who = sergeant.session["_auth_user_id"]
    now = timezone.now()
    typed = {
        "user": who,
        "from_at": f"{cedar_time(cedar, now - timedelta(hours=1)):%Y-%m-%dT%H:%M}",
        "until_at": f"{cedar_time(cedar, now + timedelta(hours=7)):%Y-%m-%dT%H:%M}",
        "phone": "(314) 555-0100",
    }
    assert sergeant.post("/desk/duty/", {**typed, "phone": "12"}).status_code == 422
    assert sergeant.post("/desk/duty/", typed).status_code == 302
    page = words(sergeant, "/desk/duty/")
    assert "also by text" in page
    assert "555" not in page.split("<main")[1].split("<form")[0]
    sergeant.post(f"/desk/duty/{DutyShift.objects.get().pk}/end/")
    assert not DutyShift.objects.exists()


def cedar_time(cedar: Agency, moment: object) -> object:
    return moment.astimezone(cedar.zone)  # type: ignore[attr-defined]
