"""A legal hold stops every erasure and every purge; who waits for it is told and left in peace."""

from datetime import timedelta
from pathlib import Path

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from pytest_django import Settings

from concerns.actions import adopting, erasing, services, triage
from concerns.actions.casework import BadWords
from concerns.actions.exporting import held_about
from concerns.actions.holding import CannotHold, erase_or_wait, lift_hold, place_hold
from concerns.forms.follow import new_pass
from concerns.models import AccessLink, Adoption, Concern, EmptyHome, LegalHold, Reporter
from concerns.models.reasons import ChangeReason
from concerns.sealed_services import seal_absence
from concerns.services import Away
from engagement.audit.actors import Actor
from engagement.audit.models import Entry
from engagement.outbox.models import Message
from engagement.outbox.states import State
from engagement.people.models import Contact, User
from engagement.people.roles import Role
from engagement.places.models import Agency
from tests.concerns.conftest import NOW, file_report, hire, meet_user

pytestmark = pytest.mark.privacy
WHY = "Case 22-CR-1009, preservation letter"
ENDS = "The court released the records"


@pytest.fixture(autouse=True)
def own_ledger(settings: Settings, tmp_path: Path) -> None:
    settings.AUDIT_HEADS = tmp_path / "audit"


@pytest.fixture
def custodian(agency: Agency) -> User:
    return hire("Records Custodian", Role.CUSTODIAN, agency)


def hold(concern: Concern, by: User) -> LegalHold:
    return place_hold(concern_id=concern.pk, reason=WHY, by=Actor.staff(by.pk), now=NOW)


def lift(concern: Concern, by: User) -> LegalHold:
    return lift_hold(concern_id=concern.pk, reason=ENDS, by=Actor.staff(by.pk), now=NOW)


def contact_of(concern: Concern) -> Contact:
    contact = Reporter.objects.select_related("contact").get(concern=concern).contact
    assert contact is not None
    return contact


def erase(concern: Concern) -> bool:
    return erase_or_wait(concern_id=concern.pk, by=Actor.reporter(), now=NOW)


def test_a_held_report_keeps_its_reporter_though_they_ask_to_be_erased(
    told: Concern, custodian: User
) -> None:
    hold(told, custodian)
    with pytest.raises(erasing.OnHold):
        erasing.erase_reporter(concern_id=told.pk, by=Actor.reporter(), now=NOW)
    assert not erase(told)
    assert contact_of(told).ciphertext
    assert Concern.objects.get().level == "confidential"
    waiting = LegalHold.objects.get()
    assert waiting.erasure_asked_on == told.agency.day_of(NOW)
    assert not erase(told), "asking twice is asking once"
    assert Entry.objects.filter(event="CONCERN_ERASURE_WAITS").count() == 1


def test_who_waits_to_be_erased_is_written_to_no_more(
    told: Concern, officer: User, custodian: User
) -> None:
    hold(told, custodian)
    erase(told)
    assert Message.objects.get(contact=contact_of(told)).state == State.SUPERSEDED
    assert not AccessLink.objects.exists()
    by = Actor.staff(officer.pk)
    triage.accept(concern_id=told.pk, seen_version=1, by=by, now=NOW)
    version = Concern.objects.get().version
    words = "A crew comes on Friday."
    triage.reply(concern_id=told.pk, seen_version=version, text=words, by=by, now=NOW)
    sent = Message.objects.filter(contact=contact_of(told)).exclude(state=State.SUPERSEDED)
    assert not sent.exists()


def test_the_wish_is_carried_out_when_the_hold_is_lifted(told: Concern, custodian: User) -> None:
    hold(told, custodian)
    erase(told)
    lifted = lift(told, custodian)
    assert (lifted.lifted_by_id, lifted.lifted_because) == (custodian.pk, ENDS)
    assert not contact_of(told).ciphertext
    assert Concern.objects.get().level == "anonymous"
    assert Concern.objects.get().text == told.text, "what was written stays"


def test_without_such_a_wish_lifting_erases_nothing(told: Concern, custodian: User) -> None:
    hold(told, custodian)
    lift(told, custodian)
    assert contact_of(told).ciphertext
    assert erase(told), "and from then on erasing works as before"
    assert not contact_of(told).ciphertext


def test_what_cannot_be_written_down_leaves_the_hold_in_place(
    told: Concern, custodian: User, settings: Settings, tmp_path: Path
) -> None:
    hold(told, custodian)
    erase(told)
    blocked = tmp_path / "file"
    blocked.write_text("in the way")
    settings.AUDIT_HEADS = blocked / "audit"
    with pytest.raises(erasing.erasures.CannotRemember):
        lift(told, custodian)
    assert LegalHold.objects.open().exists()
    assert contact_of(told).ciphertext


def test_a_report_is_held_once_and_each_step_says_why(told: Concern, custodian: User) -> None:
    hold(told, custodian)
    with pytest.raises(CannotHold):
        hold(told, custodian)
    with pytest.raises(BadWords):
        lift_hold(concern_id=told.pk, reason=" ", by=Actor.staff(custodian.pk), now=NOW)
    lift(told, custodian)
    with pytest.raises(CannotHold):
        lift(told, custodian)
    hold(told, custodian)
    assert LegalHold.objects.open().count() == 1
    events = ("CONCERN_HELD", "CONCERN_HOLD_LIFTED")
    written = Entry.objects.filter(event__in=events).order_by("id")
    assert [entry.event for entry in written] == ["CONCERN_HELD", *reversed(events)]
    assert list(ChangeReason.objects.order_by("id").values_list("text", flat=True)) == [
        WHY,
        ENDS,
        WHY,
    ]


def test_a_held_report_stays_in_the_account_it_is_tied_to(told: Concern, custodian: User) -> None:
    ana = meet_user("Ana")
    adopting.adopt(concern_id=told.pk, account_user_id=ana.pk, by=Actor.reporter(), now=NOW)
    hold(told, custodian)
    with pytest.raises(erasing.OnHold):
        adopting.let_go(concern_id=told.pk, account_user_id=ana.pk, by=Actor.reporter(), now=NOW)
    assert Adoption.objects.exists()


def test_the_clock_deletes_no_absence_of_a_held_report(agency: Agency, custodian: User) -> None:
    asked = file_report(agency).concern
    row = EmptyHome(agency=agency, concern=asked)
    today = agency.day_of(NOW)
    seal_absence(row, Away(today - timedelta(days=90), today - timedelta(days=80), ()))
    row.save()
    hold(asked, custodian)
    assert services.forget_absences(now=NOW) == 0
    assert EmptyHome.objects.exists()
    lift(asked, custodian)
    assert services.forget_absences(now=NOW) == 1
    assert not EmptyHome.objects.exists()


def test_the_database_deletes_no_report_that_was_ever_held(told: Concern, custodian: User) -> None:
    hold(told, custodian)
    statement = "SET CONSTRAINTS ALL IMMEDIATE; DELETE FROM concerns_concern WHERE id = %s"
    with connection.cursor() as cursor, pytest.raises(IntegrityError), transaction.atomic():
        cursor.execute(statement, [told.pk])


def test_the_reporter_is_told_on_their_page_that_it_waits(told: Concern, custodian: User) -> None:
    hold(told, custodian)
    typed = {"pass": new_pass(told.tracking_code), "verb": "erase"}
    page = Client().post("/track/", typed).content.decode()
    assert "A legal hold, such as a court case, delays this." in page
    assert WHY not in page
    assert contact_of(told).ciphertext


def test_the_copy_of_everything_says_that_it_is_held_and_not_why(
    told: Concern, custodian: User
) -> None:
    hold(told, custodian)
    told_of = str(held_about(Concern.objects.get()).as_json())
    assert "2026-11-03" in told_of
    assert WHY not in told_of
