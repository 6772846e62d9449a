"""Uses of a poster are numbers of whole days, tied to nothing and nobody."""

from datetime import date, timedelta
from typing import Any

import pytest
import time_machine
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.utils import timezone

from concerns.actions.campaigns import OPENED, SENT, begin, count, weeks_of, write_down
from concerns.models import Campaign, CampaignDay, Concern
from engagement.audit.actors import Actor
from engagement.places.models import Agency
from tests import worlds

pytestmark = [pytest.mark.django_db, pytest.mark.privacy]

NOW = worlds.NOW  # a Wednesday
DAY = timedelta(days=1)


@pytest.fixture
def cedar() -> Agency:
    return worlds.agency()


@pytest.fixture
def boards(cedar: Agency) -> Campaign:
    return begin(agency=cedar, name="Boards", area=None, by=Actor.task("tests"), now=NOW)


def everything() -> dict[str, list[Any]]:
    """Every row of every table with its row version, as a thief of the database has it."""
    found = {}
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT xmin::text, row_to_json(row)::text FROM "{table}" AS row')
            found[table] = cursor.fetchall()
    return found


def send_report(client: Client, cedar: Agency, code: str) -> None:
    """From the poster to the receipt, as a browser goes."""
    start = client.get(f"/r/{code}/")
    helping = client.get(start["Location"])
    form = client.get(helping.context["new_url"])
    page = form.content.decode()
    assert f'name="campaign" value="{code}"' in page
    typed = {
        "agency": cedar.slug,
        "key": page.split('name="key" value="')[1].split('"')[0],
        "campaign": code,
        "category": "graffiti",
        "asked": "graffiti",
        "lon": f"{worlds.LON + worlds.STEP / 2:.6f}",
        "lat": f"{worlds.LAT + worlds.STEP / 2:.6f}",
        "text": "Red paint on the wall",
        "level": "anonymous",
    }
    checked = client.post("/report/new/", typed).content.decode()
    assert f'name="campaign" value="{code}"' in checked
    assert client.post("/report/done/", typed).status_code == 200


def test_the_short_address_leads_to_help_first_and_keeps_nothing(
    client: Client, boards: Campaign
) -> None:
    before = everything()
    answer = client.get(f"/r/{boards.code.lower()}/")
    assert answer["Location"].startswith("/report/?from=" + boards.code)
    assert not answer.cookies
    assert everything() == before


def test_an_unknown_code_leads_there_as_well(client: Client, boards: Campaign) -> None:
    assert client.get("/r/NOBODY/")["Location"].startswith("/report/")
    assert client.get("/r/0000000/")["Location"].startswith("/report/")


def test_a_report_from_a_poster_stores_what_one_without_it_stores(
    client: Client, cedar: Agency, boards: Campaign
) -> None:
    """No row of the database names the campaign, and none of the campaign's is touched."""
    before = everything()
    with time_machine.travel(NOW, tick=False):
        send_report(client, cedar, boards.code)
    assert Concern.objects.count() == 1
    after = everything()
    changed = {table for table in after if after[table] != before.get(table)}
    assert not {table for table in changed if "campaign" in table}
    for table in changed:
        fresh = [row for _version, row in after[table] if (_version, row) not in before[table]]
        assert not any(boards.code in row for row in fresh), table


def test_a_day_is_written_down_at_once_and_only_when_it_is_over(
    client: Client, cedar: Agency, boards: Campaign
) -> None:
    with time_machine.travel(NOW, tick=False):
        send_report(client, cedar, boards.code)
        client.head(f"/r/{boards.code}/")
        assert write_down(now=NOW) == 0
    assert not CampaignDay.objects.exists()
    for _sweep in range(2):
        write_down(now=NOW + DAY)
    day = CampaignDay.objects.get()
    assert (day.on, day.opened, day.sent) == (cedar.day_of(NOW), 1, 1)


def test_another_agencys_campaign_is_not_counted_by_a_report_here(
    client: Client, cedar: Agency
) -> None:
    elm = worlds.agency("elm", east=1.0)
    far = begin(agency=elm, name="Far", area=None, by=Actor.task("tests"), now=NOW)
    with time_machine.travel(NOW, tick=False):
        page = client.get("/report/new/", {"agency": cedar.slug}).content.decode()
        client.post(
            "/report/done/",
            {
                "agency": cedar.slug,
                "key": page.split('name="key" value="')[1].split('"')[0],
                "campaign": far.code,
                "category": "graffiti",
                "asked": "graffiti",
                "no_place": "on",
                "text": "Paint",
                "level": "anonymous",
            },
        )
    assert Concern.objects.count() == 1
    assert write_down(now=NOW + DAY) == 0


def test_staff_see_whole_weeks_and_never_fewer_than_ten(boards: Campaign) -> None:
    today = date(2026, 11, 19)  # a Thursday, when the last week is all written down
    monday = date(2026, 11, 9)
    for offset, opened, sent in ((0, 6, 4), (3, 6, 5), (7, 40, 30)):
        CampaignDay.objects.create(
            agency=boards.agency,
            campaign=boards,
            on=monday + timedelta(days=offset),
            opened=opened,
            sent=sent,
        )
    (week,) = weeks_of([boards], today=today)[boards.pk]
    assert (week.begins, week.opened, week.sent) == (monday, 12, None)
    assert weeks_of([boards], today=date(2026, 11, 18)) == {}, "late days may still come in"


def test_without_the_cache_a_poster_still_leads_on(
    client: Client, boards: Campaign, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(*_args: object, **_kwargs: object) -> int:
        raise ValueError

    monkeypatch.setattr(cache, "incr", away)
    count(boards, OPENED, now=timezone.now())
    count(boards, SENT, now=timezone.now())
    assert client.get(f"/r/{boards.code}/").status_code == 302
