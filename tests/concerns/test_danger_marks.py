"""A report whose words call for help: marked however it came, and first at the desk."""

import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from concerns.actions import triage
from concerns.actions.danger import mark_of, phrases_of, usual_phrases
from concerns.models import Concern, DangerPhrases
from engagement.audit.actors import Actor
from engagement.people.models import User
from engagement.people.roles import Role
from engagement.places.models import Agency
from tests import worlds
from tests.concerns.conftest import file_report, found_agency
from tests.databases import analyse

pytestmark = pytest.mark.django_db

GUN = "There is a man with a gun by the swings"


@pytest.fixture
def cedar() -> Agency:
    return worlds.agency(now=timezone.now())


@pytest.fixture
def officer(cedar: Agency) -> User:
    return worlds.officer(cedar, now=timezone.now())


@pytest.fixture
def desk(officer: User) -> Client:
    return worlds.signed_in(officer)


def filed(cedar: Agency, number: int = 1, **changes: object) -> list[Concern]:
    return [worlds.reported(cedar, now=timezone.now(), **changes).concern for _ in range(number)]


def references(desk: Client, query: str = "") -> list[str]:
    answer = desk.get(f"/desk/concerns/{query}")
    return references_in(answer.context["rows"])


def references_in(rows: str) -> list[str]:
    """The cases that printed rows lead to, in their order."""
    found = re.findall(r"/desk/concerns/([0-9A-Z]{10})/", "".join(rows))
    return list(dict.fromkeys(found))


@pytest.mark.parametrize("channel", ["web", "phone", "in_person"])
def test_a_report_is_marked_whichever_way_it_came(cedar: Agency, channel: str) -> None:
    (concern,) = filed(cedar, text=GUN, channel=channel)
    concern.refresh_from_db()
    assert concern.danger == "danger"


def test_an_everyday_report_has_no_mark(cedar: Agency) -> None:
    (concern,) = filed(cedar)
    concern.refresh_from_db()
    assert concern.danger == ""


def test_a_report_sent_twice_keeps_its_one_mark() -> None:
    agency = found_agency("riverton")
    first = file_report(agency, text=GUN).concern
    second = file_report(agency, text=GUN).concern
    assert first.pk == second.pk
    assert Concern.objects.get().danger == "danger"


def test_marked_reports_stand_first_until_somebody_accepts_them(
    cedar: Agency, officer: User, desk: Client
) -> None:
    (old,) = filed(cedar, text=GUN)
    newer = filed(cedar, 3)
    assert references(desk)[0] == old.staff_reference
    assert len(references(desk)) == 4
    page = desk.get("/desk/concerns/").content.decode()
    assert '<span class="tag tag--danger">Danger now</span>' in page
    triage.accept(concern_id=old.pk, seen_version=1, by=Actor.staff(officer.pk), now=timezone.now())
    expected = [concern.staff_reference for concern in reversed([old, *newer])]
    assert references(desk) == expected
    assert "Danger now" in desk.get("/desk/concerns/").content.decode()


def test_each_report_stands_on_one_page_exactly_once(
    cedar: Agency, desk: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("concerns.views.desk_queue.PAGE_SIZE", 3)
    everyday, marked = filed(cedar, 4), filed(cedar, 2, text=GUN)
    everyday += filed(cedar, 3)
    met: list[str] = []
    address: str | None = "/desk/concerns/"
    pages = 0
    while address:
        answer = desk.get(address)
        met += references_in(answer.context["rows"])
        address = answer.context["older_url"]
        pages += 1
    assert pages == 3
    assert met == [c.staff_reference for c in [*reversed(marked), *reversed(everyday)]]
    # And back again: the top page has them too, by whichever way one comes to it.
    back = answer.context["newer_url"]
    while back:
        answer = desk.get(back)
        back = answer.context["newer_url"]
    assert references_in(answer.context["rows"])[:2] == met[:2]


def test_a_flood_of_marked_reports_has_a_tab_of_its_own(
    cedar: Agency, desk: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("concerns.views.desk_queue.MOST_FIRST", 2)
    marked = filed(cedar, 3, text=GUN)
    (everyday,) = filed(cedar)
    assert references(desk) == [
        marked[2].staff_reference,
        marked[1].staff_reference,
        everyday.staff_reference,
    ]
    assert "read them all" in desk.get("/desk/concerns/").content.decode()
    tab = references(desk, "?show=first")
    assert tab == [concern.staff_reference for concern in reversed(marked)]


def test_they_are_found_by_an_index_of_just_these(cedar: Agency) -> None:
    filed(cedar, 30)
    filed(cedar, 2, text=GUN)
    analyse("concerns_concern")
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        wanted = Concern.objects.filter(agency=cedar).calls_for_help().newest_first()[:21]
        assert "unread_danger_newest" in wanted.explain()


def test_the_queue_asks_little_with_and_without_marks(cedar: Agency, desk: Client) -> None:
    filed(cedar, 2)
    desk.get("/desk/concerns/")

    def questions() -> int:
        with CaptureQueriesContext(connection) as asked:
            desk.get("/desk/concerns/")
        return len(asked)

    few = questions()
    filed(cedar, 5, text=GUN)
    # Who is marked is asked only where somebody is.
    assert questions() == few + 1 <= 12
    filed(cedar, 5, text=GUN)
    assert questions() == few + 1


def test_an_agency_begins_with_the_usual_phrases_and_keeps_its_own(cedar: Agency) -> None:
    worded = {(row.line, row.language) for row in DangerPhrases.objects.filter(agency=cedar)}
    assert worded == set(usual_phrases()) or worded == set()
    DangerPhrases.objects.update_or_create(
        agency=cedar, line="danger", language="en", defaults={"phrases": "purple smoke\n\n"}
    )
    assert mark_of(["Purple smoke again"], phrases=phrases_of(cedar)) == "danger"
    assert mark_of([GUN], phrases=phrases_of(cedar)) == ""
    assert mark_of(["I want to die"], phrases=phrases_of(cedar)) == "crisis"
    DangerPhrases.objects.filter(agency=cedar).delete()
    assert mark_of([GUN], phrases=phrases_of(cedar)) == "danger"


def test_both_languages_count_in_either(cedar: Agency) -> None:
    (concern,) = filed(cedar, text="Tiene una pistola", language="en")
    assert concern.danger == "danger"
    assert len({phrase.line for phrase in phrases_of(cedar)}) == 8


def test_no_phrase_is_made_of_two_texts(cedar: Agency) -> None:
    assert mark_of(["He has a", "gun safe to give away"], phrases=phrases_of(cedar)) == ""


def test_the_phrases_are_handed_out_without_a_question_about_the_text(
    client: Client, cedar: Agency
) -> None:
    answer = client.get(reverse("report_phrases"), {"agency": cedar.slug})
    lists = dict(answer.json())
    assert next(iter(lists)) == "danger"
    assert "not breathing" in lists["danger"]
    assert "gun/machete" not in str(lists["crisis"])
    assert answer["Cache-Control"] == "public, max-age=3600"
    assert client.get(reverse("report_phrases"), {"agency": cedar.slug, "text": "x"}).json() == (
        answer.json()
    )


def test_the_page_of_a_case_says_it_too(cedar: Agency, desk: Client) -> None:
    (concern,) = filed(cedar, text="I want to die")
    page = desk.get(f"/desk/concerns/{concern.staff_reference}/").content.decode()
    assert '<span class="tag tag--danger">A crisis: suicide, overdose</span>' in page


def test_the_desks_first_page_lists_them_before_what_is_due(cedar: Agency, desk: Client) -> None:
    (marked,) = filed(cedar, text=GUN)
    filed(cedar, 3)
    todo = desk.get("/desk/").context["casework"]["todo"]
    assert todo[0].reference == marked.staff_reference
    assert len({row.reference for row in todo}) == 4


def test_a_call_for_help_is_on_everybodys_first_page_also_when_it_is_anothers(
    cedar: Agency,
) -> None:
    boss = worlds.officer(cedar, role=Role.SUPERVISOR, district=None, now=timezone.now())
    (marked,) = filed(cedar, text=GUN)
    filed(cedar, 12)
    found = worlds.signed_in(boss).get("/desk/").context["casework"]
    assert found["newest"][0].reference == marked.staff_reference
    assert (found["tiles"][0]["count"], found["tiles"][0]["url"]) == (
        1,
        "/desk/concerns/?show=first",
    )
    assert found["todo"] == []


def test_a_new_list_that_says_nothing_begins_with_the_usual_phrases(cedar: Agency) -> None:
    DangerPhrases.objects.filter(agency=cedar).delete()
    operator = worlds.signed_in(worlds.operator(now=timezone.now()))
    new = {"agency": cedar.pk, "line": "danger", "language": "en", "phrases": " "}
    operator.post(reverse("admin:concerns_dangerphrases_add"), new)
    kept = DangerPhrases.objects.get(agency=cedar)
    assert kept.phrases.splitlines() == list(usual_phrases()["danger", "en"])
    change = reverse("admin:concerns_dangerphrases_change", args=[kept.pk])
    operator.post(change, {"phrases": ""})
    kept.refresh_from_db()
    assert kept.phrases == "", "an empty list switches the line off"
