"""What waits for a judgement, decided for reasons that everyone can read and no view can be."""

import json
from datetime import datetime

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone

from concerns.actions import asking, moderating, publishing, triage
from concerns.actions.spam import suspect
from concerns.models import (
    Concern,
    Flag,
    ModerationDecision,
    ModerationReason,
    RemovalRequest,
    Reply,
)
from concerns.models.moderation import Ground
from engagement.audit.actors import Actor
from engagement.audit.models import Entry
from engagement.audit.together import Together
from engagement.people.models import User
from engagement.people.roles import Role
from engagement.places.models import Agency
from engagement.places.wording import Wording
from tests import worlds
from tests.concerns.conftest import area_of, file_report, hire

pytestmark = pytest.mark.django_db
VIEWS = ("opinion", "criticism", "politic", "viewpoint", "attitude")


@pytest.fixture
def moderator(agency: Agency) -> User:
    return hire("Moderator", Role.MODERATOR, agency)


def reason(agency: Agency, code: str) -> ModerationReason:
    return ModerationReason.objects.get(agency=agency, code=code)


def published(concern: Concern, by: User, now: datetime) -> Concern:
    actor = Actor.staff(by.pk)
    triage.accept(concern_id=concern.pk, seen_version=1, by=actor, now=now)
    concern.refresh_from_db()
    if concern.public is None:
        publishing.publish(
            concern_id=concern.pk,
            seen_version=concern.version,
            summary=Wording({"en": "Paint is removed."}),
            update=None,
            by=actor,
            now=now,
        )
        concern.refresh_from_db()
    return concern


def test_the_usual_reasons_are_bilingual_and_rest_on_no_view(agency: Agency) -> None:
    reasons = list(ModerationReason.objects.filter(agency=agency).order_by("id"))
    assert len(reasons) >= 8
    assert {one.outcome for one in reasons} == {"taken_down", "kept"}
    for one in reasons:
        assert set(one.label.as_dict()) == set(one.explanation.as_dict()) == {"en", "es"}
    assert not any(view in ground for ground in Ground.values for view in VIEWS)
    wanted = reasons[0]
    wanted.ground = "viewpoint"
    with pytest.raises(IntegrityError), transaction.atomic():
        wanted.save()


def test_everyone_reads_the_list_and_how_to_appeal(agency: Agency) -> None:
    Agency.objects.filter(pk=agency.pk).update(is_default=True)
    own = reason(agency, "advertising")
    own.explanation = Wording({"en": "It sells gutters.", "es": "Vende canaletas."})
    own.save()
    page = Client().get("/help/moderation/").content.decode()
    assert "It sells gutters." in page
    assert "praise and blame" in page
    assert "Somebody else than the first person" in page
    assert "/help/moderation/" in Client().get("/help/").content.decode()


def test_a_wish_is_decided_with_a_reason_in_the_reporters_language(
    agency: Agency, officer: User, moderator: User, now: datetime
) -> None:
    concern = file_report(agency, language="es", now=timezone.now()).concern
    by = Actor.reporter()
    asking.ask_removal(concern_id=concern.pk, text="Quiten mi nombre", by=by, now=timezone.now())
    concern.refresh_from_db()
    desk = worlds.signed_in(moderator)
    assert "Quiten mi nombre" in desk.get("/desk/moderation/").content.decode()
    chosen = reason(agency, "removed-on-request")
    desk.post(
        f"/desk/moderation/removals/{concern.staff_reference}/",
        {"reason": str(chosen.pk), "seen_version": str(concern.version)},
    )
    answered = RemovalRequest.objects.get()
    assert answered.answer.startswith("Usted lo pidió y las palabras no hacen falta.")
    assert answered.answered_by == moderator
    assert ModerationDecision.objects.get().reason == chosen
    assert Entry.objects.filter(event="CONCERN_MODERATED").exists()


def test_a_second_look_is_another_persons(
    agency: Agency, concern: Concern, moderator: User, now: datetime
) -> None:
    kept = reason(agency, "needed")
    for person, is_let in (
        (moderator, True),
        (moderator, False),
        (hire("B", Role.SUPERVISOR, agency), True),
    ):
        asking.ask_removal(concern_id=concern.pk, text="Again", by=Actor.reporter(), now=now)
        concern.refresh_from_db()
        decide = {
            "concern_id": concern.pk,
            "seen_version": concern.version,
            "reason_id": kept.pk,
            "by": Actor.staff(person.pk),
            "now": now,
        }
        if is_let:
            moderating.decide_removal(**decide)  # type: ignore[arg-type]
        else:
            with pytest.raises(moderating.NeedsAnother):
                moderating.decide_removal(**decide)  # type: ignore[arg-type]
    assert ModerationDecision.objects.count() == 2


def test_flagged_public_words_are_taken_off_and_the_reporter_reads_why(
    agency: Agency, concern: Concern, officer: User, moderator: User
) -> None:
    now = timezone.now()
    published(concern, officer, now)
    desk = worlds.signed_in(officer)
    page = f"/desk/concerns/{concern.staff_reference}/"
    assert 'id="flag"' in desk.get(page).content.decode()
    desk.post(f"{page}flag/", {"what": "words", "why": "It names the owner."})
    desk.post(f"{page}flag/", {"what": "words", "why": "Twice."})
    flag = Flag.objects.get()
    assert worlds.signed_in(officer).get("/desk/moderation/").status_code == 404
    desk = worlds.signed_in(moderator)
    assert "It names the owner." in desk.get("/desk/moderation/").content.decode()
    address = f"/desk/moderation/flags/{flag.pk}/"
    desk.post(address, {"reason": ""})
    flag.refresh_from_db()
    assert flag.decision is None
    desk.post(address, {"reason": str(reason(agency, "names-somebody").pk)})
    concern.refresh_from_db()
    assert concern.public is None
    told = Reply.objects.get(concern=concern)
    assert "It tells who somebody is" in told.text
    assert "somebody else then looks at it" in told.text
    desk.post(address, {"reason": str(reason(agency, "no-reason").pk)})
    assert ModerationDecision.objects.count() == 1


def test_what_no_reason_fits_stays_public(
    agency: Agency, concern: Concern, officer: User, moderator: User, now: datetime
) -> None:
    published(concern, officer, now)
    by = Actor.staff(officer.pk)
    flag = moderating.flag(concern_id=concern.pk, what="words", why="Rude.", by=by, now=now)
    moderating.decide_flag(
        flag_id=flag.pk,
        reason_id=reason(agency, "no-reason").pk,
        by=Actor.staff(moderator.pk),
        now=now,
    )
    concern.refresh_from_db()
    assert concern.public is not None
    assert not Reply.objects.exists()


def test_a_report_closed_as_spam_tells_its_reporter_the_reason(
    agency: Agency, concern: Concern, moderator: User, now: datetime
) -> None:
    writes = Together()
    with transaction.atomic():
        suspect(concern, ["links"], at=now, writes=writes)
        writes.send()
    desk = worlds.signed_in(moderator)
    listed = desk.get("/desk/concerns/suspected/").content.decode()
    assert "Nobody can make out what it is about" in listed
    desk.post(
        "/desk/concerns/suspected/judge/",
        {
            "verb": "spam",
            "reference": concern.staff_reference,
            "reason": str(reason(agency, "unclear").pk),
        },
    )
    concern.refresh_from_db()
    assert (concern.state, concern.outcome) == ("closed", "spam")
    assert "Nobody can make out what it is about" in Reply.objects.get().text
    assert ModerationDecision.objects.get().what == "spam"


def test_another_agencys_reasons_flags_and_wishes_are_out_of_reach(
    agency: Agency, elsewhere: Agency, concern: Concern, officer: User, now: datetime
) -> None:
    published(concern, officer, now)
    by = Actor.staff(officer.pk)
    flag = moderating.flag(concern_id=concern.pk, what="words", why="Look.", by=by, now=now)
    asking.ask_removal(concern_id=concern.pk, text="Canary wish", by=Actor.reporter(), now=now)
    foreign = hire("Foreign", Role.MODERATOR, elsewhere)
    desk = worlds.signed_in(foreign)
    assert "Canary wish" not in desk.get("/desk/moderation/").content.decode()
    chosen = {"reason": str(reason(elsewhere, "advertising").pk)}
    assert desk.post(f"/desk/moderation/flags/{flag.pk}/", chosen).status_code == 404
    removal = f"/desk/moderation/removals/{concern.staff_reference}/"
    assert desk.post(removal, chosen).status_code == 404
    with pytest.raises(moderating.CannotDecide):
        moderating.decide_flag(
            flag_id=flag.pk, reason_id=reason(elsewhere, "advertising").pk, by=by, now=now
        )


@pytest.mark.parametrize(("code", "is_let"), [("east", False), ("west", True)])
def test_whoever_moderates_one_area_judges_nothing_of_another(
    agency: Agency, concern: Concern, officer: User, now: datetime, code: str, is_let: bool
) -> None:
    published(concern, officer, now)
    by = Actor.staff(officer.pk)
    flag = moderating.flag(concern_id=concern.pk, what="words", why="Look.", by=by, now=now)
    asking.ask_removal(concern_id=concern.pk, text="Canary wish", by=Actor.reporter(), now=now)
    area = area_of(agency, "district", code)
    desk = worlds.signed_in(hire("Of one area", Role.SUPERVISOR, agency, area))
    assert ("Canary wish" in desk.get("/desk/moderation/").content.decode()) is is_let
    said = 302 if is_let else 404
    chosen = {"reason": str(reason(agency, "needed").pk), "seen_version": "0"}
    assert desk.post(f"/desk/moderation/flags/{flag.pk}/", chosen).status_code == said
    removal = f"/desk/moderation/removals/{concern.staff_reference}/"
    assert desk.post(removal, chosen).status_code == said


def test_the_usual_list_names_only_known_grounds() -> None:
    usual = json.loads(moderating.USUAL.read_text(encoding="utf-8"))
    assert {one["ground"] for one in usual} <= set(Ground.values)
