"""The queue: what it shows to whom, in which order, and that searched words stand in no address."""

from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from concerns.actions.learning import learn_all_words
from concerns.models import Concern, Lexeme, Note, Tag, Team, TeamMember
from concerns.models.tags import ConcernTag
from concerns.workflow import State
from engagement.people.models import AreaAssignment, User
from engagement.people.roles import Role
from engagement.places.models import Agency
from tests import worlds

pytestmark = pytest.mark.django_db
QUEUE = "/desk/concerns/"


@pytest.fixture(autouse=True)
def forgotten() -> None:
    cache.clear()


@pytest.fixture
def cedar() -> Agency:
    return worlds.agency(now=timezone.now())


@pytest.fixture
def vale(cedar: Agency) -> User:
    return worlds.officer(cedar, now=timezone.now())


@pytest.fixture
def desk(vale: User) -> Client:
    return worlds.signed_in(vale)


def report(at: Agency, text: str, **changes: object) -> Concern:
    fields = {name: changes.pop(name) for name in list(changes) if name in SET_AFTERWARDS}
    concern = worlds.reported(at, now=timezone.now(), text=text, **changes).concern
    if fields:
        Concern.objects.filter(pk=concern.pk).update(**fields)
    concern.refresh_from_db()
    return concern


SET_AFTERWARDS = (
    *("received_on", "priority", "acknowledge_by", "resolve_by", "owner", "team", "state"),
    *("language", "very_late_after", "waiting_on", "waiting_since"),
)


def listed(desk: Client, address: str = QUEUE) -> list[str]:
    """References on the page, in their order."""
    answer = desk.get(address, follow=True)
    assert answer.status_code == 200
    known = set(Concern.objects.values_list("staff_reference", flat=True))
    parts = answer.content.decode().split('<th scope="row"')[1:]
    found = [part.split("</a>")[0].rsplit(">", 1)[1] for part in parts]
    assert set(found) <= known
    return found


def test_queues_that_the_first_page_leads_to_are_tabs_only_while_they_are_open(
    desk: Client,
) -> None:
    assert "Unanswered too long" not in desk.get(QUEUE, follow=True).content.decode()
    assert "Unanswered too long" in desk.get(f"{QUEUE}?show=overlooked").content.decode()


def search(desk: Client, words: str, **fields: str) -> str:
    """Search by the form; return the address that it leads to."""
    answer = desk.post(f"{QUEUE}search/", {"words": words, **fields})
    assert answer.status_code == 302
    return str(answer["Location"])


def test_each_choice_narrows_and_several_of_one_kind_mean_any(
    cedar: Agency, desk: Client, vale: User
) -> None:
    team = Team.objects.create(agency=cedar, name="Traffic unit")
    wall = report(cedar, "Paint on the wall", priority="high", owner=vale, language="es")
    noise = report(cedar, "Loud music", category="noise", priority="urgent", owner=None, team=team)
    tag = Tag.objects.create(agency=cedar, name="night club")
    ConcernTag.objects.create(agency=cedar, concern=noise, tag=tag)

    def shows(query: str) -> set[str]:
        return set(listed(desk, f"{QUEUE}?{query}"))

    both, only_wall, only_noise = (
        {wall.staff_reference, noise.staff_reference},
        {wall.staff_reference},
        {noise.staff_reference},
    )
    assert shows("") == both
    assert shows("priority=high") == only_wall
    assert shows("priority=high&priority=urgent") == both
    assert shows(f"category={wall.category_id}") == only_wall
    assert shows(f"owner={vale.pk}") == only_wall
    assert shows("owner=0") == only_noise
    assert shows(f"owner=0&owner={vale.pk}") == both
    assert shows(f"team={team.pk}") == only_noise
    assert shows("language=es") == only_wall
    assert shows(f"tag={tag.pk}") == only_noise
    assert shows("state=received&channel=web") == both
    assert shows("state=accepted") == set()
    assert shows("area=999999999999999999999&tag=x&state=nonsense&age=never") == both


def test_deadlines_and_ages_are_days_of_the_agency(cedar: Agency, desk: Client) -> None:
    today = cedar.day_of(timezone.now())
    days = {
        "late": today - timedelta(days=1),
        "very": today - timedelta(days=40),
        "soon": today + timedelta(days=2),
        "later": today + timedelta(days=20),
    }
    made = {
        name: report(
            cedar,
            f"Report {name}",
            state=State.WORKING,
            resolve_by=due,
            very_late_after=due + timedelta(days=10),
            received_on=today - timedelta(days=31 if name == "very" else 0),
        ).staff_reference
        for name, due in days.items()
    }
    assert set(listed(desk, f"{QUEUE}?deadline=late")) == {made["late"], made["very"]}
    assert listed(desk, f"{QUEUE}?deadline=very_late") == [made["very"]]
    assert listed(desk, f"{QUEUE}?deadline=soon") == [made["soon"]]
    assert listed(desk, f"{QUEUE}?deadline=later") == [made["later"]]
    assert listed(desk, f"{QUEUE}?deadline=none") == []
    assert listed(desk, f"{QUEUE}?age=over_month") == [made["very"]]
    assert made["very"] not in listed(desk, f"{QUEUE}?age=month")
    assert listed(desk, f"{QUEUE}?sort=deadline") == [
        made[name] for name in ("very", "late", "soon", "later")
    ]


def test_every_order_pages_through_all_rows_once_and_back(
    cedar: Agency, desk: Client, vale: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("concerns.views.desk_queue.PAGE_SIZE", 2)
    priorities = ["low", "normal", "urgent", "high", "normal"]
    made = [report(cedar, f"Report {n}", priority=p) for n, p in enumerate(priorities)]
    assert len(made) == 5
    for sort in ("newest", "oldest", "deadline", "priority", "message"):
        address, seen, pages = f"{QUEUE}?sort={sort}", [], []
        while address:
            page = desk.get(address).content.decode()
            pages.append(listed(desk, address))
            seen += pages[-1]
            address = link(page, "next")
        assert len(seen) == len(set(seen)) == 5, sort
        back = link(page, "prev")
        assert listed(desk, back) == pages[-2]
    urgent = [Concern.objects.get(staff_reference=one).priority for one in all_of(desk, "priority")]
    assert urgent == ["urgent", "high", "normal", "normal", "low"]


def link(page: str, rel: str) -> str:
    for part in page.split("<a ")[1:]:
        tag = part.split(">")[0]
        if f'rel="{rel}"' in tag:
            return tag.split('href="')[1].split('"')[0].replace("&amp;", "&")
    return ""


def all_of(desk: Client, sort: str) -> list[str]:
    address, seen = f"{QUEUE}?sort={sort}", []
    while address:
        seen += listed(desk, address)
        address = link(desk.get(address).content.decode(), "next")
    return seen


@pytest.mark.privacy
def test_searched_words_stand_in_no_address_of_the_queue(cedar: Agency, desk: Client) -> None:
    found = report(cedar, "Mister Kowalczyk shouts at night")
    address = search(desk, "Kowalczyk shouts")
    assert listed(desk, address) == [found.staff_reference]
    page = desk.get(address).content.decode()
    addresses = [part.split('"')[0] for part in page.split('href="')[1:]]
    assert addresses
    assert not [one for one in [address, *addresses] if "owalc" in one or "shout" in one]
    # The words are still in the box, and the order can be changed without them.
    assert 'value="Kowalczyk shouts"' in page
    assert listed(desk, f"{address}&sort=oldest") == [found.staff_reference]


@pytest.mark.privacy
def test_what_stands_for_words_opens_them_for_nobody_else(cedar: Agency, desk: Client) -> None:
    report(cedar, "Kowalczyk shouts")
    address = search(desk, "Kowalczyk")
    other = worlds.signed_in(
        worlds.officer(cedar, "Officer Moss", district=None, now=timezone.now())
    )
    page = other.get(address, follow=True)
    assert "Kowalczyk" not in page.content.decode()
    assert "not kept any more" in page.content.decode()


def test_words_that_are_gone_are_asked_for_again(cedar: Agency, desk: Client) -> None:
    report(cedar, "Paint on the wall")
    address = search(desk, "nothing like it")
    cache.clear()
    answer = desk.get(address, follow=True)
    assert "find=" not in answer.redirect_chain[-1][0]
    assert "Type them once more" in answer.content.decode()


@pytest.mark.parametrize(
    ("text", "language", "words"),
    [
        ("Walls were painted", "en", "wall painting"),
        ("Pintaron las paredes del almacén", "es", "pared almacen"),
        ("Pintaron las paredes", "es", "pintar"),
        ("Noise by the river", "en", '"by the river" noise'),
    ],
)
def test_any_form_of_a_word_finds_in_both_languages(
    cedar: Agency, desk: Client, text: str, language: str, words: str
) -> None:
    found = report(cedar, text, language=language)
    report(cedar, "Something else")
    assert listed(desk, search(desk, words)) == [found.staff_reference]


def test_unwanted_words_leave_out_whatever_their_form(cedar: Agency, desk: Client) -> None:
    plain = report(cedar, "Paint on a fence")
    report(cedar, "Paint on walls")
    assert listed(desk, search(desk, "paint -wall")) == [plain.staff_reference]


def test_words_of_notes_are_found_together_with_words_of_the_report(
    cedar: Agency, desk: Client, vale: User
) -> None:
    concern = report(cedar, "Paint on a fence")
    note = Note.objects.create(
        agency=cedar,
        concern=concern,
        text="Crew seven brings ladders",
        at=timezone.now(),
        by_user=vale,
    )
    assert listed(desk, search(desk, "fence ladder")) == [concern.staff_reference]
    note.delete()
    assert listed(desk, search(desk, "fence ladder")) == []


def test_the_number_of_a_case_leads_to_it(cedar: Agency, desk: Client) -> None:
    concern = report(cedar, "Paint on a fence")
    spaced = f"{concern.staff_reference[:4]}-{concern.staff_reference[4:]}".lower()
    assert search(desk, spaced) == f"{QUEUE}{concern.staff_reference}/"


@pytest.mark.privacy
def test_the_number_of_another_agencys_case_is_only_a_word(cedar: Agency, desk: Client) -> None:
    east = worlds.agency("eastfield", east=1.0, now=timezone.now())
    theirs = report(east, "Paint on a fence")
    assert search(desk, theirs.staff_reference).startswith(f"{QUEUE}?")


def test_a_mistyped_word_is_put_right_and_said_so(cedar: Agency, desk: Client) -> None:
    found = report(cedar, "Graffiti on the underpass")
    learn_all_words()
    page = desk.get(search(desk, "grafitti underpas"), follow=True).content.decode()
    assert found.staff_reference in page
    assert "Showing results for “graffiti underpass”" in page


@pytest.mark.privacy
def test_a_word_that_only_private_cases_hold_is_never_offered(cedar: Agency) -> None:
    moss = worlds.officer(cedar, "Officer Moss", district="2", now=timezone.now())
    reader = worlds.signed_in(
        worlds.officer(cedar, "Reader", role=Role.READER, district=None, now=timezone.now())
    )
    secret = report(cedar, "Kowalczyk beats his wife", category="neighbor_dispute", owner=moss)
    learn_all_words()
    assert secret.category.visibility == "never"
    page = reader.get(search(reader, "Kowalczik"), follow=True).content.decode()
    assert "owalczyk" not in page
    own = worlds.signed_in(moss)
    assert "kowalczyk" in own.get(search(own, "Kowalczik"), follow=True).content.decode()


@pytest.mark.privacy
def test_words_are_forgotten_when_the_text_that_held_them_goes(cedar: Agency) -> None:
    concern = report(cedar, "Kowalczyk shouts")
    learn_all_words()
    Concern.objects.filter(pk=concern.pk).update(text="Removed")
    learn_all_words()
    assert not Concern.objects.filter(pk=concern.pk).with_the_word("kowalczyk").exists()
    assert not Lexeme.objects.filter(word="kowalczyk").exists()


@pytest.mark.privacy
def test_another_agency_finds_nothing_of_ours(cedar: Agency, desk: Client) -> None:
    east = worlds.agency("eastfield", east=1.0, now=timezone.now())
    theirs = worlds.signed_in(worlds.officer(east, now=timezone.now()))
    ours = report(cedar, "Kowalczyk shouts")
    learn_all_words()
    page = theirs.get(search(theirs, "Kowalczik"), follow=True).content.decode()
    assert ours.staff_reference not in page
    assert "owalczyk" not in page
    assert listed(theirs, f"{QUEUE}?show=all&owner=0&category={ours.category_id}") == []


def test_columns_and_map_are_remembered(cedar: Agency, desk: Client) -> None:
    report(cedar, "Paint on a fence")
    desk.post(f"{QUEUE}look/", {"columns": ["about", "channel"], "has_map": "on"})
    page = desk.get(QUEUE).content.decode()
    assert "Came by" in page
    assert 'data-map="rows"' in page
    assert "data-lon=" in page
    assert 'data-label="Due"' not in page


def test_who_may_not_change_many_sees_no_boxes_to_tick(cedar: Agency, desk: Client) -> None:
    concern = report(cedar, "Paint on a fence")
    tick = f'name="reference" form="bulk" value="{concern.staff_reference}"'
    assert tick in desk.get(QUEUE).content.decode()
    reader = worlds.officer(cedar, "Reader", role=Role.READER, district=None, now=timezone.now())
    page = worlds.signed_in(reader).get(QUEUE).content.decode()
    assert concern.staff_reference in page
    assert tick not in page


def test_a_link_that_narrows_less_keeps_the_rest(cedar: Agency, desk: Client) -> None:
    concern = report(cedar, "Paint on a fence", priority="high")
    address = search(desk, "fence", priority="high", state="received")
    page = desk.get(address).content.decode()
    assert listed(desk, address) == [concern.staff_reference]
    choices = [
        part.split('"')[0].replace("&amp;", "&") for part in page.split('class="tag" href="')[1:]
    ]
    assert len(choices) == 3
    kept = [set(parse_qs(urlsplit(one).query)) for one in choices]
    assert {"find", "priority"} <= kept[1]
    assert "state" not in kept[1]
    for one in choices:
        assert listed(desk, one) == [concern.staff_reference]


def test_done_work_is_in_a_queue_of_its_own(cedar: Agency, desk: Client) -> None:
    concern = report(cedar, "Paint on a fence")
    Concern.objects.filter(pk=concern.pk).update(
        state=State.CLOSED, outcome="fixed", closed_at=timezone.now()
    )
    assert listed(desk) == []
    assert listed(desk, f"{QUEUE}?state=closed") == [concern.staff_reference]
    assert listed(desk, f"{QUEUE}?show=done&sort=deadline") == [concern.staff_reference]


def test_a_saved_filter_is_mine_until_i_share_it(cedar: Agency, desk: Client, vale: User) -> None:
    mate = worlds.officer(cedar, "Officer Moss", district=None, now=timezone.now())
    team = Team.objects.create(agency=cedar, name="Traffic unit")
    for user in (vale, mate):
        TeamMember.objects.create(agency=cedar, team=team, user=user)
    concern = report(cedar, "Kowalczyk shouts", priority="high")
    report(cedar, "Paint on a fence", priority="high")
    address = search(desk, "Kowalczyk", priority="high")
    new = address.replace(QUEUE, f"{QUEUE}filters/new/", 1)
    saved = desk.post(new, {"name": "Loud evenings", "team": "", "is_pinned": "on"})
    assert saved.status_code == 302
    assert listed(desk, saved["Location"]) == [concern.staff_reference]
    assert "Loud evenings" in desk.get(QUEUE).content.decode()
    theirs = worlds.signed_in(mate)
    assert listed(theirs, saved["Location"]) != [concern.staff_reference]
    assert theirs.get(page_of(saved["Location"])).status_code == 404
    desk.post(
        page_of(saved["Location"]), {"name": "Loud evenings", "team": team.pk, "is_pinned": "on"}
    )
    assert listed(theirs, saved["Location"]) == [concern.staff_reference]
    assert "Loud evenings" in theirs.get(f"{QUEUE}filters/").content.decode()
    # A team mate keeps it as a tab for themselves, and neither renames nor deletes it.
    theirs.post(page_of(saved["Location"]), {"name": "Other", "team": "", "is_pinned": "on"})
    assert "Loud evenings" in theirs.get(QUEUE).content.decode()
    assert '<span class="count">1</span>' in theirs.get(f"{QUEUE}filters/counts/").content.decode()
    assert theirs.post(f"{page_of(saved['Location'])}delete/").status_code == 404
    assert desk.post(f"{page_of(saved['Location'])}delete/").status_code == 302
    assert "Loud evenings" not in theirs.get(QUEUE).content.decode()


def page_of(address: str) -> str:
    number = parse_qs(urlsplit(address).query)["saved"][0]
    return f"{QUEUE}filters/{number}/"


def test_a_saved_filter_of_another_agency_does_not_exist(cedar: Agency, desk: Client) -> None:
    report(cedar, "Paint on a fence", priority="high")
    made = desk.post(f"{QUEUE}filters/new/?priority=high", {"name": "High", "team": ""})
    east = worlds.agency("eastfield", east=1.0, now=timezone.now())
    theirs = worlds.signed_in(worlds.officer(east, now=timezone.now()))
    missing = theirs.get(f"{QUEUE}filters/999999/")
    foreign = theirs.get(page_of(made["Location"]))
    assert foreign.status_code == missing.status_code == 404
    assert foreign.content == missing.content


def test_the_filter_page_shows_what_is_chosen(cedar: Agency, desk: Client) -> None:
    report(cedar, "Paint on a fence")
    address = search(desk, "fence", priority="high")
    page = desk.get(address.replace(QUEUE, f"{QUEUE}filter/", 1)).content.decode()
    assert 'value="fence"' in page
    checked = [part.split(">")[0] for part in page.split("<input ")[1:] if " checked" in part]
    assert [one for one in checked if 'value="high"' in one]


@pytest.mark.privacy
def test_a_queue_looked_at_again_follows_rights_and_areas_of_the_moment(
    cedar: Agency, vale: User
) -> None:
    """Its question is composed once for each reader's rights, and never for what they were."""
    chief = worlds.officer(
        cedar,
        "Chief",
        role=Role.SUPERVISOR,
        district=None,
        email="chief@staff.example",
        now=timezone.now(),
    )
    private = report(cedar, "Somebody shouts every night.", owner=None)
    kind = private.category
    kind.visibility, kind.publishes_without_text = "never", False
    kind.save()
    page, mine = worlds.signed_in(chief), worlds.signed_in(vale)
    assert listed(page) == listed(page) == [private.staff_reference]
    chief.grants.update(role=Role.OFFICER)
    assert listed(page) == []
    Concern.objects.filter(pk=private.pk).update(owner=vale)
    assert listed(mine, f"{QUEUE}?show=areas") == [private.staff_reference]
    AreaAssignment.objects.filter(user=vale).delete()
    assert listed(mine, f"{QUEUE}?show=areas") == []
