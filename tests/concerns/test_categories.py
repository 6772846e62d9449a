import pytest
from django.core.management import call_command
from django.db import IntegrityError, transaction

from concerns.actions.categories import store_categories, usual_categories
from concerns.models import Category
from concerns.models.categories import Visibility
from engagement.audit.actors import Actor
from engagement.places.models import Agency
from tests.concerns.conftest import NOW, category_of

# What the public never sees at a place, whatever an agency's habits are.
NEVER_MAPPED = {
    "problem_property",
    "encampment",
    "school_zone",
    "suspicious",
    "bias_incident",
    "neighbor_dispute",
    "officer_feedback",
    "vacation_check",
}
BLOCKED = {
    "emergency",
    "crisis",
    "child_abuse",
    "adult_abuse",
    "school_threat",
    "crime_tip",
    "domestic_violence",
}


def test_an_agency_gets_thirty_one_categories_in_both_languages(agency: Agency) -> None:
    rows = list(Category.objects.of(agency))
    assert len(rows) == 31
    for row in rows:
        for wording in (row.label, row.handler, row.everyday_words):
            assert wording.text("en")
            assert not wording.missing("es")
        assert bool(row.redirect_text) is not row.is_taken
        assert bool(row.public_sentence) is row.has_public_place
        row.full_clean()


def test_danger_crisis_abuse_and_tips_are_blocked(agency: Agency) -> None:
    blocked = Category.objects.of(agency).filter(mode="block")
    assert set(blocked.values_list("code", flat=True)) == BLOCKED
    assert not Category.objects.of(agency).taken().filter(code__in=BLOCKED).exists()


def test_private_kinds_are_private_in_the_agency_too(agency: Agency) -> None:
    taken = Category.objects.of(agency).filter(code__in=NEVER_MAPPED)
    assert {row.code for row in taken if row.is_private} == NEVER_MAPPED


def test_storing_again_keeps_what_administrators_wrote(agency: Agency) -> None:
    graffiti = category_of(agency, "graffiti")
    graffiti.label = {"en": "Tags"}
    graffiti.save()
    category_of(agency, "noise").delete()
    assert store_categories(agency=agency, by=Actor.task("tests"), now=NOW) == 1
    assert category_of(agency, "graffiti").label.text("en") == "Tags"


def test_the_command_says_how_many_it_added(
    agency: Agency, capsys: pytest.CaptureFixture[str]
) -> None:
    call_command("store_categories", agency="riverton")
    assert "0 categories added" in capsys.readouterr().out


def test_the_database_refuses_a_counted_kind_that_appears_by_itself(agency: Agency) -> None:
    noise = Category.objects.filter(agency=agency, code="noise")
    assert noise.get().visibility == Visibility.COUNT
    with pytest.raises(IntegrityError), transaction.atomic():
        noise.update(publishes_without_text=True)


def test_usual_categories_follow_the_order_of_help_first() -> None:
    codes = [row["code"] for row in usual_categories()]
    assert codes[0] == "emergency"
    assert len(set(codes)) == len(codes) == 31
