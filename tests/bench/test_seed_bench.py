"""What figures are measured on is what the seed says, and every page stands on it."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import override_settings
from pytest_django import DjangoDbBlocker

from concerns.models import Concern, Reporter, StatusChange
from concerns.published.models import PublicConcern, PublicConcernArea
from engagement.keys.references import normalise
from engagement.places.models import Agency
from portal.benchmark import shape
from tests.bench.pages import PAGES
from tests.bench.stand import make_stand
from tests.databases import copy_of_template, drop, point_connections_at

CONCERNS, AGENCIES = 300, 3


@dataclass(frozen=True)
class Seeded:
    """What the command said, and the links and indexes that were there before it ran."""

    said: str
    links_and_indexes: set[tuple[str, str]]


def links_and_indexes() -> set[tuple[str, str]]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT conname, pg_get_constraintdef(oid) FROM pg_constraint WHERE contype = 'f' "
            "UNION SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = 'public'"
        )
        return {(name, without_casts(definition)) for name, definition in cursor.fetchall()}


def without_casts(definition: str) -> str:
    """Without types of the listed words, which the server moves about when it reads its own."""
    return re.sub(r"[()]|::(character varying|text)(\[\])?", "", definition)


@pytest.fixture(scope="module")
def seeded(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Seeded]:
    """A database of its own, seeded once."""
    said = StringIO()
    with django_db_blocker.unblock():
        name_before = connection.settings_dict["NAME"]
        name = copy_of_template()
        point_connections_at(name)
        before = links_and_indexes()
        call_command("seed_bench", concerns=CONCERNS, agencies=AGENCIES, stdout=said)
        yield Seeded(said.getvalue(), before)
        point_connections_at(name_before)
        drop(name)


def test_the_history_has_the_shape_that_is_printed(seeded: Seeded) -> None:
    assert f"{CONCERNS} concerns" in seeded.said
    assert Concern.objects.count() == Reporter.objects.count() == CONCERNS
    assert Agency.objects.count() == AGENCIES
    largest = Agency.objects.get(is_default=True)
    share = Concern.objects.filter(agency=largest).count() / CONCERNS
    assert share == pytest.approx(shape.LARGEST_SHARE, abs=0.06)
    assert Concern.objects.open().count() / CONCERNS == pytest.approx(shape.OPEN_SHARE, abs=0.03)
    assert StatusChange.objects.count() > 3 * CONCERNS
    assert PublicConcern.objects.count() > CONCERNS / 6


def test_references_are_valid_and_all_different(seeded: Seeded) -> None:
    staff = list(Concern.objects.order_by("id").values_list("staff_reference", flat=True))
    tracking = list(Concern.objects.order_by("id").values_list("tracking_code", flat=True))
    public = list(PublicConcern.objects.order_by("id").values_list("reference", flat=True))
    assert len({*staff, *tracking, *public}) == len(staff) + len(tracking) + len(public)
    assert all(normalise(reference) == reference for reference in [*staff, *tracking, *public])


def test_links_and_indexes_are_back_as_the_migrations_made_them(seeded: Seeded) -> None:
    assert links_and_indexes() == seeded.links_and_indexes


def test_what_is_published_lies_in_the_areas_of_its_own_agency(seeded: Seeded) -> None:
    links = PublicConcernArea.objects.select_related("area", "public_concern").order_by("id")
    assert links
    assert {(link.area.agency_id, link.public_concern.agency_id) for link in links} == {
        (agency.pk, agency.pk) for agency in Agency.objects.order_by("id")
    }


def test_a_database_that_holds_something_is_left_alone(seeded: Seeded) -> None:
    before = Concern.objects.count()
    with pytest.raises(CommandError, match="filled already"):
        call_command("seed_bench", concerns=5, verbosity=0)
    assert Concern.objects.count() == before


@override_settings(ROOT_URLCONF="tests.bench.urls")
def test_every_measured_page_answers(seeded: Seeded) -> None:
    stand = make_stand()
    for page in PAGES:
        if page.before:
            page.before(stand)
        answer = page.visit(stand)
        assert answer.status_code == page.expect, page.name
        if page.after:
            page.after(stand, answer)
