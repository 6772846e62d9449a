from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

import pytest
from django.db import connections

from engagement.places.models import Agency, Area, AreaVersion
from tests.engagement.places.town import import_districts, two_districts, written


@pytest.mark.usefixtures("committed_database")
def test_two_imports_at_once_leave_one_map(tmp_path: Path) -> None:
    agency = Agency.objects.create(slug="millbrook", name="Millbrook Police")
    path = written(tmp_path, two_districts())
    start = Barrier(2)

    def run(_number: int) -> int:
        start.wait()
        try:
            return import_districts(agency, path).created
        finally:
            connections.close_all()

    with ThreadPoolExecutor(2) as threads:
        assert sorted(threads.map(run, range(2))) == [0, 2]
    assert Area.objects.count() == AreaVersion.objects.count() == 2
