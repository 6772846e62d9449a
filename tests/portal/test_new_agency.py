"""A new agency can take reports at once, however it was made."""

import json
from pathlib import Path

import pytest
from django.core.management import call_command

from concerns.models import Category
from engagement.places.models import Agency, Hotline
from tests import worlds

pytestmark = pytest.mark.django_db

AREAS = {
    "type": "FeatureCollection",
    "features": [
        {
            "type": "Feature",
            "properties": {"name": "North"},
            "geometry": {
                "type": "Polygon",
                "coordinates": [[[-92.2, 38.4], [-92.1, 38.4], [-92.1, 38.5], [-92.2, 38.4]]],
            },
        }
    ],
}


def test_an_agency_made_by_import_has_the_usual_categories(tmp_path: Path) -> None:
    file = tmp_path / "districts.geojson"
    file.write_text(json.dumps(AREAS))
    told = ["--agency", "mill", "--create-agency", "Mill Police"]
    call_command("import_areas", str(file), *told, "--layer", "district", "--name-field", "name")
    assert Category.objects.filter(agency__slug="mill").count() == 31
    assert Hotline.objects.filter(agency__slug="mill", last_checked_on=None).count() == 7


def test_an_agency_made_in_the_administration_has_the_usual_categories() -> None:
    boss = worlds.signed_in(worlds.operator())
    typed = {
        "name": "Mill Police",
        "slug": "mill",
        "timezone": "America/Chicago",
        "languages": "en,es",
        "emergency_number": "911",
        "responsible_layer": "district",
        "public_layer": "neighborhood",
        "holidays-TOTAL_FORMS": "0",
        "holidays-INITIAL_FORMS": "0",
    }
    answer = boss.post("/admin/places/agency/add/", typed)
    assert answer.status_code == 302, answer.content.decode()
    agency = Agency.objects.get(slug="mill")
    assert Category.objects.filter(agency=agency).count() == 31
