"""The desk: who may open it, what it shows, and that no press is lost or done twice."""

import pytest
from django.test import Client
from django.utils import timezone

from concerns.actions import triage
from concerns.models import Category, Concern, Note, Reply, StatusChange
from concerns.published.models import PublicConcern, PublicUpdate
from concerns.workflow import State
from engagement.audit.actors import Actor
from engagement.outbox.models import Message
from engagement.people.roles import Role
from engagement.places.models import Agency
from tests import worlds

pytestmark = pytest.mark.django_db


@pytest.fixture
def cedar() -> Agency:
    return worlds.agency(now=timezone.now())


@pytest.fixture
def eastfield() -> Agency:
    return worlds.agency("eastfield", east=1.0, now=timezone.now())


@pytest.fixture
def desk(cedar: Agency) -> Client:
    return worlds.signed_in(worlds.officer(cedar, now=timezone.now()))


@pytest.fixture
def concern(cedar: Agency, desk: Client) -> Concern:
    return worlds.reported(cedar, now=timezone.now()).concern


def url(concern: Concern, verb: str = "") -> str:
    return f"/desk/concerns/{concern.staff_reference}/{verb}"


def seen(concern: Concern, **typed: str) -> dict[str, str]:
    return {"seen_version": str(concern.version), "seen_as": "Received, Officer Vale", **typed}


def press(desk: Client, concern: Concern, verb: str, **typed: str) -> None:
    """Press a verb with the newest version, and insist that it was done; words to the reporter
    leave with the button below the preview."""
    concern.refresh_from_db()
    response = desk.post(url(concern, verb), seen(concern, **{"step": "send", **typed}))
    assert response.status_code == 302, response.content.decode()
    concern.refresh_from_db()


def everything() -> tuple[object, ...]:
    """What a refused press must leave as it was."""
    return (
        list(Concern.objects.order_by("id").values_list("state", "version", "owner_id")),
        StatusChange.objects.count(),
        Reply.objects.count(),
        Note.objects.count(),
        PublicConcern.objects.count(),
        Message.objects.count(),
    )


def test_the_districts_officer_finds_the_report_on_the_desk(desk: Client, concern: Concern) -> None:
    home = desk.get("/desk/")
    assert concern.staff_reference in home.content.decode()
    assert concern.text in desk.get(url(concern)).content.decode()
    assert concern.staff_reference in desk.get("/desk/concerns/?show=mine").content.decode()


def test_an_officer_of_another_agency_gets_what_a_wrong_address_gets(
    concern: Concern, eastfield: Agency
) -> None:
    elsewhere = worlds.signed_in(worlds.officer(eastfield, now=timezone.now()))
    foreign = elsewhere.get(url(concern))
    missing = elsewhere.get(url(concern).replace(concern.staff_reference, "ZZZZZZZZZZ"))
    assert foreign.status_code == missing.status_code == 404
    assert foreign.content == missing.content


@pytest.mark.parametrize(
    "verb",
    ["accept", "start", "reply", "note", "resolve", "reopen", "assign", "category", "publish"],
)
def test_an_officer_of_another_agency_changes_nothing(
    concern: Concern, eastfield: Agency, verb: str
) -> None:
    elsewhere = worlds.signed_in(worlds.officer(eastfield, now=timezone.now()))
    before = everything()
    response = elsewhere.post(
        url(concern, f"{verb}/"), seen(concern, text="x", words="x", outcome="fixed", text_en="x")
    )
    assert response.status_code == 404
    assert everything() == before


@pytest.mark.parametrize("role", [Role.READER, Role.CUSTODIAN, Role.MODERATOR])
def test_who_may_only_read_cannot_accept(cedar: Agency, concern: Concern, role: Role) -> None:
    reader = worlds.signed_in(worlds.officer(cedar, role=role, district=None, now=timezone.now()))
    before = everything()
    assert reader.get(url(concern)).status_code == 200
    assert reader.post(url(concern, "accept/"), seen(concern)).status_code == 404
    assert everything() == before


def test_residents_and_visitors_never_see_the_desk(concern: Concern) -> None:
    visitor = Client().get(url(concern))
    assert visitor.status_code == 302
    assert "/account/" in visitor["Location"]
    neighbor = worlds.signed_in(worlds.resident(now=timezone.now()))
    assert neighbor.get(url(concern)).status_code == 404


def test_staff_read_what_accepting_will_show_before_they_accept(
    desk: Client, concern: Concern
) -> None:
    page = desk.get(url(concern)).content.decode()
    press(desk, concern, "accept/")
    public = PublicConcern.objects.get()
    assert str(public.summary) in page
    assert (
        f"{public.category_label}, {public.place_label} ({public.get_precision_display()})" in page
    )
    assert concern.public == public


def test_the_story_from_accepting_to_resolving(desk: Client, concern: Concern) -> None:
    press(desk, concern, "accept/")
    assert concern.state == State.ACCEPTED
    press(desk, concern, "reply/", text="Thank you, we look at it today.")
    press(desk, concern, "reply/", text="Which side of the wall?", is_question="on")
    assert concern.state == State.WAITING
    press(desk, concern, "start/")
    press(desk, concern, "note/", text="Crew 4 has the paint.")
    summary = {"what": "summary", "text_en": "Paint on the underpass wall."}
    press(desk, concern, "publish/", **summary, step="publish")
    press(desk, concern, "publish/", text_en="The wall is painted over.", step="publish")
    press(desk, concern, "resolve/", outcome="fixed", words="The wall is painted over.")
    assert concern.state == State.RESOLVED
    assert concern.public is not None
    assert concern.public.state == State.RESOLVED
    assert PublicUpdate.objects.filter(public_concern=concern.public).count() == 1
    page = desk.get(url(concern)).content.decode()
    for words in ("Which side of the wall?", "Crew 4 has the paint.", "Paint on the underpass"):
        assert words in page


def test_the_preview_publishes_nothing(desk: Client, concern: Concern) -> None:
    press(desk, concern, "accept/")
    before = everything()
    preview = desk.post(
        url(concern, "publish/"),
        seen(concern, text_en="A quiet summary.", text_es="Un resumen.", step="preview"),
    )
    page = preview.content.decode()
    assert "A quiet summary." in page
    assert "Un resumen." in page
    assert concern.text not in page
    assert everything() == before


def test_the_reporters_own_words_are_refused_and_kept_in_the_form(
    desk: Client, concern: Concern
) -> None:
    press(desk, concern, "accept/")
    before = everything()
    response = desk.post(
        url(concern, "publish/"), seen(concern, text_en=concern.text, step="preview")
    )
    assert response.status_code == 422
    assert "own words" in response.content.decode()
    assert everything() == before


def test_a_stale_press_shows_both_versions_and_keeps_what_was_written(
    cedar: Agency, desk: Client, concern: Concern
) -> None:
    old = concern.version
    colleague = worlds.officer(cedar, "Sergeant Arbor", role=Role.SUPERVISOR, district=None)
    triage.accept(
        concern_id=concern.pk,
        seen_version=old,
        by=Actor.staff(colleague.pk),
        now=timezone.now(),
    )
    before = everything()
    response = desk.post(url(concern, "reply/"), seen(concern, text="My long and careful answer."))
    page = response.content.decode()
    assert response.status_code == 409
    assert "My long and careful answer." in page
    assert "Received, Officer Vale" in page
    assert "Accepted, Officer Vale" in page
    assert everything() == before


def test_an_empty_reply_says_what_to_do(desk: Client, concern: Concern) -> None:
    response = desk.post(url(concern, "reply/"), seen(concern, text=""))
    assert response.status_code == 422
    assert "Write what the reporter should read." in response.content.decode()
    assert not Reply.objects.exists()


def test_nothing_of_the_desk_is_kept_by_a_browser(desk: Client, concern: Concern) -> None:
    for path in ("/desk/", "/desk/concerns/", url(concern)):
        assert "no-store" in desk.get(path)["Cache-Control"]


def test_get_never_presses_a_verb(desk: Client, concern: Concern) -> None:
    before = everything()
    for verb in ("accept/", "reply/", "resolve/", "publish/", "unpublish/"):
        assert desk.get(url(concern, verb)).status_code == 405
    assert everything() == before


def test_who_files_a_concern_under_a_private_kind_comes_back_to_the_queue(
    cedar: Agency, concern: Concern
) -> None:
    colleague = worlds.signed_in(
        worlds.officer(cedar, "Officer Reed", district=None, now=timezone.now())
    )
    private = Category.objects.get(agency=cedar, code="neighbor_dispute")
    response = colleague.post(url(concern, "category/"), seen(concern, category=str(private.pk)))
    assert response["Location"] == "/desk/concerns/"
    assert colleague.get(url(concern)).status_code == 404
