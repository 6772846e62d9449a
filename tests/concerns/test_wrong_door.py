"""The wrong door: marked, paged until somebody takes over, called, ended; hidden meanwhile."""

from datetime import timedelta

import pytest

from concerns.actions import paging, public_side, publishing, triage, wrong_door
from concerns.actions.exporting import held_about
from concerns.actions.outside_numbers import add_number
from concerns.models import Concern, DutyShift, WrongDoor, WrongDoorPage
from concerns.published.models import PublicConcern
from concerns.wrong_doors import NeedsNumber, is_wrong_door
from engagement.audit.actors import Actor
from engagement.outbox.models import Message
from engagement.people.models import Contact, User
from engagement.people.roles import Role
from engagement.places.models import Agency
from engagement.places.wording import Wording
from tests.concerns.conftest import NOW, area_of, category_of, file_report, hire

pytestmark = pytest.mark.django_db
MINUTES = timedelta(minutes=1)


@pytest.fixture
def first(agency: Agency) -> User:
    return hire("Sergeant First", Role.SUPERVISOR, agency)


@pytest.fixture
def second(agency: Agency) -> User:
    return hire("Sergeant Second", Role.SUPERVISOR, agency)


@pytest.fixture
def third(agency: Agency) -> User:
    return hire("Sergeant Third", Role.SUPERVISOR, agency)


def mark(concern: Concern, officer: User, kind: str = "abuse") -> WrongDoor:
    return wrong_door.mark(concern_id=concern.pk, kind=kind, by=Actor.staff(officer.pk), now=NOW)


def on_duty(user: User, agency: Agency, *, since: int = 1, phone: str = "") -> DutyShift:
    return paging.put_on_duty(
        agency=agency,
        user_id=user.pk,
        from_at=NOW - timedelta(hours=since),
        until_at=NOW + timedelta(hours=8),
        phone=phone,
        by=Actor.staff(user.pk),
        now=NOW,
    )


def paged(round_number: int) -> set[str]:
    return set(
        WrongDoorPage.objects.filter(round=round_number).values_list("user__name", flat=True)
    )


def waiting_mails() -> set[str]:
    found = Message.objects.filter(kind="concerns.wrong_door", state="planned")
    return set(found.values_list("contact__account__name", flat=True))


def test_the_supervisor_on_duty_is_paged_and_nobody_else(
    agency: Agency, concern: Concern, officer: User, first: User, second: User
) -> None:
    on_duty(second, agency)
    mark(concern, officer)
    assert paged(1) == {"Sergeant Second"}
    assert waiting_mails() == {"Sergeant Second"}


def test_the_number_of_the_shift_gets_a_text(
    agency: Agency, concern: Concern, officer: User, first: User
) -> None:
    on_duty(first, agency, phone="+13145550100")
    mark(concern, officer)
    channels = Message.objects.filter(kind="concerns.wrong_door").values_list("channel", flat=True)
    assert sorted(channels) == ["email", "text"]


def test_the_next_is_paged_until_somebody_takes_over(
    agency: Agency, concern: Concern, officer: User, first: User, second: User, third: User
) -> None:
    on_duty(first, agency, since=3)
    on_duty(second, agency, since=2)
    found = mark(concern, officer)
    assert paging.page_again(now=NOW + 4 * MINUTES) == 0
    assert paging.page_again(now=NOW + 5 * MINUTES) == 1
    assert paged(2) == {"Sergeant First", "Sergeant Second"}
    assert paging.page_again(now=NOW + 10 * MINUTES) == 1
    assert paged(3) == {"Sergeant First", "Sergeant Second", "Sergeant Third"}
    assert paging.page_again(now=NOW + 20 * MINUTES) == 0
    assert paging.page_again(now=NOW + 25 * MINUTES) == 1
    by = Actor.staff(third.pk)
    assert wrong_door.take_over(mark_id=found.pk, by=by, now=NOW + 26 * MINUTES)
    assert not wrong_door.take_over(
        mark_id=found.pk, by=Actor.staff(first.pk), now=NOW + 27 * MINUTES
    )
    assert paging.page_again(now=NOW + 99 * MINUTES) == 0
    assert waiting_mails() == set()
    found.refresh_from_db()
    assert found.accepted_by_id == third.pk


def test_with_nobody_on_duty_all_supervisors_are_paged_at_once(
    concern: Concern, officer: User, first: User, second: User
) -> None:
    mark(concern, officer)
    assert paged(1) == {"Sergeant First", "Sergeant Second"}
    assert not WrongDoorPage.objects.filter(is_on_duty=True).exists()


@pytest.mark.privacy
def test_only_supervisors_who_may_read_the_case_are_paged(
    agency: Agency, officer: User, first: User
) -> None:
    hire("Sergeant East", Role.SUPERVISOR, agency, area_of(agency, "district", "east"))
    private = file_report(agency, code="suspicious").concern
    mark(private, officer)
    assert paged(1) == {"Sergeant First"}


def test_marking_twice_is_one_mark(concern: Concern, officer: User, first: User) -> None:
    assert mark(concern, officer).pk == mark(concern, officer).pk
    assert WrongDoorPage.objects.count() == 1


def published(concern: Concern, officer: User) -> Concern:
    by = Actor.staff(officer.pk)
    return triage.accept(concern_id=concern.pk, seen_version=concern.version, by=by, now=NOW)


@pytest.mark.privacy
def test_a_published_page_is_gone_at_once_and_cannot_come_back(
    concern: Concern, officer: User, first: User
) -> None:
    assert published(concern, officer).public is not None
    found = mark(concern, officer)
    assert not PublicConcern.objects.exists()
    concern.refresh_from_db()
    with pytest.raises(public_side.CannotPublish) as refusal:
        publishing.preview(concern, summary=Wording({"en": "A wall was painted."}))
    assert refusal.value.reason == "wrong_door"
    by = Actor.staff(first.pk)
    wrong_door.end(mark_id=found.pk, ending="mistake", reason="Misread it", by=by, now=NOW)
    assert publishing.preview(concern, summary=Wording({"en": "A wall was painted."}))


def test_accepting_a_marked_case_publishes_nothing(
    concern: Concern, officer: User, first: User
) -> None:
    mark(concern, officer, "danger")
    concern.refresh_from_db()
    assert published(concern, officer).public is None


def test_handled_abuse_stays_hidden_and_a_handled_crime_does_not(
    concern: Concern, officer: User, first: User
) -> None:
    by, now = Actor.staff(officer.pk), NOW
    for kind, hides in (("crime", False), ("abuse", True)):
        found = mark(concern, officer, kind)
        with pytest.raises(wrong_door.CannotEnd) as refusal:
            wrong_door.end(mark_id=found.pk, ending="handled", reason="", by=by, now=now)
        assert refusal.value.reason == "no_call"
        wrong_door.write_down_call(
            mark_id=found.pk, whom="Hotline", number="1-800", line="", by=by, now=now
        )
        wrong_door.end(mark_id=found.pk, ending="handled", reason="", by=by, now=now)
        assert is_wrong_door(concern) is hides


def test_a_mistake_needs_a_reason(concern: Concern, officer: User, first: User) -> None:
    found = mark(concern, officer)
    by = Actor.staff(officer.pk)
    with pytest.raises(wrong_door.CannotEnd):
        wrong_door.end(mark_id=found.pk, ending="mistake", reason="  ", by=by, now=NOW)
    assert is_wrong_door(concern)


@pytest.fixture
def crime(concern: Concern, officer: User, first: User) -> Concern:
    mark(concern, officer, "crime")
    concern.refresh_from_db()
    return published(concern, officer)


def finish(concern: Concern, officer: User) -> Concern:
    concern.refresh_from_db()
    return triage.close(
        concern_id=concern.pk,
        seen_version=concern.version,
        outcome="referred",
        words="Handed on.",
        by=Actor.staff(officer.pk),
        now=NOW,
    )


def test_a_crime_is_closed_with_a_report_number(crime: Concern, officer: User) -> None:
    with pytest.raises(NeedsNumber):
        finish(crime, officer)
    by = Actor.staff(officer.pk)
    add_number(concern_id=crime.pk, system="cad", number="26-1", by=by, now=NOW)
    with pytest.raises(NeedsNumber):
        finish(crime, officer)
    add_number(concern_id=crime.pk, system="rms", number="26-1", by=by, now=NOW)
    assert finish(crime, officer).state == "closed"


def test_or_with_a_reason_why_there_is_none(crime: Concern, officer: User) -> None:
    by = Actor.staff(officer.pk)
    reason = "The owner gave leave."
    assert wrong_door.explain_no_number(concern_id=crime.pk, reason=reason, by=by, now=NOW)
    assert finish(crime, officer).state == "closed"


@pytest.mark.privacy
def test_nothing_that_the_reporter_can_have_tells_of_a_mark(
    agency: Agency, officer: User, first: User
) -> None:
    """Not even by something that is left out: two reports differ in the mark alone."""
    plain = file_report(agency, submission_key="a").concern
    marked = file_report(agency, submission_key="b").concern
    mark(marked, officer, "crime")
    by = Actor.staff(officer.pk)
    add_number(concern_id=marked.pk, system="rms", number="26-1", by=by, now=NOW)

    def told(concern: Concern) -> str:
        concern.refresh_from_db()
        return str(held_about(concern).as_json()).replace(concern.tracking_code, "CODE")

    assert told(marked) == told(plain)
    assert not Message.objects.filter(
        subject_reference=marked.staff_reference, kind__in=["concerns.news"]
    ).exists()


def test_a_shift_that_is_over_leaves_no_number(agency: Agency, first: User) -> None:
    shift = on_duty(first, agency, phone="+13145550100")
    assert paging.forget_shifts(now=NOW + timedelta(days=31)) == 1
    assert not DutyShift.objects.exists()
    assert not bytes(Contact.objects.get(pk=shift.contact_id).ciphertext)


def test_only_a_supervisor_is_put_on_duty_and_for_two_weeks_at_most(
    agency: Agency, officer: User, first: User
) -> None:
    with pytest.raises(paging.CannotChangeDuty):
        on_duty(officer, agency)
    with pytest.raises(paging.CannotChangeDuty):
        on_duty(first, agency, since=24 * 20)
    assert category_of(agency, "graffiti")
