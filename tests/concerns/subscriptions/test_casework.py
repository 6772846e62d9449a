"""What staff do to a concern is told to followers, where the public sees it."""

import pytest
from django.test import Client

from concerns.actions import triage
from concerns.models import Concern
from concerns.published.models import PublicConcern
from concerns.subscriptions.models import News, What
from engagement.audit.actors import Actor
from engagement.keys.moments import floor_to_hour
from engagement.places.models import Agency
from tests import worlds
from tests.concerns.subscriptions.conftest import NOW


def accepted(cedar: Agency, category: str) -> Concern:
    concern = worlds.reported(cedar, category=category).concern
    by = Actor.staff(worlds.officer(cedar).pk)
    triage.accept(concern_id=concern.pk, seen_version=concern.version, by=by, now=NOW)
    concern.refresh_from_db()
    return concern


def test_a_kind_that_needs_no_text_is_told_and_shown_in_both_languages_when_accepted(
    client: Client, cedar: Agency
) -> None:
    accepted(cedar, "graffiti")
    news = News.objects.get()
    assert (news.what, news.hour) == (What.CONCERN, floor_to_hour(NOW))
    reference = PublicConcern.objects.get().reference
    pages = {
        language: client.get(
            f"/concerns/{reference}/", headers={"accept-language": language}
        ).content.decode()
        for language in ("en", "es")
    }
    assert "Graffiti was reported here." in pages["en"]
    assert "Se reportó grafiti aquí." in pages["es"]
    assert "underpass" not in pages["en"] + pages["es"]


@pytest.mark.parametrize("category", ["suspicious", "vacant_building"])
def test_what_is_not_shown_is_not_told(cedar: Agency, category: str) -> None:
    accepted(cedar, category)
    assert not News.objects.exists()
