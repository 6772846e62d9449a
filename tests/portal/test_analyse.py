"""What the plan tests stand on: renewing the statistics renews them."""

import pytest
from django.db import connection

from engagement.places.models import Holiday
from tests import worlds
from tests.databases import analyse

pytestmark = pytest.mark.django_db


def test_statistics_are_renewed_and_the_limited_role_comes_back() -> None:
    agency = worlds.agency()
    Holiday.objects.bulk_create(
        Holiday(agency=agency, on=f"20{number:02}-07-04", name="Day") for number in range(25, 75)
    )
    analyse("places_holiday")
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT current_user, reltuples::int FROM pg_class WHERE relname = %s",
            ["places_holiday"],
        )
        assert cursor.fetchone() == ("common_ground_app", 50)


def test_a_table_that_is_not_ours_is_not_passed_over_in_silence() -> None:
    with pytest.raises(Exception, match="does not exist"):
        analyse("no_such_table")
