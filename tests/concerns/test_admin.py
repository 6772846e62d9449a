"""The operator manages categories in the administration, and sees no concern there."""

from typing import Any

import pytest
from django.test import Client
from django.urls import NoReverseMatch, reverse

from concerns.actions import triage
from concerns.models import Category, Concern
from concerns.published.models import PublicConcern
from engagement.audit.actors import Actor
from engagement.audit.models import Entry
from engagement.people.models import User
from engagement.places.models import Agency
from tests.concerns.conftest import NOW, category_of, meet_user


@pytest.fixture
def operator(client: Client, agency: Agency) -> Client:
    user = meet_user("Operator")
    user.is_staff = user.is_superuser = True
    user.save()
    client.force_login(user)
    return client


def typed(category: Category, **changes: str) -> dict[str, Any]:
    """The form of a category as it comes back from the browser."""
    wordings = (
        "label",
        "handler",
        "redirect_text",
        "advice",
        "everyday_words",
        "public_sentence",
    )
    fields: dict[str, Any] = {
        f"{name}_{code}": getattr(category, name).as_dict().get(code, "")
        for name in wordings
        for code in ("en", "es")
    }
    for name in ("group", "mode", "visibility", "ack_days", "target_days", "sort"):
        value = getattr(category, name)
        fields[name] = "" if value is None else value
    fields["is_active"] = "on"
    return {**fields, **changes}


def test_making_a_category_private_takes_its_concerns_off_the_public_pages(
    operator: Client, concern: Concern, officer: User
) -> None:
    triage.accept(concern_id=concern.pk, seen_version=1, by=Actor.staff(officer.pk), now=NOW)
    assert PublicConcern.objects.count() == 1
    graffiti = category_of(concern.agency, "graffiti")
    address = reverse("admin:concerns_category_change", args=[graffiti.pk])
    answer = operator.post(address, typed(graffiti, visibility="never"))
    assert answer.status_code == 302
    assert category_of(concern.agency, "graffiti").visibility == "never"
    assert not PublicConcern.objects.exists()
    assert Entry.objects.filter(event="ADMIN_CHANGED").exists()


def test_a_category_in_use_cannot_be_deleted(operator: Client, concern: Concern) -> None:
    used = reverse("admin:concerns_category_delete", args=[concern.category_id])
    assert operator.post(used, {"post": "yes"}).status_code == 403
    noise = category_of(concern.agency, "noise")
    unused = reverse("admin:concerns_category_delete", args=[noise.pk])
    assert operator.post(unused, {"post": "yes"}).status_code == 302
    assert not Category.objects.filter(pk=noise.pk).exists()


@pytest.mark.parametrize("model", ["concern", "reporter", "reply", "note", "accesslink"])
def test_concerns_and_who_reported_them_have_no_page_there(model: str) -> None:
    with pytest.raises(NoReverseMatch):
        reverse(f"admin:concerns_{model}_changelist")
