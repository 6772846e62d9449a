"""Administrators write questions in the administration; the form asks them at once."""

import pytest
from django.test import Client
from django.urls import reverse

from concerns.models import GuidedDay, Question
from engagement.audit.models import Entry
from engagement.places.models import Agency
from tests.concerns.conftest import NOW, category_of, meet_user


@pytest.fixture
def operator(client: Client, agency: Agency) -> Client:
    user = meet_user("Operator")
    user.is_staff = user.is_superuser = True
    user.save()
    client.force_login(user)
    return client


def typed(agency: Agency, **changes: object) -> dict[str, object]:
    return {
        "category": category_of(agency, "noise").pk,
        "code": "since",
        "label_en": "Since when?",
        "label_es": "¿Desde cuándo?",
        "kind": "choice",
        "choices_en": "Days\nMonths",
        "choices_es": "Días\nMeses",
        "sort": 900,
        "is_active": "on",
        **changes,
    }


def test_a_new_question_is_asked_without_a_deploy(operator: Client, agency: Agency) -> None:
    add = reverse("admin:concerns_question_add")
    assert operator.post(add, typed(agency)).status_code == 302
    question = Question.objects.get(code="since")
    assert question.agency_id == agency.pk
    assert Entry.objects.filter(event="ADMIN_CHANGED").exists()
    page = Client().get("/report/new/", {"agency": agency.slug}).content.decode()
    assert "Since when?" in page
    assert "Months" in page


def test_what_does_not_fit_together_is_said_and_nothing_is_stored(
    operator: Client, agency: Agency
) -> None:
    add = reverse("admin:concerns_question_add")
    graffiti = Question.objects.get(category__code="graffiti", code="surface")
    for changes in (
        {"choices_es": "Días"},
        {"choices_en": "", "choices_es": ""},
        {"shown_when": graffiti.pk},
        {"code": "source"},
    ):
        answer = operator.post(add, typed(agency, **changes))
        assert answer.status_code == 200, changes
        assert b"errornote" in answer.content
    assert not Question.objects.filter(code="since").exists()


def test_only_questions_of_the_same_kind_are_offered_as_the_one_before(
    operator: Client, agency: Agency
) -> None:
    entered = Question.objects.get(category__code="vacant_building", code="entered")
    page = operator.get(reverse("admin:concerns_question_change", args=[entered.pk]))
    content = page.content.decode()
    assert "Vacant or open building: Can people get in?" in content
    assert "What makes the noise?" not in content


def test_the_counts_of_a_day_are_read_and_never_written(operator: Client, agency: Agency) -> None:
    GuidedDay.objects.create(agency=agency, on=NOW.date(), reports=7, reminders=3, sent_anyway=2)
    page = operator.get(reverse("admin:concerns_guidedday_changelist")).content.decode()
    assert "sent with looks alone" in page.casefold()
    assert operator.get(reverse("admin:concerns_guidedday_add")).status_code == 403


def test_categories_of_the_same_name_are_told_apart_by_their_agency(
    operator: Client, agency: Agency
) -> None:
    page = operator.get(reverse("admin:concerns_question_add")).content.decode()
    assert f"{agency}: {category_of(agency, 'noise')}" in page
