"""The records side of a case: an address opened with a reason, an erasure, a hold; and who may."""

from pathlib import Path

import pytest
from django.test import Client
from pytest_django import Settings

from concerns.actions import unsealing
from concerns.models import Concern, LegalHold, Reporter
from engagement.audit.models import Entry
from engagement.people.models import IdentityRead, User
from engagement.people.roles import Role
from engagement.places.models import Agency
from tests import worlds
from tests.concerns.conftest import area_of, file_report, hire

pytestmark = pytest.mark.privacy
WHY = "Subpoena 14, return by Friday"


@pytest.fixture(autouse=True)
def own_ledger(settings: Settings, tmp_path: Path) -> None:
    settings.AUDIT_HEADS = tmp_path / "audit"


@pytest.fixture
def custodian(agency: Agency) -> User:
    return hire("Records Custodian", Role.CUSTODIAN, agency)


@pytest.fixture
def supervisor(agency: Agency) -> User:
    return hire("Supervisor", Role.SUPERVISOR, agency)


def path(concern: Concern, verb: str = "") -> str:
    return f"/desk/concerns/{concern.staff_reference}/records/{verb}"


def test_an_address_is_shown_once_after_its_reason_is_on_record(
    told: Concern, supervisor: User, custodian: User
) -> None:
    client = worlds.signed_in(supervisor)
    before = client.get(path(told))
    assert before.status_code == 200
    assert "ana@example.org" not in before.content.decode()
    refused = client.post(path(told, "address/"), {"reason": "because"})
    assert refused.status_code == 422
    assert not IdentityRead.objects.exists()
    opened = client.post(path(told, "address/"), {"reason": WHY})
    assert "ana@example.org" in opened.content.decode()
    assert "no-store" in opened["Cache-Control"]
    read = IdentityRead.objects.get()
    assert (read.by_user_id, read.subject_reference) == (supervisor.pk, told.staff_reference)
    assert Entry.objects.filter(event="IDENTITY_READ").count() == 1
    assert "ana@example.org" not in client.get(path(told)).content.decode()
    reviewed = worlds.signed_in(custodian).get("/desk/concerns/look-ups/").content.decode()
    assert WHY in reviewed
    assert "Opened the address" in reviewed
    own = client.get("/desk/concerns/look-ups/").content.decode()
    assert WHY not in own, "nobody reviews their own"


def test_an_anonymous_report_has_no_address_to_open(concern: Concern, supervisor: User) -> None:
    client = worlds.signed_in(supervisor)
    assert "No address is held" in client.get(path(concern)).content.decode()
    assert client.post(path(concern, "address/"), {"reason": WHY}).status_code == 409
    assert not IdentityRead.objects.exists()


def test_addresses_are_opened_so_often_a_day_and_no_more(
    told: Concern, supervisor: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(unsealing, "MOST_A_DAY", 1)
    client = worlds.signed_in(supervisor)
    assert client.post(path(told, "address/"), {"reason": WHY}).status_code == 200
    again = client.post(path(told, "address/"), {"reason": WHY})
    assert again.status_code == 409
    assert "ana@example.org" not in again.content.decode()


def test_who_has_not_the_right_finds_no_such_page(
    told: Concern, officer: User, stranger: User, agency: Agency
) -> None:
    east = hire("Supervisor East", Role.SUPERVISOR, agency, area_of(agency, "district", "east"))
    for user in (officer, stranger, east):
        client = worlds.signed_in(user)
        assert client.get(path(told)).status_code == 404
        for verb in ("address/", "erase/", "hold/", "release/"):
            assert client.post(path(told, verb), {"reason": WHY}).status_code == 404
    assert not IdentityRead.objects.exists()
    assert not LegalHold.objects.exists()
    assert Reporter.objects.get(concern=told).contact.ciphertext  # type: ignore[union-attr]


def test_staff_erase_who_reported_it_at_their_wish(told: Concern, supervisor: User) -> None:
    client = worlds.signed_in(supervisor)
    page = client.get(path(told)).content.decode()
    assert "Backups made before" in page
    assert "A legal hold, such as a court case, can delay this." in page
    answer = client.post(path(told, "erase/"), {"reason": "Came by with code and secret"})
    assert answer["Location"] == path(told)
    contact = Reporter.objects.get(concern=told).contact
    assert contact is not None
    assert not contact.ciphertext
    case = client.get(f"/desk/concerns/{told.staff_reference}/").content.decode()
    assert "Staff erased who reported it, at their wish" in case
    assert "Came by with code and secret" in case


def test_a_custodian_holds_a_report_and_everybody_at_the_desk_sees_it(
    told: Concern, custodian: User, supervisor: User, officer: User
) -> None:
    client = worlds.signed_in(custodian)
    assert client.post(path(told, "hold/"), {"reason": WHY})["Location"] == path(told)
    assert WHY in client.get("/desk/concerns/holds/").content.decode()
    case = worlds.signed_in(officer).get(f"/desk/concerns/{told.staff_reference}/")
    assert "On legal hold" in case.content.decode()
    delayed = worlds.signed_in(supervisor).post(
        path(told, "erase/"), {"reason": "Came by with code and secret"}, follow=True
    )
    assert "The legal hold delays it" in delayed.content.decode()
    assert "Reporter waits to be erased" in client.get("/desk/concerns/holds/").content.decode()
    twice = client.post(path(told, "hold/"), {"reason": WHY}, follow=True)
    assert "cannot be done as the report stands now" in twice.content.decode()
    client.post(path(told, "release/"), {"reason": "The court released it"})
    assert not LegalHold.objects.open().exists()
    contact = Reporter.objects.get(concern=told).contact
    assert contact is not None
    assert not contact.ciphertext


def test_a_supervisor_places_no_hold(told: Concern, supervisor: User) -> None:
    client = worlds.signed_in(supervisor)
    assert client.post(path(told, "hold/"), {"reason": WHY}).status_code == 404
    assert client.get("/desk/concerns/holds/").status_code == 404
    assert not LegalHold.objects.exists()


def test_openings_of_private_cases_are_reviewed_by_who_may_read_those(
    agency: Agency, custodian: User
) -> None:
    private = file_report(
        agency, code="problem_property", level="confidential", email="bo@example.org"
    ).concern
    worlds.signed_in(custodian).post(path(private, "address/"), {"reason": WHY})
    assert IdentityRead.objects.count() == 1
    east = hire("Supervisor East", Role.SUPERVISOR, agency, area_of(agency, "district", "east"))
    listed = worlds.signed_in(east).get("/desk/concerns/look-ups/").content.decode()
    assert private.staff_reference not in listed


def test_the_pages_need_no_more_questions_than_any_other(
    told: Concern, custodian: User, django_assert_max_num_queries: object
) -> None:
    client = worlds.signed_in(custodian)
    client.post(path(told, "hold/"), {"reason": WHY})
    for page in (path(told), "/desk/concerns/holds/", "/desk/concerns/look-ups/"):
        with django_assert_max_num_queries(12):  # type: ignore[operator]
            assert client.get(page).status_code == 200


def test_nobody_signed_out_reads_any_of_it(told: Concern) -> None:
    assert Client().get(path(told)).status_code == 302


def test_a_reply_to_who_waits_to_be_erased_promises_no_mail(
    told: Concern, custodian: User, officer: User
) -> None:
    client = worlds.signed_in(custodian)
    client.post(path(told, "hold/"), {"reason": WHY})
    case = f"/desk/concerns/{told.staff_reference}/"
    before = worlds.signed_in(officer).get(case).content.decode()
    assert "They get a mail that a message waits" in before
    client.post(path(told, "erase/"), {"reason": "Came by with code and secret"})
    after = worlds.signed_in(officer).get(case).content.decode()
    assert "They get a mail that a message waits" not in after
    assert "They asked to be erased: nobody writes to them." in after
