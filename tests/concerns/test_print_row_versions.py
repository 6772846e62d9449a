"""Versions of rows, which a stolen database shows, tie no report to the poster it came from."""

import pytest
import time_machine
from django.db import connection
from django.test import Client

from concerns.actions.campaigns import begin, write_down
from concerns.models import CampaignDay
from engagement.audit.actors import Actor
from tests import worlds
from tests.concerns.test_print_campaigns import DAY, NOW, send_report

pytestmark = pytest.mark.privacy


def versions(table: str) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT xmin::text::bigint FROM {table} ORDER BY id")
        return [row[0] for row in cursor.fetchall()]


def test_row_versions_join_no_campaign_and_no_report(
    committed_database: str, client: Client
) -> None:
    """Two posters, two reports: all numbers carry one version, of the day after."""
    cedar, by = worlds.agency(), Actor.task("tests")
    posters = [
        begin(agency=cedar, name=name, area=None, by=by, now=NOW) for name in ("Doors", "Boards")
    ]
    with time_machine.travel(NOW, tick=False):
        for campaign in posters:
            send_report(client, cedar, campaign.code)
    reports, before = versions("concerns_concern"), versions("concerns_campaign")
    write_down(now=NOW + DAY)
    numbers = versions("concerns_campaignday")
    assert len(set(reports)) == len(numbers) == 2
    assert len(set(numbers)) == 1
    assert min(numbers) > max(reports)
    assert versions("concerns_campaign") == before
    columns = {field.name for field in CampaignDay._meta.get_fields()}
    assert columns == {"id", "agency", "campaign", "on", "opened", "sent"}
