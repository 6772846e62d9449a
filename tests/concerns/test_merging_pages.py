"""Joining at the desk, and what the reporter of a joined report reads."""

import re
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from concerns.actions import linking, merging, splitting, triage
from concerns.actions.intake import Receipt
from concerns.models import Category, Concern, Merge, Part, SeeAlso, WordForAll
from engagement.audit.actors import Actor
from engagement.people.models import IdentityRead, User
from engagement.people.roles import Role
from engagement.places.models import Agency
from tests import worlds

pytestmark = pytest.mark.django_db


@pytest.fixture
def cedar() -> Agency:
    return worlds.agency(now=timezone.now())


@pytest.fixture
def officer(cedar: Agency) -> User:
    return worlds.officer(cedar, now=timezone.now())


@pytest.fixture
def first(cedar: Agency, officer: User) -> Receipt:
    return report(cedar, "The mill wall is covered in purple tags, by the Smiths' gate")


@pytest.fixture
def second(cedar: Agency, officer: User) -> Receipt:
    return report(cedar, "Purple letters all over the underpass since Sunday")


def report(cedar: Agency, text: str, **more: Any) -> Receipt:
    return worlds.reported(cedar, now=timezone.now(), text=text, **more)


def fresh(receipt: Receipt) -> Concern:
    return Concern.objects.get(pk=receipt.concern.pk)


def words_of(page: str) -> str:
    """What a reader sees, without the tokens of forms."""
    return re.sub(r"<[^>]*>", " ", page)


def path(receipt: Receipt, verb: str = "") -> str:
    return f"/desk/concerns/{receipt.concern.staff_reference}/{verb}"


def join(joined: Receipt, into: Receipt, officer: User) -> None:
    one, other = fresh(joined), fresh(into)
    merging.merge(
        concern_id=one.pk,
        seen_version=one.version,
        into_id=other.pk,
        into_version=other.version,
        by=Actor.staff(officer.pk),
        now=timezone.now(),
    )


def press(verb: Any, receipt: Receipt, officer: User, **more: Any) -> Any:
    concern = fresh(receipt)
    shared = {"by": Actor.staff(officer.pk), "now": timezone.now()}
    return verb(concern_id=concern.pk, seen_version=concern.version, **shared, **more)


def follow(receipt: Receipt, **more: str) -> str:
    typed = {"code": receipt.tracking_code, "secret": receipt.secret, **more}
    answer = Client().post("/track/", typed)
    assert answer.status_code == 200
    return answer.content.decode()


def pass_in(page: str) -> str:
    return page.split('name="pass" value="')[1].split('"')[0]


def test_an_officer_looks_at_both_and_joins_them(
    first: Receipt, second: Receipt, officer: User
) -> None:
    client = worlds.signed_in(officer)
    case = client.get(path(second)).content.decode()
    offered = f"{path(second, 'merge/')}?into={first.concern.staff_reference}"
    assert offered in case, "what is near is offered on the case"
    page = client.get(offered).content.decode()
    assert first.concern.text.split(",")[0] in page
    assert second.concern.text in page
    assert Merge.objects.count() == 0
    typed = {
        "seen_version": "1",
        "seen_as": "Received",
        "into": first.concern.staff_reference,
        "into_version": "1",
        "into_as": "Received",
        "reason": "same wall",
    }
    done = client.post(path(second, "merge/"), typed)
    assert done["Location"] == path(first)
    assert fresh(second).outcome == "merged"
    again = client.post(path(second, "merge/"), typed)
    assert again.status_code == 409
    survivor = client.get(path(first)).content.decode()
    assert second.concern.staff_reference in survivor
    joined = client.get(path(second)).content.decode()
    assert path(second, "unmerge/") in joined
    preview = client.get(path(second, "unmerge/"))
    assert preview.status_code == 200
    out = client.post(path(second, "unmerge/"), {"seen_version": str(fresh(second).version)})
    assert out["Location"] == path(second)
    assert fresh(second).state == "received"


@pytest.mark.privacy
def test_a_joined_reporter_reads_how_it_stands_and_nothing_of_the_other(
    first: Receipt, second: Receipt, officer: User
) -> None:
    join(second, first, officer)
    press(triage.accept, first, officer)
    press(triage.reply, first, officer, text="Thank you, Ms Smith.")
    press(triage.ask, first, officer, text="May we enter your gate?")
    press(linking.tell_all, first, officer, text="A crew cleans it on Friday morning.")
    page = follow(second)
    assert "Joined with another report" in page
    assert "Working" in page
    assert "A crew cleans it on Friday morning." in page
    other = fresh(first)
    for hidden in (
        other.text.split(",")[0],
        "Smith",
        "gate",
        other.staff_reference,
        other.tracking_code,
        "Waiting",
        second.concern.staff_reference,
    ):
        assert hidden not in page, hidden
    assert "Friday morning" in follow(first)


@pytest.mark.privacy
def test_the_first_reporter_is_never_told_that_somebody_else_reported_it(
    first: Receipt, second: Receipt, officer: User
) -> None:
    before = follow(first)
    join(second, first, officer)
    after = follow(first)
    assert words_of(before) == words_of(after)
    assert "another report" not in after


def test_a_joined_reporter_answers_and_says_that_theirs_is_not_the_same(
    first: Receipt, second: Receipt, officer: User
) -> None:
    join(second, first, officer)
    opened = pass_in(follow(second))
    client = Client()
    client.post("/track/", {"pass": opened, "verb": "answer", "text": "It is still there."})
    assert fresh(second).replies.count() == 1
    assert fresh(first).unanswered_since is not None
    case = worlds.signed_in(officer).get(path(first)).content.decode()
    assert "wrote and waits for an answer" in case
    refused = client.post("/track/", {"pass": opened, "verb": "not_the_same", "text": ""})
    assert "Write what is different." in refused.content.decode()
    client.post("/track/", {"pass": opened, "verb": "not_the_same", "text": "Mine is the bridge."})
    assert fresh(second).state == "received"
    assert "They work on both together" not in follow(second)


def test_the_parts_of_a_report_are_followed_by_its_one_code(
    cedar: Agency, first: Receipt, officer: User
) -> None:
    client = worlds.signed_in(officer)
    noise = Category.objects.of(cedar).taken().exclude(code="graffiti")[0]
    typed = {"seen_version": "1", "category": str(noise.pk), "text": "Shouting at night by a mill"}
    assert client.post(path(first, "split/"), typed).status_code == 302
    part = Part.objects.get().concern
    assert (part.state, part.category_id) == ("received", noise.pk)
    shared = {"by": Actor.staff(officer.pk), "now": timezone.now()}
    triage.accept(concern_id=part.pk, seen_version=1, **shared)
    triage.ask(concern_id=part.pk, seen_version=2, text="At what hour?", **shared)
    page = follow(first)
    assert "Shouting at night by a mill" in page
    assert "At what hour?" in page
    Client().post("/track/", {"pass": pass_in(page), "verb": "answer", "text": "At three."})
    part.refresh_from_db()
    assert part.state == "working"
    case = client.get(f"/desk/concerns/{part.staff_reference}/").content.decode()
    assert first.concern.staff_reference in case


def test_a_brief_does_not_repeat_the_reporter_and_a_part_has_no_parts(
    first: Receipt, officer: User
) -> None:
    concern = fresh(first)
    with pytest.raises(splitting.CannotSplit) as refused:
        press(
            splitting.split,
            first,
            officer,
            brief=splitting.Brief(concern.text, concern.category_id),
        )
    assert refused.value.reason == "reporters_words"
    brief = splitting.Brief("Two people fight there", concern.category_id)
    part = press(splitting.split, first, officer, brief=brief)
    with pytest.raises(splitting.CannotSplit) as refused:
        splitting.split(
            concern_id=part.pk,
            seen_version=1,
            brief=brief,
            by=Actor.staff(officer.pk),
            now=timezone.now(),
        )
    assert refused.value.reason == "is_part"


def test_a_link_is_read_from_both_ends_and_goes_from_both(
    first: Receipt, second: Receipt, officer: User
) -> None:
    client = worlds.signed_in(officer)
    typed = {
        "seen_version": "1",
        "other": second.concern.staff_reference,
        "reason": "same group",
    }
    assert client.post(path(first, "link/"), typed).status_code == 302
    for one, other in ((first, second), (second, first)):
        page = client.get(path(one, "links/")).content.decode()
        assert "same group" in page
        assert other.concern.staff_reference in page
    again = {**typed, "seen_version": "2"}
    assert client.post(path(first, "link/"), again).status_code == 409
    assert client.post(path(first, "link/"), typed).status_code == 409, "a stale one too"
    gone = {"seen_version": "1", "other": str(first.concern.pk)}
    assert client.post(path(second, "unlink/"), gone).status_code == 302
    assert not SeeAlso.objects.exists()


def test_words_for_all_repeat_nobody_and_need_somebody_joined(
    first: Receipt, second: Receipt, officer: User
) -> None:
    client = worlds.signed_in(officer)
    typed = {"seen_version": "1", "text": "A crew comes."}
    assert client.post(path(first, "tell-all/"), typed).status_code == 409
    join(second, first, officer)
    borrowed = {"seen_version": "2", "text": second.concern.text}
    answer = client.post(path(first, "tell-all/"), borrowed)
    assert answer.status_code == 409
    assert "repeats words of a resident" in answer.content.decode()
    assert not WordForAll.objects.exists()
    sent = client.post(path(first, "tell-all/"), {"seen_version": "2", "text": "A crew comes."})
    assert sent.status_code == 302


@pytest.mark.privacy
def test_the_others_of_a_reporter_need_a_reason_that_is_kept_before_anything_is_read(
    cedar: Agency, first: Receipt
) -> None:
    boss = worlds.officer(cedar, "Boss", role=Role.SUPERVISOR, district=None, now=timezone.now())
    other_boss = worlds.officer(
        cedar, "Second", role=Role.SUPERVISOR, district=None, now=timezone.now()
    )
    known = {"level": "confidential", "email": "ana@home.example"}
    one = report(cedar, "A lamp is out", **known)
    two = report(cedar, "A second lamp is out", **known)
    client = worlds.signed_in(boss)
    short = client.post(path(one, "others/"), {"reason": "so"})
    assert short.status_code == 422
    assert not IdentityRead.objects.exists()
    found = client.post(path(one, "others/"), {"reason": "Repeated calls, check safety"})
    page = found.content.decode()
    assert two.concern.staff_reference in page
    assert first.concern.staff_reference not in page
    assert "ana@home.example" not in page
    assert IdentityRead.objects.get().by_user_id == boss.pk
    refused = client.post(path(first, "others/"), {"reason": "Repeated calls, check safety"})
    assert refused.status_code == 422
    assert IdentityRead.objects.count() == 1, "an anonymous report is not even looked for"
    own = client.get("/desk/concerns/look-ups/").content.decode()
    assert "Repeated calls" not in own
    others = worlds.signed_in(other_boss).get("/desk/concerns/look-ups/").content.decode()
    assert "Repeated calls, check safety" in others
    told = follow(one)
    assert "with a reason on record" in told


@pytest.mark.privacy
def test_looks_for_others_are_limited_for_a_day(cedar: Agency) -> None:
    boss = worlds.officer(cedar, "Boss", role=Role.SUPERVISOR, district=None, now=timezone.now())
    one = report(cedar, "A lamp is out", level="confidential", email="ana@home.example")
    client = worlds.signed_in(boss)
    typed = {"reason": "Repeated calls, check safety"}
    codes = [client.post(path(one, "others/"), typed).status_code for _each in range(21)]
    assert codes == [200] * 20 + [422]
    assert IdentityRead.objects.count() == 20


def test_similar_cases_are_near_of_a_like_kind_and_recent(
    cedar: Agency, first: Receipt, second: Receipt, officer: User
) -> None:
    near = report(cedar, "Tags again", lon=worlds.LON + 0.0105)
    far = report(cedar, "Tags far away", lon=worlds.LON + 0.015)
    lamp = report(cedar, "A lamp", category="noise")
    press(triage.close, second, officer, outcome="no_action", words="Done.")
    Concern.objects.filter(pk=second.concern.pk).update(received_on="2020-01-01")
    page = worlds.signed_in(officer).get(path(first)).content.decode()
    similar = page.split("Similar near by")[1].split("</ul>")[0]
    assert near.concern.staff_reference in similar
    for other in (far, lamp, second):
        assert other.concern.staff_reference not in similar


def test_cases_with_all_that_belongs_to_them_cost_no_more_questions(
    cedar: Agency, first: Receipt, second: Receipt, officer: User
) -> None:
    client = worlds.signed_in(officer)

    def questions() -> int:
        client.get(path(first))
        with CaptureQueriesContext(connection) as asked:
            assert client.get(path(first)).status_code == 200
        return len(asked)

    before = questions()
    join(second, first, officer)
    press(
        splitting.split,
        first,
        officer,
        brief=splitting.Brief("Shouting", fresh(first).category_id),
    )
    press(linking.link, first, officer, other_id=second.concern.pk, reason="same group")
    assert questions() == before
