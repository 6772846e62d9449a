from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from concerns import notice_kinds, notices
from concerns.actions import following, opening, triage
from concerns.actions.opening import LinkState, link_state, open_by_code, open_by_link
from concerns.links import token_digest
from concerns.models import AccessLink, Concern, Reply, StatusChange
from engagement.audit.actors import Actor
from engagement.audit.models import Entry
from engagement.keys.moments import floor_to_hour
from engagement.outbox.models import Message
from engagement.people.models import User
from engagement.places.models import Agency
from tests.concerns.conftest import NOW, file_report
from tests.concerns.test_triage import DAY, resolved

REPORTER = Actor.reporter()


def test_code_and_secret_open_the_report_however_they_are_typed(agency: Agency) -> None:
    receipt = file_report(agency)
    code, secret = receipt.tracking_code, receipt.secret
    for typed in (code, code.lower(), f" {code[:4]}-{code[4:]} "):
        assert open_by_code(code=typed, secret=secret) == receipt.concern
    assert open_by_code(code=code, secret=secret.replace("-", " ").lower()) == receipt.concern


@pytest.mark.parametrize("code", ["right", "unknown", "nonsense", ""])
@pytest.mark.parametrize("secret", ["0" * 20, "nonsense", ""])
def test_a_wrong_secret_and_an_unknown_code_cost_and_say_the_same(
    agency: Agency, code: str, secret: str
) -> None:
    known = file_report(agency).tracking_code
    typed = {"right": known, "unknown": "7K3M9QXT2C"}.get(code, code)
    with CaptureQueriesContext(
        connection,
    ) as asked:
        assert open_by_code(code=typed, secret=secret) is None
    assert len(asked) == 1


def test_the_staff_reference_opens_nothing(agency: Agency) -> None:
    receipt = file_report(agency)
    assert open_by_code(code=receipt.concern.staff_reference, secret=receipt.secret) is None


def mailed_link(concern: Concern, *, minutes: int = 30) -> str:
    AccessLink.objects.create(
        agency=concern.agency,
        concern=concern,
        token_digest=token_digest("token-of-the-mail"),
        expires_at=NOW + timedelta(minutes=minutes),
    )
    return "token-of-the-mail"


def test_a_mailed_link_opens_once(told: Concern) -> None:
    token = mailed_link(told)
    assert link_state(token=token, now=NOW) == LinkState.GOOD
    assert link_state(token=token, now=NOW) == LinkState.GOOD, "looking does not spend it"
    assert open_by_link(token=token, now=NOW) == told
    assert open_by_link(token=token, now=NOW) is None
    assert link_state(token=token, now=NOW) == LinkState.OVER
    assert link_state(token="guessed", now=NOW) == LinkState.UNKNOWN


def test_a_link_that_ran_out_sends_one_new_mail(told: Concern) -> None:
    token = mailed_link(told)
    late = NOW + timedelta(minutes=31)
    assert open_by_link(token=token, now=late) is None
    for _press in range(3):
        opening.ask_for_fresh_link(token=token, now=late)
    opening.ask_for_fresh_link(token="guessed", now=late)
    assert Message.objects.filter(kind=notices.FRESH_LINK).count() == 1


def test_a_link_that_still_works_sends_no_mail(told: Concern) -> None:
    opening.ask_for_fresh_link(token=mailed_link(told), now=NOW)
    assert not Message.objects.filter(kind=notices.FRESH_LINK).exists()


def test_the_mail_holds_a_link_minted_at_sending_and_nothing_of_the_report(
    told: Concern,
) -> None:
    message = Message.objects.get(kind=notices.RECEIVED)
    assert not AccessLink.objects.exists()
    context = notice_kinds._reporter_context(message)
    assert AccessLink.objects.get().concern == told
    assert told.tracking_code not in str(context)
    assert told.text not in str(context)


def test_the_reporter_reopens_once_and_the_owner_is_told(concern: Concern, officer: User) -> None:
    resolved(concern, officer)
    again = following.reopen(concern_id=concern.pk, text="It is back", by=REPORTER, now=NOW + DAY)
    assert (again.state, again.outcome, again.resolved_at) == ("working", "", None)
    assert Message.objects.filter(
        kind=notices.REPORTER_WROTE, contact_id=officer.contact_id
    ).exists()
    triage.resolve(
        concern_id=again.pk,
        seen_version=again.version,
        outcome="fixed",
        words="Again",
        by=Actor.staff(officer.pk),
        now=NOW + 2 * DAY,
    )
    with pytest.raises(following.CannotReopen):
        following.reopen(concern_id=concern.pk, text="Still", by=REPORTER, now=NOW + 3 * DAY)
    assert Concern.objects.get().state == "resolved"


def test_after_fourteen_days_staff_decide(concern: Concern, officer: User) -> None:
    resolved(concern, officer)
    with pytest.raises(following.CannotReopen):
        following.reopen(concern_id=concern.pk, text="It is back", by=REPORTER, now=NOW + 14 * DAY)


def test_taking_a_report_back_closes_it_and_takes_it_off_the_public_pages(
    concern: Concern, officer: User
) -> None:
    taken = triage.accept(
        concern_id=concern.pk, seen_version=1, by=Actor.staff(officer.pk), now=NOW
    )
    assert taken.public is not None
    gone = following.withdraw(concern_id=concern.pk, by=REPORTER, now=NOW)
    assert (gone.state, gone.outcome, gone.public) == ("closed", "withdrawn", None)
    assert not type(taken.public).objects.exists()
    with pytest.raises(following.CannotWithdraw):
        following.withdraw(concern_id=concern.pk, by=REPORTER, now=NOW)


def test_the_reporters_word_closes_a_resolved_concern(concern: Concern, officer: User) -> None:
    resolved(concern, officer)
    done = following.confirm_fixed(concern_id=concern.pk, by=REPORTER, now=NOW)
    assert (done.state, done.outcome) == ("closed", "fixed")


def withdrawn(concern: Concern) -> object:
    return following.withdraw(concern_id=concern.pk, by=REPORTER, now=NOW)


def answered(concern: Concern) -> object:
    return following.answer(concern_id=concern.pk, text="One more thing", by=REPORTER, now=NOW)


@pytest.mark.parametrize("act", [withdrawn, answered])
def test_whatever_a_reporter_does_is_known_to_the_hour_and_by_no_name(
    concern: Concern, act: Callable[[Concern], object]
) -> None:
    act(concern)
    for entry in Entry.objects.filter(subject_reference=concern.staff_reference):
        assert (entry.actor_kind, entry.actor_user_id) == ("reporter", None)
        assert entry.at == floor_to_hour(NOW)
    for row in [*StatusChange.objects.all(), *Reply.objects.all()]:
        assert row.at == floor_to_hour(NOW)
        assert row.by_user_id is None


def test_reloading_the_page_does_not_say_it_twice(concern: Concern) -> None:
    for _reload in range(2):
        following.answer(concern_id=concern.pk, text="By the door", by=REPORTER, now=NOW)
    assert Reply.objects.count() == 1
    assert Concern.objects.get().version == 2


def test_only_the_reporter_speaks_as_the_reporter(concern: Concern, officer: User) -> None:
    with pytest.raises(ValueError, match="reporter"):
        following.answer(concern_id=concern.pk, text="Not me", by=Actor.staff(officer.pk), now=NOW)
    assert not Reply.objects.exists()
